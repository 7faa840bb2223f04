package main

import (
	"context"
	"fmt"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

type scanVerb struct{ data }

// Run does once what the server does every minute.
func (v scanVerb) Run() error {
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		n, err := o.ScanLate(ctx, clock())
		if err == nil {
			fmt.Printf("%d alerts raised\n", n)
		}
		return err
	})
}
