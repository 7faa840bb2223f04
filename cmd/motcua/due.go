package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"sync"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/worktime"
)

type dueVerb struct {
	Explain bool `help:"Add the explanation, date by date. / Kèm giải thích từng ngày."`
}

// Run answers from standard input to standard output. It needs no database: the named calendars are those that come with the program,
// so that anybody can check a date with this one file.
func (v dueVerb) Run() error {
	return worktime.AskLines(os.Stdin, os.Stdout, delivered(), v.Explain)
}

// delivered finds the calendars that come with the program, each compiled once.
func delivered() func(name string) (*worktime.Calendar, error) {
	var mu sync.Mutex
	compiled := map[string]*worktime.Calendar{}
	return func(name string) (*worktime.Calendar, error) {
		mu.Lock()
		defer mu.Unlock()
		if c := compiled[name]; c != nil {
			return c, nil
		}
		if !fs.ValidPath(name) {
			return nil, worktime.UnknownCalendar(name)
		}
		body, err := fs.ReadFile(configs.Files, "calendars/"+name+".json")
		if err != nil {
			return nil, worktime.UnknownCalendar(name)
		}
		var d worktime.Definition
		if err := json.Unmarshal(body, &d); err != nil {
			return nil, err
		}
		c, err := worktime.Compile(d)
		if err != nil {
			return nil, err
		}
		compiled[name] = c
		return c, nil
	}
}
