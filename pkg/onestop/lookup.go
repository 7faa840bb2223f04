package onestop

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// Lookup is a citizen asking for a dossier with the code and the secret of the receipt. An unknown code and a wrong secret are one and
// the same: NotFound "lookup-failed". Letters that people confuse on paper are read as the ones that secrets are made of.
func (o *Office) Lookup(ctx context.Context, code, secret string) (dossier.Dossier, error) {
	failed := fault.New(fault.NotFound, "lookup-failed", "code and secret do not belong together")
	d, err := o.store.DossierForLookup(ctx, strings.ToUpper(strings.TrimSpace(code)))
	if err != nil && !errors.Is(err, fault.NotFound) {
		return dossier.Dossier{}, err
	}
	if _, fits := opens(d, secret); err != nil || !fits {
		return dossier.Dossier{}, failed
	}
	return d, nil
}

// SecretFor is the secret as the receipt of the dossier has it, from how somebody wrote it down. The fault is Invalid "secret-wrong" when it
// is that of another.
func SecretFor(d dossier.Dossier, secret string) (string, error) {
	tidy, fits := opens(d, secret)
	if !fits {
		return "", fieldFault("Lookup-Secret", "secret-wrong", "is not the look-up secret of this dossier")
	}
	return tidy, nil
}

func opens(d dossier.Dossier, secret string) (tidy string, fits bool) {
	tidy = tidySecret(secret)
	got := dossier.HashSecret(d.ID, tidy)
	return tidy, d.SecretHash != "" && subtle.ConstantTimeCompare([]byte(got), []byte(d.SecretHash)) == 1
}

func tidySecret(s string) string {
	return strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "").Replace(strings.ToUpper(s))
}
