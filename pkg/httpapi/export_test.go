package httpapi

import "github.com/motcua/motcua/api"

// Routes are all routes of the server, as Gin has them: "GET /api/v1/dossiers/:code".
func Routes(o Options) []string {
	s := &server{Options: o}
	var err error
	if s.problems, err = api.Problems(); err != nil {
		panic(err)
	}
	var all []string
	for _, r := range s.engine().Routes() {
		all = append(all, r.Method+" "+r.Path)
	}
	return all
}

// Statuses and OwnStatuses are what problem.go says of faults.
var (
	Statuses    = statuses
	OwnStatuses = ownStatuses
)

// Keepable are the operations that keep their answers.
func Keepable() []string { return sortedKeys(keepable) }

// PrefersEnglish reads Accept-Language.
var PrefersEnglish = prefersEnglish
