package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/motcua/motcua/pkg/eventlog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

// logsAtOnce is how many event logs are written at the same time: each holds a connection to the database, with all that it sees, for as
// long as the caller takes to read.
const logsAtOnce = 2

// stalled is how long a caller may leave the server waiting with a part of a log before the rest is kept.
const stalled = time.Minute

// ReadEventLog writes the journals of what the list of dossiers would list.
func (s *server) ReadEventLog(ctx context.Context, r ReadEventLogRequestObject) (ReadEventLogResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadDossiers); err != nil {
		return nil, err
	}
	f, err := s.dossierFilter(ctx, v, selection(r.Params))
	if err != nil {
		return nil, err
	}
	return eventLog{s, ctx, v, onestop.EventLog{Filter: f, Format: eventlog.Format(r.Params.Format)}}, nil
}

// eventLog is a log that is written while it is sent.
type eventLog struct {
	*server
	ctx context.Context
	v   *visit
	in  onestop.EventLog
}

func (l eventLog) VisitReadEventLogResponse(w http.ResponseWriter) error {
	select {
	case l.logs <- struct{}{}:
		defer func() { <-l.logs }()
	default:
		return retryLater{fault.New(fault.TooMany, "too-many-requests", "%d event logs are being written; wait until one is done", logsAtOnce), 15 * time.Second}
	}
	out := &attachment{
		w: w, control: http.NewResponseController(w), media: l.in.Format.MediaType(),
		name: "motcua-" + l.v.now.In(l.Zone).Format("20060102-1504") + l.in.Format.Ending(),
	}
	_, err := l.Office.WriteEventLog(l.ctx, l.v.actor, l.v.now, l.in, out, nil)
	if err == nil || !out.begun {
		return err
	}
	cause := "the caller went away" // with an address, which has no business in the log
	if !out.lost {
		cause = err.Error()
	}
	l.Log.WarnContext(l.ctx, "event log broken off", "request_id", l.v.id, "cause", cause)
	panic(http.ErrAbortHandler) // the only way to say that this was not the end
}

// attachment is an answer that begins with its first byte: what goes wrong before can still be told as a problem.
type attachment struct {
	w           http.ResponseWriter
	control     *http.ResponseController
	media, name string
	begun, lost bool
}

func (a *attachment) Write(b []byte) (int, error) {
	if !a.begun {
		a.begun = true
		a.w.Header().Set("Content-Type", a.media)
		a.w.Header().Set("Content-Disposition", `attachment; filename="`+a.name+`"`)
		a.w.WriteHeader(http.StatusOK)
		_ = a.control.SetWriteDeadline(time.Time{}) // not all at once; what cannot have deadlines has none to lift
	}
	timer := time.AfterFunc(stalled, func() { _ = a.control.SetWriteDeadline(time.Unix(1, 0)) })
	defer timer.Stop()
	n, err := a.w.Write(b)
	a.lost = a.lost || err != nil
	return n, err
}
