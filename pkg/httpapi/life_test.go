package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/httpapi/apitest"
)

// person is somebody with a client that was generated from the document.
type person struct {
	t *testing.T
	*apitest.ClientWithResponses
}

// signedIn is a client of somebody who signed in with user name and password.
func (c *counter) signedIn(username string) person {
	c.t.Helper()
	stranger := c.client("")
	in, err := stranger.SignInWithResponse(context.Background(), apitest.SignInJSONRequestBody{Username: username, Password: password})
	if err != nil || in.JSON200 == nil {
		c.t.Fatalf("sign in: %v, %s", err, in.Body)
	}
	return c.client(in.JSON200.AccessToken)
}

func (c *counter) client(token string) person {
	c.t.Helper()
	made, err := apitest.NewClientWithResponses(c.URL, apitest.WithHTTPClient(c.Client()), apitest.WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			return nil
		}))
	if err != nil {
		c.t.Fatal(err)
	}
	return person{c.t, made}
}

// act makes a move with the dossier as it was last seen, and gives it as it is then.
func (p person) act(d *apitest.Dossier, action apitest.Action, input apitest.ActionInput) *apitest.Dossier {
	p.t.Helper()
	got, err := p.ActOnDossierWithResponse(context.Background(), d.Code, action,
		&apitest.ActOnDossierParams{IfMatch: p.tag(d)}, input)
	if err != nil {
		p.t.Fatal(err)
	}
	if got.JSON200 == nil {
		p.t.Fatalf("%s: %s %s", action, got.Status(), got.Body)
	}
	return got.JSON200
}

func (p person) tag(d *apitest.Dossier) string {
	p.t.Helper()
	got, err := p.ReadDossierWithResponse(context.Background(), d.Code)
	if err != nil || got.JSON200 == nil {
		p.t.Fatalf("read: %v %s", err, got.Body)
	}
	return got.HTTPResponse.Header.Get("ETag")
}

func TestADossierGoesFromReceiptToResultThroughAGeneratedClient(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		ctx := context.Background()
		citizen := c.client("")
		var clerk, officer, supervisor person
		morning := func(at string) { // a session lasts twelve hours
			c.moveTo(at)
			clerk, officer, supervisor = c.signedIn("clerk"), c.signedIn("officer"), c.signedIn("supervisor")
		}
		morning("2026-11-02T08:30:00+07:00")

		came, err := clerk.ReceiveDossierWithResponse(ctx, &apitest.ReceiveDossierParams{}, apitest.NewDossier{
			Procedure: "9.000001", Channel: apitest.ChannelINPERSON,
			Applicant: apitest.Person{Kind: apitest.PersonKindCITIZEN, Name: "Nguyễn Thị Thử"},
		})
		if err != nil || came.JSON201 == nil {
			t.Fatalf("receive: %v %s", err, came.Body)
		}
		receipt := came.JSON201
		// Three working days from Monday: Thursday is a day off.
		if got := receipt.DueAt.Format(time.RFC3339); got != "2026-11-06T17:00:00+07:00" || receipt.Code != "H99.X1-261102-0001" || receipt.State != "2" {
			t.Fatalf("receipt %+v", receipt)
		}
		read, err := clerk.ReadDossierWithResponse(ctx, receipt.Code)
		if err != nil || read.JSON200 == nil {
			t.Fatalf("read: %v %s", err, read.Body)
		}
		d := read.JSON200
		d = clerk.act(d, apitest.ActionHandOver, apitest.ActionInput{})
		d = officer.act(d, apitest.ActionTake, apitest.ActionInput{})
		morning("2026-11-03T08:00:00+07:00")
		d = officer.act(d, apitest.ActionRequestSupplement, apitest.ActionInput{Reason: ptr("Thiếu bản sao"), Papers: &[]string{"Giấy khai sinh"}})
		if !d.Suspended || d.State != "5" || d.Timing != apitest.TimingSUSPENDED {
			t.Errorf("asked for papers: %+v", d)
		}
		morning("2026-11-04T08:00:00+07:00")
		d = clerk.act(d, apitest.ActionCompleteSupplement, apitest.ActionInput{Papers: &[]string{"Giấy khai sinh"}})
		// One working day later than promised: the make-up Saturday.
		if got := d.DueAt.Format(time.RFC3339); got != "2026-11-07T17:00:00+07:00" || len(d.Promises) != 2 || d.State != "4" {
			t.Errorf("papers came: due %s after %d promises in state %s", got, len(d.Promises), d.State)
		}
		d = officer.act(d, apitest.ActionCompleteStep, apitest.ActionInput{Note: ptr("Đủ điều kiện")})
		d = supervisor.act(d, apitest.ActionFinish, apitest.ActionInput{Result: &apitest.Result{Summary: "Giấy phép", Number: ptr("12/GP")}})
		if d.State != "9" || d.Timing != apitest.TimingEARLY {
			t.Errorf("finished: state %s, %s", d.State, d.Timing)
		}
		d = clerk.act(d, apitest.ActionReturn, apitest.ActionInput{HandedOut: &apitest.HandedOutInput{Method: apitest.ReturnMethodReturnInPerson, Receiver: ptr("Nguyễn Thị Thử")}})
		if d.State != "10" || d.StateName != apitest.StateNameRETURNED || d.StateLabel != "Đã trả kết quả" {
			t.Errorf("returned: %+v", d)
		}

		looked, err := citizen.LookUpWithResponse(ctx, nil, apitest.LookupQuestion{Code: receipt.Code, Secret: strings.ToLower(receipt.Secret)})
		if err != nil || looked.JSON200 == nil {
			t.Fatalf("look up: %v %s", err, looked.Body)
		}
		if looked.JSON200.State != "10" || len(looked.JSON200.Promises) != 2 || strings.Contains(string(looked.Body), "Nguyễn") || strings.Contains(string(looked.Body), "Ông Bà") {
			t.Errorf("the look-up tells %s", looked.Body)
		}
		journal, err := clerk.ReadJournalWithResponse(ctx, receipt.Code, &apitest.ReadJournalParams{})
		if err != nil || journal.JSON200 == nil {
			t.Fatalf("journal: %v %s", err, journal.Body)
		}
		var kinds []string
		prev := ""
		for _, e := range journal.JSON200.Items {
			kinds = append(kinds, e.Kind)
			if e.Prev != prev {
				t.Errorf("event %d does not follow on the one before it", e.Seq)
			}
			prev = e.Hash
		}
		want := []string{"RECEIVED", "HANDED_OVER", "STEP_TAKEN", "SUPPLEMENT_REQUESTED", "SUPPLEMENT_COMPLETED", "STEP_COMPLETED", "FINISHED", "RETURNED"}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Error(diff)
		}
		if strings.Contains(string(journal.Body), "secret_hash") {
			t.Error("the journal tells the hash of the look-up secret")
		}
	})
}

func ptr[T any](v T) *T { return &v }
