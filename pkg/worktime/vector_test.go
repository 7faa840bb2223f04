package worktime_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/pkg/worktime"
)

// vector is one line of the public vector file: a question with the reason why it is asked and what must be answered.
type vector struct {
	id     string
	reason string
	ask    []byte
	want   map[string]any
}

func vectors(t testing.TB) []vector {
	t.Helper()
	text, err := os.ReadFile("../../api/vectors/deadlines.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var list []vector
	for line := range bytes.Lines(text) {
		var v vector
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for name, into := range map[string]any{"id": &v.id, "reason": &v.reason, "want": &v.want} {
			if err := json.Unmarshal(fields[name], into); err != nil {
				t.Fatalf("%s: %s: %v", line, name, err)
			}
		}
		delete(fields, "reason")
		delete(fields, "want")
		if v.ask, err = json.Marshal(fields); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

func named(t testing.TB) func(string) (*worktime.Calendar, error) {
	c := national(t)
	return func(name string) (*worktime.Calendar, error) {
		if name == "vn" {
			return c, nil
		}
		return nil, worktime.UnknownCalendar(name)
	}
}

func TestEveryPublicVectorIsAnsweredAsItSays(t *testing.T) {
	t.Parallel()
	calendars := named(t)
	seen := map[string]bool{}
	for _, v := range vectors(t) {
		if seen[v.id] || v.reason == "" {
			t.Errorf("%s comes twice or gives no reason", v.id)
		}
		seen[v.id] = true
		answer, err := json.Marshal(worktime.AskJSON(v.ask, calendars, false))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		if got["id"] != v.id {
			t.Errorf("%s: answered as %v", v.id, got["id"])
		}
		delete(got, "id")
		if e, ok := got["error"].(map[string]any); ok {
			delete(e, "detail")
		}
		if diff := cmp.Diff(v.want, got); diff != "" {
			t.Errorf("%s (%s)\n%s\n%s", v.id, v.reason, v.ask, diff)
		}
	}
	if len(seen) < 500 {
		t.Errorf("only %d vectors", len(seen))
	}
}

func TestLinesAreAnsweredInOrderAndFaultyOnesDoNotStopTheRest(t *testing.T) {
	t.Parallel()
	all := vectors(t)
	var in strings.Builder
	for range 5 {
		for _, v := range all {
			in.Write(v.ask)
			in.WriteString("\n\n")
		}
		in.WriteString("{\"id\":\n" + `{"id":"long","x":"` + strings.Repeat("x", 1<<20) + "\"}\r\n")
	}
	in.WriteString(`{"id":[1]}`) // and no line end behind it
	var out bytes.Buffer
	if err := worktime.AskLines(strings.NewReader("\ufeff"+in.String()), &out, named(t), false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if want := 5*(len(all)+2) + 1; len(lines) != want {
		t.Fatalf("%d answers, want %d", len(lines), want)
	}
	for i, line := range lines[:len(all)] {
		if !strings.HasPrefix(line, fmt.Sprintf(`{"id":%q,`, all[i].id)) {
			t.Fatalf("answer %d is %s, want one for %s", i, line, all[i].id)
		}
	}
	for i, code := range []string{worktime.CodeInvalidJSON, worktime.CodeLineTooLong} {
		if line := lines[len(all)+i]; !strings.HasPrefix(line, `{"id":null,"error":{"code":"`+code+`"`) {
			t.Errorf("a line that cannot be read got %s", line)
		}
	}
	if last := lines[len(lines)-1]; !strings.Contains(last, worktime.CodeInvalidID) {
		t.Errorf("the last line got %s", last)
	}
}

func TestAnErrorNamesTheFieldInWhichItStands(t *testing.T) {
	t.Parallel()
	const start = `"start":"2024-03-04T09:00:00+07:00"`
	term := start + `,"calendar":"vn","term":{"value":2,"unit":"working_day"}`
	for question, want := range map[string]string{
		`"calendar":"vn",` + start: "term",
		start + `,"calendar":"nowhere","term":{"value":2,"unit":"working_day"}`:                    "calendar",
		start + `,"calendar":{"tz":"Moon","week":{}},"term":{"value":2,"unit":"working_day"}`:      "calendar",
		start + `,"calendar":{"week":{"mon":[["07:00"]]}},"term":{"value":2,"unit":"working_day"}`: "calendar.week.mon[0]",
		start + `,"calendar":"vn","term":{"value":-2,"unit":"working_day"}`:                        "term.value",
		start + `,"calendar":"vn","term":{"unit":"working_day"}`:                                   "term.value",
		start + `,"calendar":"vn","term":{"value":0.5,"unit":"month"}`:                             "term",
		`"start":"2024-03-04","calendar":"vn","term":{"value":2,"unit":"working_day"}`:             "start",
		`"start":"0001-01-01T00:00:00Z","calendar":"vn","term":{"value":2,"unit":"working_day"}`:   "start",
		term + `,"pauses":[{"from":"2024-03-05T09:00:00Z"},{"to":"2024-03-05T09:00:00Z"}]`:         "pauses[1].from",
		term + `,"pauses":[{"from":"2024-03-05T09:00:00Z","to":"2024-03-05T08:00:00Z"}]`:           "pauses[0]",
		term + `,"rules":{"start":"roll"}`:                                                         "rules.start",
		term + `,"finish":"2024-03-04T08:59:59+07:00"`:                                             "finish",
		term + `,"op":"when"`: "op",
	} {
		a := worktime.AskJSON([]byte("{"+question+"}"), named(t), false)
		if a.Error == nil || a.Error.Field != want {
			t.Errorf("%s: %+v, want %s", question, a.Error, want)
		}
	}
}

func TestAnIDIsEchoedAsItWasGiven(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`"a"`, `"Hồ sơ \u00e9\n"`, `1`, `1.0`, `1e3`, `-0`, `12345678901234567890123`, `true`, `false`, `null`} {
		for _, rest := range []string{`"calendar":"vn","op":"is_working","start":"2024-03-04T09:00:00+07:00"`, `"op":7`, `"x":1`, `"calendar":"vn","calendar":"vn"`} {
			for _, line := range []string{`{"id":` + id + `,` + rest + `}`, `{` + rest + `,"id":` + id + `}`} {
				answer, err := json.Marshal(worktime.AskJSON([]byte(line), named(t), false))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.HasPrefix(answer, []byte(`{"id":`+id+`,`)) {
					t.Errorf("%s got %s", line, answer)
				}
			}
		}
	}
}

// FuzzAskJSON throws any bytes at the line protocol: there must be one line of JSON, at once.
func FuzzAskJSON(f *testing.F) {
	for i, v := range vectors(f) {
		if i%5 == 0 {
			f.Add(v.ask)
		}
	}
	calendars := named(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		answer, err := worktime.AskJSON(line, calendars, true).AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(answer) || bytes.ContainsAny(answer, "\n") && !bytes.ContainsAny(line, "\n") {
			t.Fatalf("%q got %q", line, answer)
		}
	})
}

func BenchmarkLines(b *testing.B) {
	var in bytes.Buffer
	n := 0
	for n < 20_000 {
		for _, v := range vectors(b) {
			in.Write(v.ask)
			in.WriteByte('\n')
			n++
		}
	}
	calendars := named(b)
	for b.Loop() {
		var out bytes.Buffer
		if err := worktime.AskLines(bytes.NewReader(in.Bytes()), &out, calendars, false); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
