package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strconv"

	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
)

const (
	bytesAsTheyAre = "application/octet-stream"
	bytesInForm    = "multipart/form-data"
)

// takesFile says whether the body of the operation is a file, which is not read before it is known whose dossier it is for.
func takesFile(route *routers.Route) bool {
	body := route.Operation.RequestBody
	return body != nil && body.Value.Content[bytesAsTheyAre] != nil
}

// keepFile puts the body of an upload into the archive before the act begins: no transaction waits for a slow sender, and the bytes are safe before the
// journal speaks of them. What the act then refuses is swept out later.
func (s *server) keepFile(f StrictHandlerFunc, operation string) StrictHandlerFunc {
	if operation != "AttachFile" {
		return f
	}
	return func(c *gin.Context, request any) (any, error) {
		ctx, v := enter(c)
		r, ok := request.(AttachFileRequestObject)
		if !ok {
			return nil, fmt.Errorf("unexpected request %T", request)
		}
		from, end, err := r.Body, func() error { return nil }, error(nil)
		if r.MultipartBody != nil {
			from, end, err = fileOfForm(r.MultipartBody, &r.Params.Name)
		}
		if err == nil {
			v.kept, err = s.Office.KeepFile(ctx, v.actor, v.now, r.Code, fileOf(r.Params.Of), from)
		}
		if err == nil {
			err = end()
		}
		if err != nil {
			drain(c)
			return nil, err
		}
		v.body = []byte(v.kept.SHA256 + r.Params.Name) // what a repetition is told by
		return f(c, r)
	}
}

// fileOfForm is the one file of a form while it comes in, what it is called unless that is said already, and how to make sure that nothing follows it.
func fileOfForm(form *multipart.Reader, name *string) (io.Reader, func() error, error) {
	part, err := form.NextPart()
	if err != nil || part.FormName() != "file" {
		return nil, nil, fault.New(fault.Invalid, "body-malformed", "the form must have one part, the file, and its name must be file").Because(err)
	}
	if *name == "" {
		*name = part.FileName()
	}
	return part, func() error {
		if _, err := form.NextPart(); !errors.Is(err, io.EOF) {
			return fault.New(fault.Invalid, "body-malformed", "the form must end behind the file: what else there is to say stands in the address").Because(err)
		}
		return nil
	}, nil
}

// AttachFile attaches what was just put into the archive.
func (s *server) AttachFile(ctx context.Context, r AttachFileRequestObject) (AttachFileResponseObject, error) {
	ctx, v := enter(ctx)
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	d, err := s.Office.AttachFile(ctx, v.actor, v.now, r.Code, version, v.kept, onestop.FileInput{
		Of: fileOf(r.Params.Of), Part: r.Params.Part, Name: norm.NFC.String(r.Params.Name), Origin: dossier.Origin(r.Params.Origin),
	})
	if err != nil {
		return nil, orMoved(err, r.Code)
	}
	out, err := s.newFile(ctx, d)
	return AttachFile201JSONResponse{out}, err
}

// ReuseFile attaches a file of another dossier of the same applicant.
func (s *server) ReuseFile(ctx context.Context, r ReuseFileRequestObject) (ReuseFileResponseObject, error) {
	ctx, v := enter(ctx)
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	d, err := s.Office.ReuseFile(ctx, v.actor, v.now, r.Code, version, onestop.ReuseInput{
		Of: fileOf(r.Body.Of), Part: r.Body.Part, Dossier: r.Body.Dossier, File: r.Body.File,
	})
	if err != nil {
		return nil, orMoved(err, r.Code)
	}
	out, err := s.newFile(ctx, d)
	return ReuseFile201JSONResponse{out}, err
}

// RemoveFile marks a file as removed.
func (s *server) RemoveFile(ctx context.Context, r RemoveFileRequestObject) (RemoveFileResponseObject, error) {
	ctx, v := enter(ctx)
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	d, err := s.Office.RemoveFile(ctx, v.actor, v.now, r.Code, version, r.No, norm.NFC.String(r.Params.Reason))
	if err != nil {
		return nil, orMoved(err, r.Code)
	}
	names, err := s.namesOf(ctx, d)
	return RemoveFile200JSONResponse{Body: s.file(d.Code, *d.File(r.No), names), Headers: RemoveFile200ResponseHeaders{ETag: etag(d)}}, err
}

