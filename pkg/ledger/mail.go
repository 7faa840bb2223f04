package ledger

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// The most of one part of a mail that is read, and how deep parts may lie in each other.
const (
	partSize  = 1 << 20
	partDepth = 4
)

// mailed is the readable parts of a text that is a mail, nothing of one that is none.
func mailed(text string) []string {
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return nil
	}
	return parts(m.Header.Get, m.Body, partDepth)
}

func parts(header func(string) string, body io.Reader, depth int) []string {
	kind, parameters, err := mime.ParseMediaType(header("Content-Type"))
	if err == nil && strings.HasPrefix(kind, "multipart/") && depth > 0 {
		var all []string
		for inside := multipart.NewReader(body, parameters["boundary"]); ; {
			p, err := inside.NextRawPart()
			if err != nil {
				return all
			}
			all = append(all, parts(p.Header.Get, p, depth-1)...)
		}
	}
	switch strings.ToLower(header("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	read, err := io.ReadAll(io.LimitReader(body, partSize))
	if err != nil {
		return nil
	}
	return []string{string(read)}
}
