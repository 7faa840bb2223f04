package main

import (
	"context"
	"fmt"
	"os"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

type calendarVerb struct {
	Import calendarImport `cmd:"" help:"Keep a calendar as the next revision. / Nhập lịch làm việc."`
}

type calendarImport struct {
	data
	Name string `arg:"" help:"Name of the calendar; 'vn' is the national one."`
	File string `arg:"" help:"Definition as JSON, like configs/calendars/vn.json." type:"existingfile"`
}

// Run keeps the calendar; dossiers already promised a date keep it.
func (v calendarImport) Run() error {
	definition, err := os.ReadFile(v.File)
	if err != nil {
		return err
	}
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		revision, err := o.KeepCalendar(ctx, staff.System(), clock(), v.Name, definition)
		if err == nil {
			fmt.Printf("%s: revision %d\n", v.Name, revision)
		}
		return err
	})
}

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
