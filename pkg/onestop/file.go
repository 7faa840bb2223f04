package onestop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// FileRules is where files are kept and which ones are taken.
type FileRules struct {
	Archive archive.Archive
	Most    int64    // bytes of one file
	Types   []string // media types, as the content shows them
}

// DefaultFileTypes are what counters scan and applicants send: papers, pictures of papers, documents.
var DefaultFileTypes = []string{
	"application/pdf", "image/jpeg", "image/png", "image/tiff",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// DefaultFileSize is what one file may have, in bytes.
const DefaultFileSize = 20 << 20

// fileHeld is how long bytes wait in the archive for the act that attaches them.
const fileHeld = 24 * time.Hour

// KeepFiles says where the office keeps files; before that it takes none. It belongs before the first act.
func (o *Office) KeepFiles(r FileRules) {
	if r.Most == 0 {
		r.Most = DefaultFileSize
	}
	if len(r.Types) == 0 {
		r.Types = DefaultFileTypes
	}
	o.files = r
}

// Checklist is what the procedure asks for, as the dossier keeps it.
func Checklist(p catalog.Procedure) []dossier.PlannedPart {
	var all []dossier.PlannedPart
	for _, c := range p.Components {
		all = append(all, dossier.PlannedPart{Name: c.Name, Required: c.Copies, Optional: c.Optional, Note: c.Note})
	}
	return all
}

// KeptFile is a file whose bytes lie in the archive and that belongs to no dossier yet.
type KeptFile struct {
	SHA256, MediaType string
	Size              int64
}

// KeepFile puts bytes into the archive for a dossier that the actor may attach files of the kind to: for good, before anything is said of them. What
// nobody attaches within a day is swept out. The fault is Invalid "file-too-large", "file-type-unsupported" (also a document with macros) or
// "file-invalid" (empty, broken off, a PDF without its end).
func (o *Office) KeepFile(ctx context.Context, actor staff.Actor, now time.Time, code string, of dossier.FileOf, from io.Reader) (KeptFile, error) {
	d, err := o.store.DossierByCode(ctx, actor.Scope(), code)
	if err != nil {
		return KeptFile{}, err
	}
	p, err := o.filePlaces(ctx, d)
	if err == nil {
		err = p.mayFile(actor, d, of)
	}
	if err != nil {
		return KeptFile{}, err
	}
	spool, err := archive.Take(from, o.files.Most)
	if errors.Is(err, archive.ErrTooLarge) {
		return KeptFile{}, fault.New(fault.Invalid, "file-too-large", "the file is larger than %d bytes", o.files.Most)
	}
	if err != nil {
		return KeptFile{}, fault.New(fault.Invalid, "file-invalid", "the file broke off").Because(err)
	}
	defer spool.Close()
	kind, _, _ := strings.Cut(spool.MediaType, ";")
	switch {
	case spool.Size == 0:
		return KeptFile{}, fieldFault("file", "file-invalid", "is empty")
	case spool.Broken:
		return KeptFile{}, fieldFault("file", "file-invalid", "is not whole: it broke off, or only begins like what it is to be")
	case spool.Macros:
		return KeptFile{}, fault.New(fault.Invalid, "file-type-unsupported", "the document carries macros: send it without them, or as PDF")
	case !slices.Contains(o.files.Types, kind):
		return KeptFile{}, fault.New(fault.Invalid, "file-type-unsupported", "the content is %s; taken are %s", kind, strings.Join(o.files.Types, ", "))
	}
	if err := o.store.HoldFile(ctx, spool.SHA256, spool.Size, now, now.Add(fileHeld)); err != nil {
		return KeptFile{}, err
	}
	if err := o.files.Archive.Put(ctx, spool); err != nil {
		return KeptFile{}, fault.New(fault.Unavailable, "archive-unavailable", "the file could not be kept; try again").Because(err)
	}
	return KeptFile{spool.SHA256, kind, spool.Size}, nil
}

// KeepSample puts bytes into the archive that journals name which are written in one go, such as those of a demonstration; store.TakeFile belongs
// into their transaction.
func (o *Office) KeepSample(ctx context.Context, now time.Time, content []byte) (KeptFile, error) {
	if o.files.Archive == nil {
		return KeptFile{}, errors.New("this office keeps no files")
	}
	spool, err := archive.Take(bytes.NewReader(content), o.files.Most)
	if err != nil {
		return KeptFile{}, err
	}
	defer spool.Close()
	if err := o.store.HoldFile(ctx, spool.SHA256, spool.Size, now, now.Add(fileHeld)); err != nil {
		return KeptFile{}, err
	}
	return KeptFile{spool.SHA256, spool.MediaType, spool.Size}, o.files.Archive.Put(ctx, spool)
}

// FileInput is what a file is attached to and as what.
type FileInput struct {
	Of     dossier.FileOf
	Part   int
	Name   string
	Origin dossier.Origin // SCANNED or BORN_DIGITAL
}

// AttachFile attaches kept bytes to a dossier in the version that the actor looked at.
func (o *Office) AttachFile(ctx context.Context, actor staff.Actor, now time.Time, code string, ifVersion int, kept KeptFile, in FileInput) (dossier.Dossier, error) {
	may := func(p places, d dossier.Dossier) error { return p.mayFile(actor, d, in.Of) }
	return o.fileAct(ctx, actor, now, code, ifVersion, may, func(ctx context.Context, d dossier.Dossier, m dossier.Move) (dossier.Dossier, dossier.Event, error) {
		if err := o.store.TakeFile(ctx, kept.SHA256, now); err != nil {
			return d, dossier.Event{}, err
		}
		return d.Attach(m, dossier.File{
			Of: in.Of, Part: in.Part, Name: endingFor(in.Name, kept.MediaType), MediaType: kept.MediaType, Size: kept.Size, SHA256: kept.SHA256, Origin: in.Origin,
		})
	})
}

// ReuseInput is a file of another dossier and what it is attached to.
type ReuseInput struct {
	Of      dossier.FileOf
	Part    int
	Dossier string // code of the other
	File    int    // number there
}

// ReuseFile attaches a file of another dossier of the same applicant, which the actor may see, without copying its bytes.
func (o *Office) ReuseFile(ctx context.Context, actor staff.Actor, now time.Time, code string, ifVersion int, in ReuseInput) (dossier.Dossier, error) {
	may := func(p places, d dossier.Dossier) error { return p.mayFile(actor, d, in.Of) }
	return o.fileAct(ctx, actor, now, code, ifVersion, may, func(ctx context.Context, d dossier.Dossier, m dossier.Move) (dossier.Dossier, dossier.Event, error) {
		other, err := o.store.DossierByCode(ctx, actor.Scope(), in.Dossier)
		if err != nil {
			return d, dossier.Event{}, named(err, "dossier")
		}
		x := other.File(in.File)
		switch {
		case x == nil || x.RemovedAt != nil:
			return d, dossier.Event{}, fieldFault("file", "file-not-found", "the other dossier has no file %d", in.File)
		case other.ID == d.ID:
			return d, dossier.Event{}, fieldFault("dossier", "same-dossier", "is this one: for another part of the same dossier attach the bytes again, they are kept once")
		case !dossier.SamePerson(d.Applicant, other.Applicant):
			return d, dossier.Event{}, fault.New(fault.Conflict, "applicant-differs", "the other dossier is not certainly of the same applicant: the identity numbers differ or one is missing")
		}
		return d.Attach(m, other.Lent(*x, in.Of, in.Part))
	})
}

// RemoveFile marks a file as removed, see mayRemove.
func (o *Office) RemoveFile(ctx context.Context, actor staff.Actor, now time.Time, code string, ifVersion, no int, reason string) (dossier.Dossier, error) {
	may := func(p places, d dossier.Dossier) error { return p.mayRemove(actor, d, no) }
	return o.fileAct(ctx, actor, now, code, ifVersion, may, func(_ context.Context, d dossier.Dossier, m dossier.Move) (dossier.Dossier, dossier.Event, error) {
		return d.Remove(m, no, reason)
	})
}

// fileAct is one change to a dossier's files that the actor may make: locked, compared with the version that was looked at, written with its event.
func (o *Office) fileAct(
	ctx context.Context, actor staff.Actor, now time.Time, code string, ifVersion int, may func(places, dossier.Dossier) error,
	act func(context.Context, dossier.Dossier, dossier.Move) (dossier.Dossier, dossier.Event, error),
) (dossier.Dossier, error) {
	now = instant(now)
	var next dossier.Dossier
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		d, err := o.store.LockDossier(ctx, actor.Scope(), code)
		if err != nil {
			return err
		}
		p, err := o.filePlaces(ctx, d)
		if err == nil {
			err = may(p, d)
		}
		if err != nil {
			return err
		}
		if d.Version != ifVersion {
			return stale(d)
		}
		var e dossier.Event
		if next, e, err = act(ctx, d, dossier.Move{At: now, Recorded: now, By: by(actor)}); err != nil {
			return err
		}
		return o.store.MoveDossier(ctx, next, e)
	})
	return next, err
}

