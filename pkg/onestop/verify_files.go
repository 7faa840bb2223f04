package onestop

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/dossier"
)

// VerifyFiles reads every file that the journals name, removed ones too, and adds those that the archive lost or changed, by dossier and part.
// progress (may be nil) hears the number of files read.
func (o *Office) VerifyFiles(ctx context.Context, v *Verification, progress func(done int)) error {
	if o.files.Archive == nil {
		return errors.New("this office keeps no files")
	}
	if v.unread {
		return nil // told of already
	}
	seen := map[string]error{} // the same bytes are read once, however many dossiers name them
	for at, seq := uuid.Nil, 0; ; {
		some, err := o.store.FileEvents(ctx, at, seq, 500)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, e := range some {
			at, seq = e.DossierID, e.Seq
			name := e.Code
			if name == "" {
				name = e.DossierID.String()
			}
			f, err := e.Read()
			if err != nil || f.File == nil {
				v.found(name, fmt.Sprintf("event %d does not say which file was attached", e.Seq))
				continue
			}
			v.Files++
			sound, there := seen[f.File.SHA256]
			if !there {
				sound = archive.Check(ctx, o.files.Archive, f.File.SHA256)
				if sound != nil && !errors.Is(sound, archive.ErrMissing) && !errors.Is(sound, archive.ErrDamaged) {
					return sound // of an archive that does not answer nothing can be said
				}
				seen[f.File.SHA256] = sound
			}
			if sound != nil {
				v.found(name, fmt.Sprintf("event %d: the file of %s: %v", e.Seq, belongsTo(*f.File), sound))
			}
			if progress != nil {
				progress(v.Files)
			}
		}
	}
}

func belongsTo(f dossier.File) string {
	switch f.Of {
	case dossier.OfPart:
		return fmt.Sprintf("part %d", f.Part)
	case dossier.OfResult:
		return "the result"
	}
	return "the dossier"
}
