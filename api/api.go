// Package api is the contract of the HTTP counter: the OpenAPI document that routes and types are generated from, the catalogue of every
// problem that may be answered, and what each sentence about what went wrong is in Vietnamese.
package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
)

// OpenAPI is the document, as YAML.
//
//go:embed openapi.yaml
var OpenAPI []byte

//go:embed problems.yaml
var problems []byte

//go:embed details.yaml
var details []byte

// Problem explains one code to whoever meets it.
type Problem struct {
	Code     string   `yaml:"code"`
	Kinds    []string `yaml:"kinds"` // fault.Kind, which decides the HTTP status; "failure" for our own
	TitleVI  string   `yaml:"title_vi"`
	TitleEN  string   `yaml:"title_en"`
	RemedyVI string   `yaml:"remedy_vi"`
	RemedyEN string   `yaml:"remedy_en"`
	Who      string   `yaml:"who"` // can put it right: CALLER, SUPERVISOR, ADMINISTRATOR, OPERATOR or DEVELOPER
}

// Catalogue is problems.yaml: the problems as such, and what may be said of a single field.
type Catalogue struct {
	Problems []Problem         `yaml:"problems"`
	Fields   map[string]string `yaml:"fields"` // code: what it means
}

// Problem finds the explanation of a code.
func (c Catalogue) Problem(code string) (Problem, bool) {
	for _, p := range c.Problems {
		if p.Code == code {
			return p, true
		}
	}
	return Problem{}, false
}

// Problems reads the catalogue once; it is part of the binary, so an error is a mistake of ours.
var Problems = sync.OnceValues(func() (Catalogue, error) {
	var c Catalogue
	d := yaml.NewDecoder(bytes.NewReader(problems))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil {
		return c, fmt.Errorf("problems.yaml: %w", err)
	}
	return c, nil
})

// Details reads what each format of a detail, as the source has it in English, is in Vietnamese.
var Details = sync.OnceValues(func() (map[string]string, error) {
	all := map[string]string{}
	if err := yaml.Unmarshal(details, &all); err != nil {
		return nil, fmt.Errorf("details.yaml: %w", err)
	}
	return all, nil
})
