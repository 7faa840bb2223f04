package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/motcua/motcua/pkg/catalog"
)

// The facts are names that anybody may use: units of the province with their statistical codes as of 2023, its departments, the fields of administration and what
// is asked for in them, common names of people. Everything else is worked out from them and the seed.
//
//go:embed facts/*.json
var files embed.FS

// territory is the province's units: codes and names as they were in 2023.
type territory struct {
	Name      string
	Districts []struct {
		Code     string
		Name     string
		Communes [][2]string // code, name
	}
}

// department is a specialised agency of the province.
type department struct {
	Code, Name, Short string
	Organisations     int  // how many in a hundred of its applicants are none of flesh and blood
	Free              bool // what it does costs nothing
}

// field is a field of administration (lĩnh vực) with what is asked for in it. What is asked for stands by kind of procedure: "x" is a
// whole name, everything else an object that the kind's patterns make names of (see kinds).
type field struct {
	Code, Name string
	Law        string         // the act that governs it
	Pace       pace           // of all its procedures, "" leaves it to their kinds
	Result     string         // what a procedure of the kind "x" ends with
	Shared     bool           // its procedures may be done at several levels
	Payment    bool           // the clock stops while a financial duty is open
	Offline    bool           // originals must be shown: nothing of it is done online
	Late       int            // how many in a thousand dossiers come late, 0 is usuallyLate
	Dossiers   map[string]int // weight among all dossiers, by the first letter of the level
	Province   map[string][]string
	District   map[string][]string
	Commune    map[string][]string

	department department
}

// at is what is asked for at a level.
func (f *field) at(level catalog.Level) map[string][]string {
	switch level {
	case catalog.Province:
		return f.Province
	case catalog.District:
		return f.District
	default:
		return f.Commune
	}
}

// people is what persons and enterprises are called and where they live.
type people struct {
	Family     []string
	Men, Women struct{ Middle, Given []string }
	Quarters   []string
	Hamlets    []string
	Streets    []string
	Businesses []business
	Trades     []string
	Bodies     []string
}

// business is a form of enterprise with the names that such ones get here.
type business struct {
	form  string
	names []string
}

// UnmarshalJSON reads a pair.
func (b *business) UnmarshalJSON(data []byte) error {
	var pair [2]json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if err := json.Unmarshal(pair[0], &b.form); err != nil {
		return err
	}
	return json.Unmarshal(pair[1], &b.names)
}

// facts is all of them.
type facts struct {
	territory   territory
	departments []department
	fields      []*field
	people      people
}

// known reads the facts once; they come with the program, so an error is a mistake in this folder.
var known = sync.OnceValues(func() (*facts, error) {
	f := &facts{}
	if err := read("units", &f.territory); err != nil {
		return nil, err
	}
	if err := read("departments", &f.departments); err != nil {
		return nil, err
	}
	if err := read("people", &f.people); err != nil {
		return nil, err
	}
	byCode := map[string]department{}
	for _, d := range f.departments {
		byCode[d.Code] = d
	}
	for _, name := range []string{"fields-1", "fields-2", "fields-3"} {
		var part []struct {
			Department string
			Fields     []*field
		}
		if err := read(name, &part); err != nil {
			return nil, err
		}
		for _, p := range part {
			d, ok := byCode[p.Department]
			if !ok {
				return nil, fmt.Errorf("facts/%s.json: no department %s", name, p.Department)
			}
			for _, x := range p.Fields {
				x.department = d
				x.Code = d.Code + "-" + x.Code
			}
			f.fields = append(f.fields, p.Fields...)
		}
	}
	return f, nil
})

func read(name string, into any) error {
	name = "facts/" + name + ".json"
	body, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
