package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// PreviewDeadline asks the working-time engine. The engine reads the question itself, as it was sent: the same as on the command line, to
// the last digit.
func (s *server) PreviewDeadline(ctx context.Context, r PreviewDeadlineRequestObject) (PreviewDeadlineResponseObject, error) {
	ctx, v := enter(ctx)
	var failed error // to read a calendar, which is not the question's fault
	named := func(name string) (*worktime.Calendar, error) {
		c, _, err := s.Office.Calendar(ctx, name)
		if errors.Is(err, fault.NotFound) {
			return nil, worktime.UnknownCalendar(name)
		}
		failed = err
		return c, err
	}
	a := worktime.AskJSON(v.body, named, r.Params.Explain)
	if failed != nil {
		return nil, failed
	}
	if a.Error != nil {
		said := fault.Text{Format: a.Error.Format, Args: a.Error.Args}
		var wrong fault.Fields
		wrong.Put(cmp.Or(a.Error.Field, "question"), a.Error.Code, said)
		f := fault.Of(fault.Invalid, "question-invalid", said)
		f.Fields = wrong
		return nil, f
	}
	return deadlineAnswer{a}, nil
}

// deadlineAnswer is the engine's answer in its own words.
type deadlineAnswer struct{ worktime.Answer }

func (a deadlineAnswer) VisitPreviewDeadlineResponse(w http.ResponseWriter) error {
	body, err := a.AppendJSON(nil)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, err = w.Write(append(body, '\n'))
	return err
}
