package httpapi

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// saying is what was said in both languages, and in the one that was asked for.
type saying struct{ asked, vi, en string }

// said says it for the visit: in Vietnamese unless English was asked for, moments on the clock of the office.
func (s *server) said(english bool, t fault.Text) saying {
	t = t.In(s.Zone)
	out := saying{vi: s.details.vietnamese(t), en: t.String()}
	if out.asked = out.vi; english {
		out.asked = out.en
	}
	return out
}

// details are the Vietnamese formats of api/details.yaml by the English ones.
type details map[string]string

// vietnamese is the sentence in Vietnamese. One that the catalogue does not have stays English: a test sees to it that there is none.
func (all details) vietnamese(t fault.Text) string {
	format, ok := all[t.Format]
	switch {
	case !ok:
		return t.String()
	case len(t.Args) == 0:
		return format
	}
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		args[i] = all.argument(a)
	}
	return fmt.Sprintf(format, args...)
}

// catalogue is read once, for those who say single sentences.
var catalogue = sync.OnceValue(func() details {
	all, err := api.Details()
	if err != nil {
		panic(err) // part of the program
	}
	return all
})

// Vietnamese is a sentence about what went wrong in Vietnamese, as the command line says it too.
func Vietnamese(t fault.Text) string { return catalogue().vietnamese(t) }

// argument is what fills a Vietnamese format: texts and enumerations are said in Vietnamese, lists with commas; codes, numbers and dates
// stay what they are.
func (all details) argument(a any) any {
	switch x := a.(type) {
	case fault.Text:
		return all.vietnamese(x)
	case fault.Instant:
		return x.Vietnamese()
	case *worktime.Error:
		return all.vietnamese(fault.Text{Format: x.Format, Args: x.Args})
	case error:
		return all.failure(x)
	case []string:
		return strings.Join(x, ", ")
	case []int:
		return strings.Join(each(x, strconv.Itoa), ", ")
	}
	if w, ok := wordFor(a); ok {
		return w
	}
	if list, ok := listFor(a); ok {
		return list
	}
	return a
}

// failure is an error of ours that stands in a sentence; what a library says stays in its words.
func (all details) failure(err error) any {
	if f := fault.As(err); f != nil {
		parts := []string{all.vietnamese(f.Said)}
		for _, x := range f.Fields {
			parts = append(parts, x.Name+": "+all.vietnamese(x.Said))
		}
		return strings.Join(parts, "; ")
	}
	return err
}

// wordFor is a single value of an enumeration.
func wordFor(a any) (word, bool) {
	switch x := a.(type) {
	case dossier.Action:
		return wordOf(x, actionLabels), true
	case dossier.State:
		return wordOf(x, labels), true
	case dossier.FeeState:
		return wordOf(x, feeStates), true
	case dossier.FeeKind:
		return wordOf(x, feeKinds), true
	case dossier.PersonKind:
		return wordOf(x, personKinds), true
	case dossier.IDKind:
		return wordOf(x, idKinds), true
	case dossier.AuthorityKind:
		return wordOf(x, authorityKinds), true
	case dossier.Sex:
		return wordOf(x, sexes), true
	case dossier.PauseCause:
		return wordOf(x, causes), true
	case dossier.FeeDue:
		return wordOf(x, feeDues), true
	case dossier.PayMethod:
		return wordOf(x, payMethods), true
	case dossier.Requester:
		return wordOf(x, requesters), true
	case dossier.Manner:
		return wordOf(x, manners), true
	case dossier.Origin:
		return wordOf(x, origins), true
	case dossier.FileOf:
		return wordOf(x, filesOf), true
	case catalog.AgencyKind:
		return wordOf(x, agencyKinds), true
	case catalog.Channel:
		return wordOf(x, channels), true
	case catalog.Level:
		return wordOf(x, levels), true
	case staff.Role:
		return wordOf(x, roles), true
	case staff.Called:
		return wordOf(x.Role, roles), true
	case staff.Right:
		return wordOf(x, rights), true
	case worktime.Unit:
		return word{string(x), x.Name().VI}, true
	}
	return word{}, false
}

// listFor is a list of values of an enumeration: those that may be sent with their codes, the others in words.
func listFor(a any) (string, bool) {
	switch x := a.(type) {
	case []dossier.State:
		return named(x, labels), true
	case []dossier.FeeState:
		return named(x, feeStates), true
	case []dossier.FeeKind:
		return listed(x, feeKinds), true
	case []dossier.FeeDue:
		return listed(x, feeDues), true
	case []dossier.PayMethod:
		return listed(x, payMethods), true
	case []dossier.PersonKind:
		return listed(x, personKinds), true
	case []dossier.IDKind:
		return named(x, idKinds), true
	case []dossier.AuthorityKind:
		return listed(x, authorityKinds), true
	case []dossier.PauseCause:
		return listed(x, causes), true
	case []dossier.Requester:
		return listed(x, requesters), true
	case []dossier.Manner:
		return listed(x, manners), true
	case []dossier.ReturnMethod:
		return listed(x, ways), true
	case []dossier.Origin:
		return listed(x, origins), true
	case []dossier.FileOf:
		return listed(x, filesOf), true
	case []catalog.Channel:
		return listed(x, channels), true
	case []catalog.Level:
		return listed(x, levels), true
	case []catalog.AgencyKind:
		return listed(x, agencyKinds), true
	case []staff.Role:
		return listed(x, roles), true
	case []dossier.Kind:
		return strings.Join(each(x, func(k dossier.Kind) string { return string(k) }), ", "), true
	case []dossier.Figure:
		return strings.Join(each(x, func(f dossier.Figure) string { return string(f) }), ", "), true
	}
	return "", false
}

// word is a code with its label. In quotation marks it is the code, as it was sent or is to be sent; else the label.
type word struct{ code, label string }

func wordOf[T ~string](code T, labels map[T]string) word { return word{string(code), labels[code]} }

// Format is called by fmt.
func (w word) Format(to fmt.State, verb rune) {
	switch {
	case verb == 'q':
		_, _ = fmt.Fprintf(to, "%q", w.code)
	case w.label == "":
		_, _ = io.WriteString(to, w.code)
	default:
		_, _ = io.WriteString(to, w.label)
	}
}

// listed names each code with its label.
func listed[T ~string](all []T, labels map[T]string) string {
	return strings.Join(each(all, func(code T) string {
		if labels[code] == "" {
			return string(code)
		}
		return string(code) + " (" + labels[code] + ")"
	}), ", ")
}

// named gives the labels alone.
func named[T ~string](all []T, labels map[T]string) string {
	return strings.Join(each(all, func(code T) string { return "“" + labels[code] + "”" }), ", ")
}
