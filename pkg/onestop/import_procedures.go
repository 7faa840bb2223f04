package onestop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// Progress is how far an import has come. What it counts is kept in the database; nothing that is under way is counted.
type Progress struct {
	Lines int   // done with
	Bytes int64 // read
}

// LineFault is a line of a file that could not be taken over. Parts is what its detail is made of, to be said in another language.
type LineFault struct {
	Line     int        `json:"line"`
	Field    string     `json:"field,omitempty"`
	Detail   string     `json:"detail"`
	DetailVI string     `json:"detail_vi,omitempty"` // for whoever hands it on to fill in, with In
	Parts    []LinePart `json:"-"`
}

// LinePart is one thing wrong with a line; Name is that of the column where there are several.
type LinePart struct {
	Name string
	Said fault.Text
}

// In is the detail in another language.
func (f LineFault) In(say func(fault.Text) string) string {
	texts := make([]string, len(f.Parts))
	for i, p := range f.Parts {
		if texts[i] = say(p.Said); p.Name != "" {
			texts[i] = p.Name + ": " + texts[i]
		}
	}
	return strings.Join(texts, "; ")
}

// wrongLine is a line with something wrong.
func wrongLine(no int, field string, parts ...LinePart) LineFault {
	f := LineFault{Line: no, Field: field, Parts: parts}
	f.Detail = f.In(fault.Text.String)
	return f
}

// CatalogueImport is what an import of procedures came to. Lines = New + Changed + Unchanged + lines with a fault; blank lines do not count.
type CatalogueImport struct {
	Lines       int              `json:"lines"`
	New         int              `json:"new"`
	Changed     int              `json:"changed"`
	Unchanged   int              `json:"unchanged"`
	NeedsReview []ReviewedRecord `json:"needs_review"`
	Failed      []LineFault      `json:"failed"`
}

// ReviewedRecord is a record that a person must look at; an answer that a person gave before is counted in.
type ReviewedRecord struct {
	Line    int              `json:"line"`
	Code    string           `json:"code"`
	Name    string           `json:"name"`
	Reasons []catalog.Review `json:"reasons"`
}

const (
	recordsInTx  = 250      // procedures in one transaction
	recordAtMost = 32 << 20 // bytes of one line; the longest published record has a few million
	faultsShown  = 8        // of one line
)

// ImportProcedures takes over published procedures, one JSON object a line (api/procedures.md). A record that is there already in the
// same words changes nothing, other words become a new version. A line that cannot be read is listed and the others go on. Records are
// kept some hundreds at a time; a run broken off is simply repeated. progress may be nil.
func (o *Office) ImportProcedures(ctx context.Context, actor staff.Actor, now time.Time, r io.Reader, progress func(Progress)) (CatalogueImport, error) {
	if err := leadsAll(actor, staff.EditCatalogue); err != nil {
		return CatalogueImport{}, err
	}
	there, err := o.store.ProcedureHashes(ctx)
	if err != nil {
		return CatalogueImport{}, err
	}
	im := catalogueImport{
		office: o, now: instant(now), there: there, seen: map[string][]string{},
		done: CatalogueImport{NeedsReview: []ReviewedRecord{}, Failed: []LineFault{}},
	}
	lines := lineReader{r: bufio.NewReaderSize(r, 1<<16)}
	for {
		line, err := lines.next()
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return im.done, fmt.Errorf("read records: %w", err)
		}
		im.read(lines.no, line, lines.tooLong)
		if len(im.batch) >= recordsInTx || end {
			if err := im.keep(ctx); err != nil {
				return im.done, err
			}
			if progress != nil {
				progress(Progress{Lines: im.done.Lines, Bytes: lines.bytes})
			}
		}
		if end {
			return im.done, nil
		}
	}
}

type catalogueImport struct {
	office *Office
	now    time.Time
	there  map[string]store.ProcedureHash
	seen   map[string][]string // content of the records of this file by published code
	batch  []numberedRecord
	failed []LineFault // since the last transaction
	done   CatalogueImport
}

type numberedRecord struct {
	line   int
	record catalog.Procedure
}

