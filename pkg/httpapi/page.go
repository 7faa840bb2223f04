package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui/v5/static"
)

// assetsPath is where the reference's own files lie.
const assetsPath = "/api/docs/files/"

//go:embed pages
var pageFiles embed.FS

// pages are the few pages that this counter has for people.
type pages struct {
	front, reference []byte
	lookup           *template.Template
}

func newPages(version string) pages {
	var front bytes.Buffer
	t := template.Must(template.ParseFS(pageFiles, "pages/front.html"))
	if err := t.Execute(&front, struct{ Version string }{version}); err != nil {
		panic(fmt.Errorf("front page: %w", err)) // part of the program
	}
	reference, err := pageFiles.ReadFile("pages/reference.html")
	if err != nil {
		panic(err)
	}
	lookup := template.Must(template.New("lookup.html").Funcs(template.FuncMap{"at": clockTime, "label": promiseLabel, "asked": requestLabel}).ParseFS(pageFiles, "pages/lookup.html"))
	return pages{front.Bytes(), reference, lookup}
}

// clockTime is a time as a page tells it to people.
func clockTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04 02/01/2006")
}

// htmlPage is a page with what it may load: nothing that does not come from here.
type htmlPage struct {
	body   []byte
	policy string
	secret bool // of somebody's dossier: not to be kept on the way
}

func (p htmlPage) write(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", p.policy+"; frame-ancestors 'none'; base-uri 'none'")
	if !p.secret { // else it stays as the gate has it: no-store
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(p.body)
	return err
}

func (p htmlPage) VisitReadFrontResponse(w http.ResponseWriter) error     { return p.write(w) }
func (p htmlPage) VisitReadReferenceResponse(w http.ResponseWriter) error { return p.write(w) }

// ReadFront says what this is.
func (s *server) ReadFront(context.Context, ReadFrontRequestObject) (ReadFrontResponseObject, error) {
	return htmlPage{body: s.pages.front, policy: "default-src 'none'; style-src 'self'; img-src 'self'"}, nil
}

// ReadReference shows the contract as a page on which one can try it. Swagger UI sets styles on elements, hence unsafe-inline for them.
func (s *server) ReadReference(context.Context, ReadReferenceRequestObject) (ReadReferenceResponseObject, error) {
	return htmlPage{body: s.pages.reference, policy: "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src data:"}, nil
}

// asset serves the files of the reference: our own, and Swagger UI's, which its module holds compressed.
func (s *server) asset(c *gin.Context) {
	name := path.Base(c.Param("file"))
	c.Header("Cache-Control", "public, max-age=3600")
	kind := mime.TypeByExtension(path.Ext(name))
	if body, err := fs.ReadFile(pageFiles, "pages/"+name); err == nil && path.Ext(name) != ".html" {
		c.Data(http.StatusOK, kind, body)
		return
	}
	if body, err := fs.ReadFile(static.FS, name); err == nil {
		c.Data(http.StatusOK, kind, body)
		return
	}
	packed, err := fs.ReadFile(static.FS, name+".gz")
	if err != nil || path.Ext(name) == ".html" {
		c.Header("Cache-Control", "no-store")
		s.refuse(c, errRouteUnknown)
		return
	}
	c.Header("Vary", "Accept-Encoding")
	if strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		c.Header("Content-Encoding", "gzip")
		c.Data(http.StatusOK, kind, packed)
		return
	}
	if body, err := unpacked(packed); err != nil {
		s.refuse(c, err)
	} else {
		c.Data(http.StatusOK, kind, body)
	}
}

func unpacked(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("asset: %w", err)
	}
	return io.ReadAll(r)
}
