package httpapi

import (
	"context"
	"net/url"
	"time"

	"github.com/motcua/motcua/pkg/store"
)

func page(limit int, after string) store.Page { return store.Page{Limit: limit, After: after} }

// nextLink is the address of the next page, nil at the end.
func nextLink(ctx context.Context, next store.Next) *string {
	_, v := enter(ctx)
	if next == "" || v.url == nil {
		return nil
	}
	q := v.url.Query()
	q.Set("after", string(next))
	link := "<" + (&url.URL{Path: v.url.Path, RawQuery: q.Encode()}).String() + `>; rel="next"`
	return &link
}

func each[A, B any](all []A, one func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = one(a)
	}
	return out
}

// local is an instant on the office's clock; the zero time stays zero and is left out of answers.
func (s *server) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(s.Zone)
}

// localOf is local for what may not have happened yet.
func (s *server) localOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return s.local(*t)
}