// read puts a line's record, or what is wrong with it, with the others that wait for the next transaction.
func (im *catalogueImport) read(no int, line []byte, tooLong bool) {
	if tooLong {
		im.failed = append(im.failed, wrongLine(no, "", LinePart{Said: fault.Say("is longer than %d bytes", recordAtMost)}))
		return
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	p, err := catalog.ReadRecord(composed(line))
	if err != nil {
		im.failed = append(im.failed, lineFault(no, err))
		return
	}
	code := p.Code
	if n := indexOf(im.seen[code], p.RecordHash); n >= 0 { // the same record again
		if n > 0 {
			p = p.Duplicate(n + 1)
		}
	} else {
		im.seen[code] = append(im.seen[code], p.RecordHash)
		if n := len(im.seen[code]); n > 1 {
			p = p.Duplicate(n)
		}
	}
	im.batch = append(im.batch, numberedRecord{no, p})
}

// keep writes what waits, in one transaction, and only then counts it.
func (im *catalogueImport) keep(ctx context.Context) error {
	var next CatalogueImport
	var hashes map[string]store.ProcedureHash
	err := im.office.store.InTx(ctx, func(ctx context.Context) error {
		next, hashes = CatalogueImport{}, map[string]store.ProcedureHash{}
		for _, r := range im.batch {
			if err := im.keepOne(ctx, r, &next, hashes); err != nil {
				return fmt.Errorf("line %d, procedure %s: %w", r.line, r.record.Code, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for code, h := range hashes {
		im.there[code] = h
	}
	d := &im.done
	d.Lines += len(im.batch) + len(im.failed)
	d.New, d.Changed, d.Unchanged = d.New+next.New, d.Changed+next.Changed, d.Unchanged+next.Unchanged
	d.NeedsReview, d.Failed = append(d.NeedsReview, next.NeedsReview...), append(d.Failed, im.failed...)
	im.batch, im.failed = im.batch[:0], nil
	return nil
}

func (im *catalogueImport) keepOne(ctx context.Context, r numberedRecord, next *CatalogueImport, hashes map[string]store.ProcedureHash) error {
	p := r.record
	was, known := hashes[p.Code]
	if !known {
		was, known = im.there[p.Code]
	}
	var err error
	switch {
	case !known:
		p.ID, p.VersionID, p.Version = uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), 1
		err = im.office.store.AddProcedure(ctx, p, im.now)
		next.New++
	default:
		var current catalog.Procedure
		if current, err = im.unchanged(ctx, p, was); err != nil {
			return err
		}
		if current.RecordHash == p.RecordHash {
			p = current
			next.Unchanged++
			break
		}
		p.ID, p.VersionID, p.Version = was.ID, uuid.Must(uuid.NewV7()), was.Version+1
		// what a decision of ours set outlives what is published
		p.Process, p.Excluded, p.ProcessDecision = current.Process, current.Excluded, current.ProcessDecision
		p.Decide(current.Decided)
		p.ReviewProcess()
		err = im.office.store.AddProcedureVersion(ctx, p, im.now)
		next.Changed++
	}
	if err != nil {
		return err
	}
	hash, err := store.HashProcedure(p)
	if err != nil {
		return err
	}
	hashes[p.Code] = store.ProcedureHash{ID: p.ID, Version: p.Version, Hash: hash}
	if p.NeedsReview() {
		next.NeedsReview = append(next.NeedsReview, ReviewedRecord{Line: r.line, Code: p.Code, Name: p.Name, Reasons: p.Reviews})
	}
	return nil
}

// unchanged is the version in force: p itself if it says the very same, else what is stored, which may be p's record with a person's
// answer laid over it.
func (im *catalogueImport) unchanged(ctx context.Context, p catalog.Procedure, was store.ProcedureHash) (catalog.Procedure, error) {
	hash, err := store.HashProcedure(p)
	if err == nil && hash == was.Hash {
		p.ID, p.Version = was.ID, was.Version
		return p, nil
	}
	return im.office.store.Procedure(ctx, p.Code)
}

// lineReader reads lines of any length up to recordAtMost; of a longer one only the fact is told.
type lineReader struct {
	r       *bufio.Reader
	no      int
	bytes   int64
	tooLong bool
	line    []byte
}

// next is valid until the call after it. The last line may come together with io.EOF.
func (l *lineReader) next() ([]byte, error) {
	l.no, l.tooLong, l.line = l.no+1, false, l.line[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.bytes += int64(len(part))
		if len(l.line)+len(part) > recordAtMost {
			l.tooLong = true
		} else {
			l.line = append(l.line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if l.no == 1 {
				l.line = bytes.TrimPrefix(l.line, []byte("\ufeff"))
			}
			return l.line, err
		}
	}
}

// composed is a JSON text in NFC, so that one word is spelled one way. Marks that hide in escapes are brought out first.
func composed(text []byte) []byte {
	if bytes.Contains(text, []byte(`\u03`)) && utf8.Valid(text) {
		var v any
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber() // 7.50 stays what it is
		if dec.Decode(&v) == nil && !dec.More() {
			if plain, err := json.Marshal(v); err == nil {
				text = plain
			}
		}
	}
	return norm.NFC.Bytes(text)
}

// lineFault puts the first few things wrong with a line into one. Names are of columns and fields: the line has its own place.
func lineFault(no int, err error) LineFault {
	f := fault.As(err)
	if f == nil {
		return LineFault{Line: no, Detail: err.Error()}
	}
	if len(f.Fields) == 0 {
		return wrongLine(no, "", LinePart{Said: f.Said})
	}
	var names []string
	var parts []LinePart
	for i, field := range f.Fields {
		if i == faultsShown {
			parts = append(parts, LinePart{Said: fault.Say("and %d more", len(f.Fields)-i)})
			break
		}
		part := LinePart{Said: field.Said}
		if name := strings.TrimPrefix(strings.TrimPrefix(field.Name, fmt.Sprintf("line %d", no)), ", "); name != "" {
			names = append(names, name)
			if len(f.Fields) > 1 {
				part.Name = name
			}
		}
		parts = append(parts, part)
	}
	return wrongLine(no, strings.Join(names, ", "), parts...)
}

func indexOf(all []string, one string) int {
	for i, s := range all {
		if s == one {
			return i
		}
	}
	return -1
}
