package archive_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/motcua/motcua/pkg/archive"
)

const paper = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

// shelf is an S3-like storage of one bucket: what the client of the real one asks for and nothing else.
type shelf struct {
	mu      sync.Mutex
	objects map[string][]byte
	puts    int
	down    bool
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.down:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
	case !strings.Contains(r.Header.Get("Authorization"), "Credential=key/"):
		w.WriteHeader(http.StatusForbidden)
	case !strings.HasPrefix(r.URL.Path, "/bucket/pre/fix/"):
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<Error><Code>NoSuchBucket</Code></Error>")
	case r.Method == http.MethodPut:
		body, err := unchunked(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.puts++
		s.objects[r.URL.Path] = body
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	default:
		body, there := s.objects[r.URL.Path]
		if !there {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
			return
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 08:00:00 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body)
		}
	}
}

// unchunked is the body without the signatures that stand between its pieces when it comes over an open line.
func unchunked(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var all []byte
	for in := bufio.NewReader(r.Body); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 32)
		if err != nil || n == 0 {
			return all, err
		}
		piece := make([]byte, n+2)
		if _, err := io.ReadFull(in, piece); err != nil {
			return nil, err
		}
		all = append(all, piece[:n]...)
	}
}

// eachArchive runs a test on a folder, on a bucket, and on one of a real storage where scripts/with-bucket started one. spoil changes what lies under a
// name, or takes it away where bytes is nil.
func eachArchive(t *testing.T, test func(t *testing.T, a archive.Archive, spoil func(sha string, bytes []byte))) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		root := filepath.Join(t.TempDir(), "files")
		test(t, archive.NewFolder(root), func(sha string, bytes []byte) {
			place := filepath.Join(root, sha[:2], sha)
			err := os.Remove(place)
			if bytes != nil {
				err = os.WriteFile(place, bytes, 0o600)
			}
			must(t, err)
		})
	})
	t.Run("bucket", func(t *testing.T) {
		t.Parallel()
		s := &shelf{objects: map[string][]byte{}}
		b := s.bucket(t)
		test(t, b, func(sha string, bytes []byte) {
			s.mu.Lock()
			defer s.mu.Unlock()
			place := "/bucket/pre/fix/" + sha[:2] + "/" + sha
			if s.objects[place] = bytes; bytes == nil {
				delete(s.objects, place)
			}
		})
	})
	address, key, secret := os.Getenv("MOTCUA_TEST_FILES"), os.Getenv("MOTCUA_TEST_FILES_ACCESS_KEY"), os.Getenv("MOTCUA_TEST_FILES_SECRET_KEY")
	if address == "" {
		return
	}
	t.Run("storage", func(t *testing.T) {
		t.Parallel()
		u, err := url.Parse(address)
		must(t, err)
		u.Path = "/" + t.Name()
		endpoint, _ := url.Parse(u.Query().Get("endpoint"))
		b, err := archive.NewBucket(u.String(), key, secret)
		must(t, err)
		client, err := minio.New(endpoint.Host, &minio.Options{Creds: credentials.NewStaticV4(key, secret, "")})
		must(t, err)
		test(t, b, func(sha string, content []byte) {
			place := strings.Trim(u.Path, "/") + "/" + sha[:2] + "/" + sha
			if content == nil {
				err = client.RemoveObject(t.Context(), u.Host, place, minio.RemoveObjectOptions{})
			} else {
				_, err = client.PutObject(t.Context(), u.Host, place, bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{})
			}
			must(t, err)
		})
	})
}

