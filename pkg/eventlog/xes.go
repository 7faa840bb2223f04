package eventlog

import (
	"encoding/xml"
	"fmt"
)

// The tags of XES by the types of values.
var tags = map[string]string{text: "string", instant: "date", integer: "int", float: "float", boolean: "boolean"}

// xesHead declares what every event has and what its attributes mean. The order is that of the standard's schema, which also wants the
// version to be a number and names to be without spaces. %s is the instant of the export.
const xesHead = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
	<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
	<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
	<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
	<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
	<global scope="trace">
		<string key="concept:name" value="UNKNOWN"/>
	</global>
	<global scope="event">
		<string key="concept:name" value="UNKNOWN"/>
		<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
		<string key="lifecycle:transition" value="complete"/>
		<string key="org:resource" value="UNKNOWN"/>
		<string key="org:role" value="UNKNOWN"/>
	</global>
	<classifier name="Activity" scope="event" keys="concept:name"/>
	<classifier name="ActivityAndLifecycle" scope="event" keys="concept:name lifecycle:transition"/>
	<classifier name="Resource" scope="event" keys="org:resource"/>
	<string key="concept:name" value="Motcua"/>
	<string key="lifecycle:model" value="standard"/>
	<date key="exported_at" value="%s"/>
`

// xes writes a trace a dossier. An error of the buffer stays with it: it is told at the end of each dossier.
func (l *log) xes(lives Lives) error {
	if _, err := fmt.Fprintf(l.w, xesHead, l.written(l.Now)); err != nil {
		return err
	}
	if err := l.eachTrace(lives, l.trace); err != nil {
		return err
	}
	_, err := l.w.WriteString("</log>\n")
	return err
}

func (l *log) trace(r *reading, records []record) error {
	l.line("\t<trace>\n")
	l.attribute("\t\t", text, "concept:name", r.Code)
	for _, c := range columns {
		l.attribute("\t\t", c.kind, c.name, c.of(r))
	}
	for _, x := range records {
		l.line("\t\t<event>\n")
		for _, c := range eventColumns {
			l.attribute("\t\t\t", c.kind, c.key, c.of(r, x))
		}
		l.line("\t\t</event>\n")
	}
	_, err := l.w.WriteString("\t</trace>\n")
	return err
}

func (l *log) attribute(indent, kind, key string, v any) {
	if none(v) {
		return
	}
	for _, part := range []string{indent, "<", tags[kind], ` key="`, key, `" value="`} {
		l.line(part)
	}
	if s := l.written(v); plain(s) {
		l.line(s)
	} else {
		_ = xml.EscapeText(l.w, []byte(s)) // what XML cannot hold becomes U+FFFD; the buffer keeps its error
	}
	l.line("\"/>\n")
}

// plain says that nothing in the text needs an escape, which is so nearly always and quickly seen.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '&' || c == '\'' || c == '<' || c == '>' {
			return false
		}
	}
	return true
}

// line adds text; the buffer keeps its error until it is asked again.
func (l *log) line(s string) { _, _ = l.w.WriteString(s) }