// filePlaces are the places of a dossier whose files are the office's business at all.
func (o *Office) filePlaces(ctx context.Context, d dossier.Dossier) (places, error) {
	if o.files.Archive == nil {
		return places{}, fault.New(fault.Conflict, "no-archive", "this office keeps no files")
	}
	if d.Source != nil {
		return places{}, fault.New(fault.Conflict, "foreign-dossier", "the dossier is kept by another system; its files are there")
	}
	return o.places(ctx, d)
}

// ReadFile gives a file's bytes to somebody who may see its dossier, checked against the hash in its journal. The caller closes them. Gone is the
// fault NotFound "file-removed"; what the archive lost or changed is Conflict "file-missing" or "file-damaged".
func (o *Office) ReadFile(ctx context.Context, scope staff.Scope, code string, no int) (dossier.File, *archive.Spool, error) {
	d, err := o.store.DossierByCode(ctx, scope, code)
	if err != nil {
		return dossier.File{}, nil, err
	}
	f := d.File(no)
	switch {
	case f == nil:
		return dossier.File{}, nil, fault.New(fault.NotFound, "file-not-found", "the dossier has no file %d", no)
	case f.RemovedAt != nil:
		return *f, nil, fault.New(fault.NotFound, "file-removed", "file %d was removed", no)
	case o.files.Archive == nil:
		return *f, nil, fault.New(fault.Conflict, "no-archive", "this office keeps no files")
	}
	bytes, err := archive.Fetch(ctx, o.files.Archive, f.SHA256, f.Size)
	if err != nil {
		return *f, nil, fileFault(err)
	}
	return *f, bytes, nil
}