func (s *shelf) bucket(t *testing.T) *archive.Bucket {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	b, err := archive.NewBucket("s3://bucket/pre/fix/?endpoint="+server.URL, "key", "secret")
	must(t, err)
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, text string) *archive.Spool {
	t.Helper()
	s, err := archive.Take(strings.NewReader(text), 1<<20)
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestWhatIsKeptComesBackAndIsChecked(t *testing.T) {
	t.Parallel()
	eachArchive(t, func(t *testing.T, a archive.Archive, spoil func(string, []byte)) {
		ctx := context.Background()
		for _, text := range []string{paper, strings.Repeat("x", 300_000)} {
			s := take(t, text)
			if err := archive.Check(ctx, a, s.SHA256); !errors.Is(err, archive.ErrMissing) {
				t.Errorf("before it is kept: %v", err)
			}
			must(t, a.Put(ctx, s))
			must(t, a.Put(ctx, s)) // again
			must(t, archive.Check(ctx, a, s.SHA256))
			back, err := archive.Fetch(ctx, a, s.SHA256, s.Size)
			must(t, err)
			got, err := io.ReadAll(back)
			must(t, errors.Join(err, back.Close()))
			if string(got) != text {
				t.Errorf("%d bytes came back, not the %d that were kept", len(got), len(text))
			}
			if _, err := os.Stat(back.Name()); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the temporary file stays: %v", err)
			}
			for _, other := range [][]byte{[]byte("other"), append([]byte(text), 'x'), {}, nil} {
				want := archive.ErrDamaged
				if other == nil {
					want = archive.ErrMissing
				}
				spoil(s.SHA256, other)
				if err := archive.Check(ctx, a, s.SHA256); !errors.Is(err, want) {
					t.Errorf("%d bytes instead: %v", len(other), err)
				}
				if _, err := archive.Fetch(ctx, a, s.SHA256, s.Size); !errors.Is(err, want) {
					t.Errorf("%d bytes instead: %v", len(other), err)
				}
				must(t, a.Put(ctx, s)) // mends it
				must(t, archive.Check(ctx, a, s.SHA256))
			}
			must(t, a.Delete(ctx, s.SHA256))
			must(t, a.Delete(ctx, s.SHA256))
			if err := archive.Check(ctx, a, s.SHA256); !errors.Is(err, archive.ErrMissing) {
				t.Errorf("after it is deleted: %v", err)
			}
		}
	})
}

