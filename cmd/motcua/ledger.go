package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

// ledgerKey is where the key lies that signs checkpoints of the log. It must not lie in the database: whoever can write there could sign
// as well.
type ledgerKey struct {
	LedgerKey  string `help:"File of the key that signs the log's checkpoints, made if it is missing; ledger.key in the data folder if left out." env:"MOTCUA_LEDGER_KEY" placeholder:"FILE"`
	LedgerName string `help:"Name of the log, for a key that is made." default:"motcua" env:"MOTCUA_LEDGER_NAME"`
}

// signer reads the key, or makes one that only the owner can read.
func (k ledgerKey) signer(dataFolder string) (*ledger.Signer, error) {
	file := k.LedgerKey
	if file == "" {
		file = filepath.Join(dataFolder, "ledger.key")
	}
	body, err := keyFile(file, func() (string, error) {
		private, public, err := ledger.NewKey(k.LedgerName)
		if err != nil {
			return "", fmt.Errorf("--ledger-name: %w", err)
		}
		return private + "\n" + public + "\n", nil
	})
	if err != nil {
		return nil, err
	}
	private, public, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	s, err := ledger.NewSigner(private, strings.TrimSpace(public))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	last := lastSigned(filepath.Join(dataFolder, lastFile))
	s.Last, s.Keep = last.signed, func(signed string) error { return last.keep(signed, s.Public) }
	return s, nil
}

// sendTo sends checkpoints to an address as they are: text, signed.
func sendTo(address string) func(ctx context.Context, signed string) error {
	client := &http.Client{Timeout: 20 * time.Second}
	return func(ctx context.Context, signed string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(signed))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "text/plain; charset=utf-8")
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection can be used again
		if answer.StatusCode >= 300 {
			return fmt.Errorf("checkpoints are answered with status %d", answer.StatusCode)
		}
		return nil
	}
}

type ledgerVerb struct {
	Sheet ledgerSheet `cmd:"" help:"Print the last checkpoint as a sheet to sign and file. / In tờ kiểm soát nhật ký."`
	Enter ledgerEnter `cmd:"" help:"Do at once what the server does every minute. / Ghi nhật ký vào sổ chung."`
	Mail  ledgerMail  `cmd:"" help:"Mail the last checkpoint now, or a trial mail. / Gửi điểm kiểm soát qua thư điện tử."`
}

type ledgerSheet struct{ data }

// Run prints what has to leave the machine on paper where nothing else does.
func (v ledgerSheet) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, _ *onestop.Office) error {
		c, err := s.LastCheckpoint(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("TỜ KIỂM SOÁT NHẬT KÝ HỒ SƠ / JOURNAL CONTROL SHEET\n\nIn lúc / printed: %s\nSố sự kiện / events: %d\nKý lúc / signed: %s\nKhóa công khai / public key:\n  %s\n\n%s\n"+
			"Lưu tờ này ngoài máy chủ. Kiểm tra lại: / Keep this sheet away from the server. To check:\n  motcua verify --checkpoint FILE --key '%s'\n\nNgười lưu / kept by: ______________________\n",
			clock().In(zone).Format("2006-01-02 15:04"), c.Size, c.SignedAt.In(zone).Format("2006-01-02 15:04:05"), c.PublicKey, c.Signed, c.PublicKey)
		return nil
	})
}

type ledgerEnter struct {
	data
	ledgerKey
}

// Run enters what is not in the log yet and signs.
func (v ledgerEnter) Run() error {
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		signer, err := v.signer(v.Data)
		if err != nil {
			return err
		}
		n, err := o.EnterEvents(ctx, clock(), signer)
		if err == nil {
			fmt.Printf("%d sự kiện được ghi. / %d events entered.\n", n, n)
		}
		return err
	})
}

type verifyReceiptVerb struct {
	File string `arg:"" help:"Proof of a receipt, as POST /api/v1/lookup/proof or the page /tra-cuu gives it; - for standard input."`
	Key  string `help:"Public key of the log." required:""`
}

// Run needs neither database nor network: the proof and the public key are enough.
func (v verifyReceiptVerb) Run() error {
	body, err := os.ReadFile(v.File)
	if v.File == "-" {
		body, err = io.ReadAll(os.Stdin)
	}
	if err != nil {
		return err
	}
	p, err := readProof(body)
	if err != nil {
		return fmt.Errorf("%s is no proof: %w", v.File, err)
	}
	shown, err := p.Check(v.Key)
	if err != nil {
		return err
	}
	code, due := "–", "–"
	if shown.Intake != nil {
		code = shown.Intake.Code
	}
	accepted := due
	if promise := shown.Facts.Promise; promise != nil {
		due, accepted = minute(promise.DueAt), minute(p.Event.At)
	}
	c := shown.Checkpoint
	fmt.Printf("Đúng: hồ sơ %s, nộp lúc %s, tiếp nhận %s, hẹn trả %s, là sự kiện số %d trong sổ %q gồm %d sự kiện, ký lúc %s.\n"+
		"Proved: dossier %s, handed in %s, accepted %s, due %s, is entry %d of the log %q of %d entries, signed %s.\n",
		code, minute(shown.SubmittedAt), accepted, due, p.Leaf.Index, c.Origin, c.Size, c.At.In(zone).Format(time.DateTime),
		code, minute(shown.SubmittedAt), accepted, due, p.Leaf.Index, c.Origin, c.Size, c.At.In(zone).Format(time.DateTime))
	return nil
}

func minute(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04") }

// readProof takes a proof as it was saved, also by a program that set it out for people to read. The hash is over the facts as the journal has
// them: without spaces, and written as encoding/json writes them.
func readProof(body []byte) (ledger.Proof, error) {
	var p ledger.Proof
	body = bytes.TrimPrefix(body, []byte("\ufeff")) // as some editors save it
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, errors.New("something stands behind it")
	}
	if name := twin(json.NewDecoder(bytes.NewReader(body))); name != "" {
		return p, fmt.Errorf("it says %q twice, and a reader might see the other", name)
	}
	for i := range p.Before {
		if err := respell(&p.Before[i]); err != nil {
			return p, err
		}
	}
	return p, respell(&p.Event)
}

func respell(e *dossier.Event) error {
	var facts bytes.Buffer
	if err := json.Compact(&facts, e.Facts); err != nil {
		return err
	}
	var err error
	e.Facts, err = respelled(facts.Bytes())
	return err
}

// twin is a member that one object of the document has twice for encoding/json, to which case is nothing and ſ is an s, "" if none has.
func twin(d *json.Decoder) string {
	t, _ := d.Token()
	open, _ := t.(json.Delim)
	if open != '{' && open != '[' {
		return ""
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			key, _ := d.Token()
			name, _ := key.(string)
			folded := strings.ToLower(strings.ToUpper(name))
			if seen[folded] {
				return name
			}
			seen[folded] = true
		}
		if name := twin(d); name != "" {
			return name
		}
	}
	_, _ = d.Token()
	return ""
}

var jsonText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// respelled writes every text in JSON as encoding/json does, whichever of its characters are escaped: jq writes & for \u0026, Python \u1ed3 for ồ.
func respelled(body []byte) (out []byte, err error) {
	out = jsonText.ReplaceAllFunc(body, func(quoted []byte) []byte {
		var text string
		if wrong := json.Unmarshal(quoted, &text); wrong != nil {
			err = wrong
			return quoted
		}
		again, wrong := json.Marshal(text)
		if wrong != nil {
			err = wrong
		}
		return again
	})
	return out, err
}
