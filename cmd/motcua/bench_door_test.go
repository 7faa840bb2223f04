package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

var background = context.Background()

// call is a request before it is sent.
type call struct {
	method, path, token, body string
	header                    map[string]string
}

func (c call) request(b *testing.B, base string) *http.Request {
	r, err := http.NewRequestWithContext(background, c.method, base+c.path, strings.NewReader(c.body))
	must(b, err)
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	return r
}

// reply is an answer, read to its end.
type reply struct {
	status  int
	kind    string
	body    []byte
	took    time.Duration
	mallocs uint64 // where they are counted
}

// door is a handler behind a server of its own, with a client whose connection stays open.
type door struct {
	url     string
	client  *http.Client
	handler http.Handler
}

func openDoor(b *testing.B, h http.Handler) door {
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	return door{url: server.URL, client: server.Client(), handler: h}
}

func (d door) send(b *testing.B, c call) reply {
	if *benchDirect {
		return d.direct(b, c)
	}
	r := c.request(b, d.url)
	begun := time.Now()
	answer, err := d.client.Do(r)
	must(b, err)
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	took := time.Since(begun)
	must(b, err)
	return reply{status: answer.StatusCode, kind: answer.Header.Get("Content-Type"), body: body, took: took}
}

// direct calls the handler without client and network.
func (d door) direct(b *testing.B, c call) reply {
	r, w := c.request(b, d.url), httptest.NewRecorder()
	r.RequestURI, r.RemoteAddr = c.path, "127.0.0.1:1"
	begun := time.Now()
	d.handler.ServeHTTP(w, r)
	return reply{status: w.Code, kind: w.Header().Get("Content-Type"), body: w.Body.Bytes(), took: time.Since(begun)}
}

// counted is direct, and counts what is allocated meanwhile.
func (d door) counted(b *testing.B, c call) reply {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := d.direct(b, c)
	runtime.ReadMemStats(&after)
	r.mallocs = after.Mallocs - before.Mallocs
	return r
}