func TestTwoWhoKeepTheSameAtOnceDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	eachArchive(t, func(t *testing.T, a archive.Archive, _ func(string, []byte)) {
		var all sync.WaitGroup
		for range 8 {
			s := take(t, paper)
			all.Go(func() {
				if err := a.Put(context.Background(), s); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		must(t, archive.Check(context.Background(), a, take(t, paper).SHA256))
	})
}

func TestANameThatIsNoHashLeadsNowhere(t *testing.T) {
	t.Parallel()
	eachArchive(t, func(t *testing.T, a archive.Archive, _ func(string, []byte)) {
		for _, name := range []string{"", "../../etc/passwd", strings.Repeat("z", 64), strings.Repeat("ab", 31)} {
			if r, err := a.Open(context.Background(), name); err == nil || errors.Is(err, archive.ErrMissing) {
				t.Errorf("%q: %v, %v", name, r, err)
			}
			if err := a.Delete(context.Background(), name); err == nil {
				t.Errorf("%q was deleted", name)
			}
		}
	})
}

func TestABucketThatDoesNotAnswerIsNotOneThatLostSomething(t *testing.T) {
	t.Parallel()
	s := &shelf{objects: map[string][]byte{}, down: true}
	b := s.bucket(t)
	kept := take(t, paper)
	for name, err := range map[string]error{
		"put": b.Put(context.Background(), kept), "check": archive.Check(context.Background(), b, kept.SHA256),
		"delete": b.Delete(context.Background(), kept.SHA256),
	} {
		if err == nil || errors.Is(err, archive.ErrMissing) || errors.Is(err, archive.ErrDamaged) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABucketThatIsNotThereOrDoesNotKnowUsHasLostNothing(t *testing.T) {
	t.Parallel()
	s := &shelf{objects: map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	endpoints := map[string][2]string{server.URL: {"bucket/pre/fix", "key"}}
	if address := os.Getenv("MOTCUA_TEST_FILES"); address != "" {
		u, err := url.Parse(address)
		must(t, err)
		endpoints[u.Query().Get("endpoint")] = [2]string{u.Host, os.Getenv("MOTCUA_TEST_FILES_ACCESS_KEY")}
	}
	for endpoint, is := range endpoints {
		for _, x := range [][2]string{{"elsewhere", is[1]}, {is[0], "stranger"}} {
			b, err := archive.NewBucket("s3://"+x[0]+"?endpoint="+endpoint, x[1], "secretsecret")
			must(t, err)
			kept := take(t, paper)
			for name, err := range map[string]error{"put": b.Put(t.Context(), kept), "check": archive.Check(t.Context(), b, kept.SHA256)} {
				if err == nil || errors.Is(err, archive.ErrMissing) || errors.Is(err, archive.ErrDamaged) {
					t.Errorf("%s in %s as %s: %v", name, x[0], x[1], err)
				}
			}
		}
	}
}

func TestNobodyWaitsLongForABucketThatSaysNothing(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-gone }))
	t.Cleanup(func() { close(gone); server.Close() })
	b, err := archive.NewBucket("s3://bucket?endpoint="+server.URL, "key", "secret")
	must(t, err)
	begun := time.Now()
	if err := b.Delete(t.Context(), take(t, paper).SHA256); err == nil || time.Since(begun) > 10*time.Second {
		t.Errorf("after %s: %v", time.Since(begun), err)
	}
}

func TestWhatACrashLeftHalfWrittenIsSweptOutAndNothingElse(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "files")
	f := archive.NewFolder(root)
	if n, err := f.Sweep(time.Now()); n != 0 || err != nil {
		t.Errorf("before anything came: %d, %v", n, err)
	}
	whole := take(t, paper)
	must(t, f.Put(t.Context(), whole))
	half := filepath.Join(root, ".coming", "half")
	must(t, os.WriteFile(half, []byte("%PDF"), 0o600))
	for _, x := range []struct {
		before time.Time
		want   int
	}{{time.Now().Add(-time.Hour), 0}, {time.Now().Add(time.Hour), 1}, {time.Now().Add(time.Hour), 0}} {
		if n, err := f.Sweep(x.before); n != x.want || err != nil {
			t.Errorf("swept %d, not %d: %v", n, x.want, err)
		}
	}
	must(t, archive.Check(t.Context(), f, whole.SHA256))
}

func TestSoundBytesAreNotSentTwice(t *testing.T) {
	t.Parallel()
	s := &shelf{objects: map[string][]byte{}}
	b := s.bucket(t)
	for range 3 {
		must(t, b.Put(context.Background(), take(t, paper)))
	}
	if s.puts != 1 {
		t.Errorf("sent %d times", s.puts)
	}
}

func TestOnlyAWholeAddressNamesABucket(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "s3://", "s3:///x?endpoint=https://h", "https://bucket?endpoint=https://h", "s3://b", "s3://b?endpoint=h", "s3://b?endpoint=ftp://h",
		"s3://key:word@b?endpoint=https://h", "s3://b?endpoint=https://h/path",
	} {
		if _, err := archive.NewBucket(address, "key", "secret"); err == nil || strings.Contains(err.Error(), "word") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := archive.NewBucket("s3://b?endpoint=https://h", "", ""); err == nil {
		t.Error("a bucket without keys")
	}
}

func TestASpoolKnowsWhatItHoldsAndWhereToStop(t *testing.T) {
	t.Parallel()
	for content, kind := range map[string]string{
		paper: "application/pdf", "\xff\xd8\xff\xe0\x00\x10JFIF\x00": "image/jpeg", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR": "image/png",
		"II*\x00\x08\x00\x00\x00": "image/tiff", "MZ\x90\x00": "application/vnd.microsoft.portable-executable", "<html><body>": "text/html; charset=utf-8",
	} {
		if s := take(t, content); s.MediaType != kind || s.Size != int64(len(content)) {
			t.Errorf("%q is %s of %d bytes", content, s.MediaType, s.Size)
		}
	}
	for content, noEnd := range map[string]bool{
		paper: false, paper + strings.Repeat("\x00", 1000): false, "%PDF-1.4\n<html>x</html>": true, paper + strings.Repeat(" ", 1024): true,
		paper[:len(paper)-2]: true, "<html><body>": false,
	} {
		s := take(t, content)
		if body, err := io.ReadAll(s); s.Broken != noEnd || string(body) != content {
			t.Errorf("%.60q is without its end: %t; read: %d bytes, %v", content, s.Broken, len(body), err)
		}
	}
	if _, err := archive.Take(bytes.NewReader(make([]byte, 11)), 10); !errors.Is(err, archive.ErrTooLarge) {
		t.Error(err)
	}
	if _, err := archive.Take(io.MultiReader(strings.NewReader("x"), broken{}), 10); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