func fileFault(err error) error {
	switch {
	case errors.Is(err, archive.ErrMissing):
		return fault.New(fault.Conflict, "file-missing", "the archive has lost the file; the journal knows its hash").Because(err)
	case errors.Is(err, archive.ErrDamaged):
		return fault.New(fault.Conflict, "file-damaged", "the archive holds something else than what was attached; the journal knows its hash").Because(err)
	}
	return fault.New(fault.Unavailable, "archive-unavailable", "the archive does not answer; try again").Because(err)
}

// sweepMost is how long the archive may take to let go of one file: well below what the store gives whoever takes it out.
const sweepMost = time.Minute

// SweepFiles takes bytes out of the archive that nobody attached within their time, half written ones too, and says how many. Each is marked in
// one transaction, deleted outside, and forgotten in another: no transaction waits for the archive, and meanwhile nobody can keep the same bytes.
// Where the program dies between, they are swept anew some minutes later.
func (o *Office) SweepFiles(ctx context.Context, now time.Time) (int, error) {
	if o.files.Archive == nil {
		return 0, nil
	}
	n, err := o.files.Archive.Sweep(now.Add(-fileHeld))
	if err != nil {
		return n, fmt.Errorf("sweep half written files: %w", err)
	}
	for {
		waiting, err := o.store.WaitingFiles(ctx, now, 100)
		if err != nil || len(waiting) == 0 {
			return n, err
		}
		for _, sha := range waiting {
			gone, err := o.store.LetGoOfFile(ctx, sha, now)
			if err == nil && gone {
				err = o.takeOut(ctx, sha, now)
			}
			if err != nil {
				return n, fmt.Errorf("sweep file %s: %w", sha, err)
			}
			count(&n, gone)
		}
	}
}

func (o *Office) takeOut(ctx context.Context, sha string, now time.Time) error {
	ctx, stop := context.WithTimeout(ctx, sweepMost)
	defer stop()
	if err := o.files.Archive.Delete(ctx, sha); err != nil {
		return err
	}
	return o.store.ForgetFile(ctx, sha, now)
}

// endings are how names of files end, by what the content is; the first is added to a name that has none of them.
var endings = map[string][]string{
	"application/pdf": {".pdf"}, "image/jpeg": {".jpg", ".jpeg", ".jpe"}, "image/png": {".png"}, "image/tiff": {".tif", ".tiff"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": {".docx"},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       {".xlsx"},
}

// endingFor makes the name end as the content is, whatever the sender called it: no program goes by the wrong one.
func endingFor(name, mediaType string) string {
	name = dossier.CleanName(name)
	known := endings[mediaType]
	if name == "" || len(known) == 0 {
		return name
	}
	for _, e := range known {
		if strings.HasSuffix(strings.ToLower(name), e) {
			return name
		}
	}
	return name + known[0]
}
