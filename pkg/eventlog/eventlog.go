// Package eventlog writes the journals of dossiers as event logs that process-mining tools open: XES, OCEL 2.0 and CSV.
//
// A log is made of journals alone, one dossier at a time, so that its length costs no memory. What is free text or names a person stays
// out of it: who applied, why something was asked for, what the result says. Who did something is told by role and agency; with
// Options.Names also by name. api/eventlog.md lists all that is written.
package eventlog

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// Format is a way to write a log.
type Format string

// The formats.
const (
	XES  Format = "xes"  // IEEE 1849-2016, XML: one trace a dossier
	OCEL Format = "ocel" // OCEL 2.0, JSON: dossiers, steps, promises and agencies as objects
	CSV  Format = "csv"  // one line an event, with the dossier's columns on each
)

// Formats lists them.
var Formats = []Format{XES, OCEL, CSV}

var kinds = map[Format]struct{ media, ending string }{
	XES: {"application/xml", ".xes"}, OCEL: {"application/json", ".ocel.json"}, CSV: {"text/csv", ".csv"},
}

// MediaType is what a file of the format is sent as.
func (f Format) MediaType() string { return kinds[f].media }

// Ending is what the name of a file of the format ends with.
func (f Format) Ending() string { return kinds[f].ending }

// Passes is how often a log of the format goes through the dossiers.
func (f Format) Passes() int {
	if f == OCEL {
		return 2
	}
	return 1
}

// Lives are journals, each from its first event on. Going through them again must give the same again: OCEL lists all objects before
// the first event.
type Lives = iter.Seq2[[]dossier.Event, error]

// Options is what a log needs beside the journals. Zone, Agencies and Calendar must be given.
type Options struct {
	Zone     *time.Location // of the times that are written
	Now      time.Time      // at which open dossiers are judged
	Agencies map[uuid.UUID]catalog.Agency
	// Calendar is one by its name and revision; revision 0 is the newest.
	Calendar func(name string, revision int) (*worktime.Calendar, error)
	Names    bool // of users and applicants: personal data
}

// Written is how much a log holds.
type Written struct {
	Dossiers int
	Events   int // lines of CSV, events of the others
	Objects  int // OCEL only
}

// Write writes the dossiers as a log. It ends with the first journal that is not sound: a log that silently lacks a dossier would be
// believed. What was written until then is no whole log.
func Write(w io.Writer, f Format, lives Lives, o Options) (Written, error) {
	b := bufio.NewWriterSize(w, 1<<16)
	l := &log{Options: o, w: b, keys: agencyKeys(o.Agencies)}
	write := map[Format]func(Lives) error{XES: l.xes, OCEL: l.ocel, CSV: l.csv}[f]
	if write == nil {
		return Written{}, fmt.Errorf("there is no log of the format %q", f)
	}
	if err := write(lives); err != nil {
		return l.done, err
	}
	return l.done, b.Flush()
}

// log is one log on its way out.
type log struct {
	Options
	w    *bufio.Writer
	keys map[uuid.UUID]string
	done Written
}

// agencyKeys name agencies in a log: by code, with its first day where a code was used again.
func agencyKeys(all map[uuid.UUID]catalog.Agency) map[uuid.UUID]string {
	used := map[string]int{}
	for _, a := range all {
		used[a.Code]++
	}
	keys := make(map[uuid.UUID]string, len(all))
	for id, a := range all {
		keys[id] = a.Code
		if used[a.Code] > 1 {
			keys[id] += "@" + string(a.ValidFrom)
		}
	}
	return keys
}

// agency names one; "" for nobody's.
func (l *log) agency(id uuid.UUID) string {
	key, known := l.keys[id]
	if !known && id != uuid.Nil {
		return id.String()
	}
	return key
}

// each reads one dossier after the other.
func (l *log) each(lives Lives, one func(*reading) error) error {
	for events, err := range lives {
		if err != nil {
			return err
		}
		r, err := l.read(events)
		if err != nil {
			return err
		}
		if err := one(r); err != nil {
			return err
		}
	}
	return nil
}

// eachTrace reads one dossier after the other with its records, and counts them.
func (l *log) eachTrace(lives Lives, one func(*reading, []record) error) error {
	return l.each(lives, func(r *reading) error {
		records, err := r.records()
		if err != nil {
			return err
		}
		if err := one(r, records); err != nil {
			return err
		}
		l.done.Dossiers++
		l.done.Events += len(records)
		return nil
	})
}
