package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/dossier"
)

// shippedRules are the deadline rules that come with the program.
func shippedRules() ([]dossier.RuleSet, error) {
	names, err := fs.Glob(configs.Files, "rules/*.json")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no deadline rules come with the program")
	}
	all := make([]dossier.RuleSet, len(names))
	for i, name := range names {
		body, err := fs.ReadFile(configs.Files, name)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(body, &all[i]); err != nil {
			return nil, fmt.Errorf("configs/%s: %w", name, err)
		}
	}
	return all, nil
}
