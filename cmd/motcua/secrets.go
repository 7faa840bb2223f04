package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
)

// secretsKey is where the keys lie that lock the secrets of receivers. They must not lie in the database: a copy of it would give all away.
type secretsKey struct {
	SecretsKey string `help:"File of the keys that lock secrets of receivers in the database, made if it is missing; secrets.key in the data folder if left out." env:"MOTCUA_SECRETS_KEY" placeholder:"FILE"`
}

// lock reads the keys, or makes one that only its owner can read, and locks with the first what is not yet.
func (k secretsKey) lock(ctx context.Context, dataFolder string, office *onestop.Office, log *slog.Logger) error {
	file := k.SecretsKey
	if file == "" {
		file = filepath.Join(dataFolder, "secrets.key")
	}
	body, err := keyFile(file, func() (string, error) { return notify.NewKey() + "\n", nil })
	if err != nil {
		return err
	}
	keys, err := notify.ReadKeys(string(body))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	office.LockSecrets(keys)
	relocked, closed, err := office.RelockSecrets(ctx)
	if relocked > 0 {
		log.Info("secrets of receivers were locked with the first key", "receivers", relocked)
	}
	if closed > 0 {
		log.Error("secrets of receivers are locked with a key that is not in the file; their messages wait", "receivers", closed, "file", file)
	}
	return err
}
