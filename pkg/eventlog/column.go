package eventlog

import (
	"strconv"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
)

// The types of values, as OCEL names them. A value is a string, time.Time, int64, float64 or bool; nil and "" are none.
const (
	text    = "string"
	instant = "time"
	integer = "integer"
	float   = "float"
	boolean = "boolean"
)

// column is one thing that a log says of every dossier, as it is known now.
type column struct {
	name, kind string
	of         func(r *reading) any
}

var columns = []column{
	{"procedure", text, func(r *reading) any { return r.Procedure.Code }},
	{"procedure_name", text, func(r *reading) any { return r.Procedure.Name }},
	{"variant", text, func(r *reading) any { return r.Procedure.Variant }},
	{"field", text, func(r *reading) any { return r.Procedure.Field }},
	{"level", text, func(r *reading) any { return string(r.Procedure.Level) }},
	{"channel", text, func(r *reading) any { return string(r.Channel) }},
	{"on_behalf", boolean, func(r *reading) any { return r.OnBehalf }},
	{"applicant_kind", text, func(r *reading) any { return string(r.Applicant.Kind) }},
	{"applicant", text, func(r *reading) any { return r.applicant() }},
	{"receiving", text, func(r *reading) any { return r.agency(r.ReceivingID) }},
	{"receiving_name", text, func(r *reading) any { return r.Agencies[r.ReceivingID].Name }},
	{"deciding", text, func(r *reading) any { return r.agency(r.DecidingID) }},
	{"deciding_name", text, func(r *reading) any { return r.Agencies[r.DecidingID].Name }},
	{"helped", text, func(r *reading) any { return r.agency(r.HelpedID) }},
	{"helped_name", text, func(r *reading) any { return r.Agencies[r.HelpedID].Name }},
	{"returning", text, func(r *reading) any { return r.agency(r.Returning()) }},
	{"returning_name", text, func(r *reading) any { return r.Agencies[r.Returning()].Name }},
	{"state_name", text, func(r *reading) any { return dossier.StateNames[r.State] }},
	{"submitted_at", instant, func(r *reading) any { return r.SubmittedAt }},
	{"accepted_at", instant, func(r *reading) any { return orNone(r.AcceptedAt) }},
	{"first_due", instant, func(r *reading) any { return r.promised(0) }},
	{"due", instant, func(r *reading) any { return r.promised(len(r.Promises) - 1) }},
	{"finished_at", instant, func(r *reading) any { return orNone(r.FinishedAt) }},
	{"returned_at", instant, func(r *reading) any { return orNone(r.ReturnedAt) }},
	{"verdict", text, func(r *reading) any { return string(r.Timing(r.Now)) }},
	{"verdict_by_first_promise", text, func(r *reading) any { return r.firstVerdict() }},
	{"used_seconds", integer, func(r *reading) any { return orNone(r.used) }},
	{"promises", integer, func(r *reading) any { return int64(len(r.Promises)) }},
	{"extensions", integer, func(r *reading) any { return int64(r.Extensions()) }},
	{"supplements", integer, func(r *reading) any { return int64(r.Supplements) }},
	{"pauses", integer, func(r *reading) any { return int64(len(r.Pauses)) }},
	{"calendar", text, func(r *reading) any { return r.reckonedBy(func(b dossier.Basis) string { return b.Calendar }) }},
	{"rules", text, func(r *reading) any { return r.reckonedBy(func(b dossier.Basis) string { return b.Rules }) }},
	{"source", text, func(r *reading) any { return r.sourceSystem() }},
}

// eventColumn is one thing that a log says of every event. key is its name in XES; OCEL writes those with objects set.
type eventColumn struct {
	name, key, kind string
	objects         bool
	of              func(r *reading, x record) any
}

var eventColumns = []eventColumn{
	{"activity", "concept:name", text, false, func(_ *reading, x record) any { return x.activity }},
	{"timestamp", "time:timestamp", instant, false, func(_ *reading, x record) any { return x.At }},
	{"lifecycle", "lifecycle:transition", text, false, func(_ *reading, x record) any { return x.transition }},
	{"resource", "org:resource", text, true, func(r *reading, x record) any { return r.resource(x.By) }},
	{"role", "org:role", text, true, func(r *reading, x record) any { return r.role(x.By) }},
	{"group", "org:group", text, true, func(r *reading, x record) any { return r.agency(x.By.AgencyID) }},
	{"kind", "kind", text, false, func(_ *reading, x record) any { return string(x.Kind) }},
	{"seq", "seq", integer, true, func(_ *reading, x record) any { return int64(x.Seq) }},
	{"state_after", "state_after", text, true, func(r *reading, x record) any { return dossier.StateNames[r.after[x.n].State] }},
	{"work_seconds", "work_seconds", integer, true, func(_ *reading, x record) any { return orNone(x.work) }},
	{"paused_share", "paused_share", float, true, func(_ *reading, x record) any { return orNone(x.paused) }},
	{"recorded_at", "recorded_at", instant, true, func(_ *reading, x record) any { return x.RecordedAt }},
}

func orNone[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func (r *reading) applicant() string {
	if !r.Names {
		return ""
	}
	return r.Applicant.Name
}

func (r *reading) promised(n int) any {
	if n < 0 || n >= len(r.Promises) {
		return nil
	}
	return r.Promises[n].DueAt
}

// firstVerdict is EARLY, ON_TIME or LATE against the first date promised, once the dossier is resolved.
func (r *reading) firstVerdict() string {
	if len(r.Promises) == 0 || r.FinishedAt == nil || r.Timing(r.Now) == dossier.Ended {
		return ""
	}
	return string(r.Promises[0].Judge(*r.FinishedAt))
}

func (r *reading) reckonedBy(part func(dossier.Basis) string) string {
	if r.Basis == nil {
		return ""
	}
	return part(*r.Basis)
}

func (r *reading) sourceSystem() string {
	if r.Source == nil {
		return ""
	}
	return r.Source.System
}

// none says whether there is nothing to write.
func none(v any) bool { return v == nil || v == "" }

// timeForm is to the millisecond: what tools for such logs keep.
const timeForm = "2006-01-02T15:04:05.000-07:00"

// written is a value as XES and CSV write it.
func (l *log) written(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case time.Time:
		return x.In(l.Zone).Format(timeForm)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
}
