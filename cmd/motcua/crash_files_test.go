package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

// sending is clients that attach files whatever happens to the server.
type sending struct {
	*load
	bucket *minio.Client // nil for a folder
	prefix string

	sent    map[string][]string // hashes of the files that were acknowledged, in order, by code
	refused int                 // uploads whose bytes were kept and that were then refused
}

// The server is killed again and again in the middle of uploads: each file that was acknowledged must be there, each event must name bytes that are
// there, and a day later nothing must lie in the archive that no event names.
func TestNoEventNamesBytesThatAreNotThereWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"folder", "bucket"} {
		if place == "bucket" && os.Getenv("MOTCUA_TEST_FILES") == "" {
			continue // scripts/with-bucket has one
		}
		t.Run(place, func(t *testing.T) {
			eachOffice(t, func(t *testing.T, o *office) {
				s := &sending{load: &load{office: o, stop: make(chan struct{})}, sent: map[string][]string{}}
				if place == "bucket" {
					s.intoBucket()
				}
				s.furnish()
				o.start()
				var clients sync.WaitGroup
				for w := range *writers {
					clients.Go(func() { s.send(w) })
				}
				for range *kills {
					time.Sleep(time.Duration(50+rand.IntN(600)) * time.Millisecond)
					o.kill()
					o.start()
				}
				close(s.stop)
				clients.Wait()
				files := s.compare()
				o.kill()
				var v onestop.Verification
				if err := json.Unmarshal([]byte(o.must("verify", "--json")), &v); err != nil || len(v.Findings) > 0 || v.Files != files {
					t.Errorf("verify of %d files, %d were acknowledged: %v, %v", v.Files, files, v.Findings, err)
				}
				before, swept, left := s.sweep()
				named := map[string]bool{}
				for _, all := range s.sent {
					for _, sha := range all {
						named[sha] = true
					}
				}
				if left != len(named) || s.cut == 0 || s.refused == 0 || before == left {
					t.Errorf("%d requests cut off, %d refused; %d lay in the archive and %d after the sweep, %d are named", s.cut, s.refused, before, left, len(named))
				}
				t.Logf("%d kills, %d requests cut off, %d files acknowledged, %d uploads refused after they were kept; %d files lay in the archive, %d were swept out, %d are named; %d findings",
					*kills, s.cut, files, s.refused, before, swept, left, len(v.Findings))
			})
		})
	}
}

func (s *sending) intoBucket() {
	s.t.Helper()
	at, query, _ := strings.Cut(os.Getenv("MOTCUA_TEST_FILES"), "?")
	key, secret := os.Getenv("MOTCUA_TEST_FILES_ACCESS_KEY"), os.Getenv("MOTCUA_TEST_FILES_SECRET_KEY")
	s.prefix = s.t.Name() + "/"
	s.env = append(s.env, "MOTCUA_FILES="+at+"/"+s.prefix+"?"+query, "MOTCUA_FILES_ACCESS_KEY="+key, "MOTCUA_FILES_SECRET_KEY="+secret)
	_, host, _ := strings.Cut(query, "//")
	client, err := minio.New(host, &minio.Options{Creds: credentials.NewStaticV4(key, secret, "")})
	if err != nil {
		s.t.Fatal(err)
	}
	s.bucket = client
}

// send takes in a dossier and attaches one file after the other to it, some of them the same as another client's; now and then one with a version
// that is past, which is refused when its bytes are kept already.
func (s *sending) send(w int) {
	a, ok := s.insist(http.StatusCreated, "/api/v1/dossiers", s.clerk, newDossier, fmt.Sprint("files-", w))
	if !ok {
		return
	}
	code, _ := a.body["code"].(string)
	etag := a.etag
	for i := 0; ; i++ {
		select {
		case <-s.stop:
			return
		default:
		}
		of := w
		if i%3 == 0 {
			of = 0 // the same for all
		}
		page := scan(of, i)
		key := fmt.Sprint(code, "-", i)
		if i%4 == 1 {
			a, ok := s.upload(http.StatusPreconditionFailed, code, `"99"`, key+"-x", scan(of, -i))
			if !ok {
				return
			}
			s.mu.Lock()
			if s.refused++; a.body["code"] != "dossier-changed" {
				s.t.Errorf("%v", a.body)
			}
			s.mu.Unlock()
		}
		a, ok := s.upload(http.StatusCreated, code, etag, key, page)
		if !ok {
			return
		}
		etag = a.etag
		sum := sha256.Sum256(page)
		s.mu.Lock()
		s.sent[code] = append(s.sent[code], hex.EncodeToString(sum[:]))
		s.mu.Unlock()
	}
}