// ReadFile gives out the bytes, never as something that a browser would show or run.
func (s *server) ReadFile(ctx context.Context, r ReadFileRequestObject) (ReadFileResponseObject, error) {
	ctx, v := enter(ctx)
	f, bytes, err := s.Office.ReadFile(ctx, v.actor.Scope(), r.Code, r.No)
	if err != nil {
		return nil, err
	}
	return ReadFile200ApplicationoctetStreamResponse{Body: bytes, ContentLength: bytes.Size, Headers: ReadFile200ResponseHeaders{
		ContentDisposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), XContentSHA256: f.SHA256,
	}}, nil
}

// ListParts is the dossier's checklist.
func (s *server) ListParts(ctx context.Context, r ListPartsRequestObject) (ListPartsResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, d)
	return ListParts200JSONResponse{
		Body:    PartList{Items: s.parts(d, names), Files: s.files(d, names), Digitisation: digitisation(d)},
		Headers: ListParts200ResponseHeaders{ETag: etag(d)},
	}, err
}

// orMoved adds where the dossier is to a refusal because of it.
func orMoved(err error, code string) error {
	if errors.Is(err, fault.Stale) || errors.Is(err, fault.Conflict) {
		return moved{err, code}
	}
	return err
}

func fileOf(of FileOf) dossier.FileOf {
	if of == "" {
		return dossier.OfDossier
	}
	return dossier.FileOf(of)
}

func (s *server) newFile(ctx context.Context, d dossier.Dossier) (AttachedFileJSONResponse, error) {
	names, err := s.namesOf(ctx, d)
	f := s.file(d.Code, d.Files[len(d.Files)-1], names)
	return AttachedFileJSONResponse{Body: f, Headers: AttachedFileResponseHeaders{ETag: etag(d), Location: f.Href}}, err
}

func (s *server) files(d dossier.Dossier, names agencyNames) []DossierFile {
	return each(d.Files, func(f dossier.File) DossierFile { return s.file(d.Code, f, names) })
}

func (s *server) file(code string, f dossier.File, names agencyNames) DossierFile {
	out := DossierFile{
		No: f.No, Of: FileOf(f.Of), Part: f.Part, Name: f.Name, MediaType: f.MediaType, Size: f.Size, Sha256: f.SHA256, Origin: FileOrigin(f.Origin),
		AttachedAt: s.localOf(f.AttachedAt), AttachedBy: by(f.AttachedBy, names), RemovedAt: s.localOf(f.RemovedAt), RemovedBy: by(f.RemovedBy, names),
		Removal: f.Removal, Href: dossierHref(code) + "/files/" + strconv.Itoa(f.No),
	}
	if x := f.From; x != nil {
		out.From.Dossier, out.From.File, out.From.Of = x.Dossier, x.File, FileOf(x.Of)
	}
	return out
}

func (s *server) parts(d dossier.Dossier, names agencyNames) []DossierPart {
	return each(d.Parts, func(p dossier.Part) DossierPart {
		out := DossierPart{
			No: p.No, Name: p.Name, Required: copies(p.Required), Optional: p.Optional, Note: p.Note, Free: p.Free, Asked: p.Asked,
			Received: copies(p.Received), GivenBack: copies(p.GivenBack), OriginalsHeld: p.OriginalsHeld(), ReceivedAt: s.localOf(p.ReceivedAt), ReceivedBy: by(p.ReceivedBy, names),
			DigitisedAs: DossierPartDigitisedAs(d.PartFlag(p.No)), Files: []int{},
			ReusedFrom: reused(d.ReusedFor(p.No)),
		}
		for _, f := range d.FilesOf(dossier.OfPart, p.No) {
			out.Files = append(out.Files, f.No)
		}
		return out
	})
}

func copies(c catalog.Copies) Copies {
	return Copies{Original: c.Original, Certified: c.Certified, Copy: c.Copy, Form: c.Form}
}

func received(all []ReceivedPaper) []dossier.Received {
	return each(all, func(r ReceivedPaper) dossier.Received {
		return dossier.Received{No: r.No, Name: r.Name, Copies: copiesOf(r.Copies)}
	})
}

func copiesOf(c Copies) catalog.Copies {
	return catalog.Copies{Original: c.Original, Certified: c.Certified, Copy: c.Copy, Form: c.Form}
}

func digitisation(d dossier.Dossier) Digitisation {
	x := d.Digitisation()
	return Digitisation{Digitised: x.Digitised, Parts: x.Parts, WithFiles: x.WithFiles, Reused: x.Reused, ResultFile: x.ResultFile}
}