// scan is a page of up to 2 MB; the same numbers give the same page.
func scan(a, b int) []byte {
	page := make([]byte, 200_000+abs(b*311_000)%1_800_000)
	_, _ = rand.NewChaCha8(sha256.Sum256(fmt.Append(nil, a, b))).Read(page)
	copy(page, "%PDF-1.4\n")
	copy(page[len(page)-6:], "%%EOF\n")
	return page
}

func abs(n int) int { return max(n, -n) }

// upload sends a file with one key until there is an answer, slowly enough to be cut off in the middle.
func (s *sending) upload(want int, code, etag, key string, page []byte) (answer, bool) {
	for {
		a, err := s.once(code, etag, key, page)
		s.mu.Lock()
		if err != nil {
			s.cut++
		}
		s.mu.Unlock()
		switch {
		case err == nil && a.status == want:
			return a, true
		case err == nil && a.status != http.StatusServiceUnavailable:
			s.t.Errorf("upload to %s: status %d %v", code, a.status, a.body)
			return a, false
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *sending) once(code, etag, key string, page []byte) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	in, out := io.Pipe()
	go func() {
		half := len(page) / 2
		_, _ = out.Write(page[:half])
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		_, err := out.Write(page[half:])
		_ = out.CloseWithError(err)
	}()
	defer in.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/api/v1/dossiers/"+code+"/files?name=don.pdf&origin=SCANNED", in)
	if err != nil {
		return answer{}, err
	}
	for name, value := range map[string]string{
		"Content-Type": "application/octet-stream", "Authorization": "Bearer " + s.clerk, "If-Match": etag, "Idempotency-Key": key,
	} {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, etag: res.Header.Get("ETag"), body: map[string]any{}}
	return a, json.NewDecoder(res.Body).Decode(&a.body)
}

// compare holds what was acknowledged against what dossiers list and give out, and says how many files there are.
func (s *sending) compare() int {
	s.t.Helper()
	n := 0
	for code, sent := range s.sent {
		a, err := s.ask("GET", "/api/v1/dossiers/"+code+"/parts", s.clerk, nil)
		if err != nil {
			s.t.Fatal(err)
		}
		listed, _ := a.body["files"].([]any)
		if len(listed) != len(sent) {
			s.t.Errorf("%s lists %d files, %d were acknowledged", code, len(listed), len(sent))
			continue
		}
		for i, x := range listed {
			f, _ := x.(map[string]any)
			if f["sha256"] != sent[i] {
				s.t.Errorf("%s: file %d is another than was sent", code, i+1)
			}
			a, err := s.ask("GET", fmt.Sprint("/api/v1/dossiers/", code, "/files/", i+1), s.clerk, nil)
			if err != nil || a.status != http.StatusOK {
				s.t.Errorf("%s: file %d: %d %v", code, i+1, a.status, err)
			}
		}
		n += len(sent)
	}
	return n
}

// sweep does what the job does a day later: what lay in the archive before, how many were swept out, what lies there after.
func (s *sending) sweep() (before, swept, after int) {
	s.t.Helper()
	set := func(name string) string {
		value := ""
		for _, x := range s.env {
			if rest, ok := strings.CutPrefix(x, name+"="); ok {
				value = rest
			}
		}
		return value
	}
	d := data{Data: set("MOTCUA_DATA"), DatabaseURL: set("MOTCUA_DATABASE_URL"), LogLevel: "error"}
	at := fileStore{Files: set("MOTCUA_FILES"), FilesAccessKey: set("MOTCUA_FILES_ACCESS_KEY"), FilesSecretKey: set("MOTCUA_FILES_SECRET_KEY")}
	before = s.lying(d.Data)
	err := d.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		err := at.keepFiles(o, d.Data, fileLimits{})
		if err == nil {
			swept, err = o.SweepFiles(ctx, clock().Add(25*time.Hour))
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return before, swept, s.lying(d.Data)
}

// lying counts what lies in the archive, half written files too.
func (s *sending) lying(folder string) int {
	s.t.Helper()
	n := 0
	if s.bucket != nil {
		for x := range s.bucket.ListObjects(s.t.Context(), "motcua", minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
			if x.Err != nil {
				s.t.Fatal(x.Err)
			}
			n++
		}
		return n
	}
	err := filepath.WalkDir(filepath.Join(folder, "files"), func(_ string, x fs.DirEntry, err error) error {
		if err == nil && !x.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}
