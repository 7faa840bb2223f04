package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/onestop"
)

// fileStore is where attached files lie: the same flags for every verb that reads or writes them.
type fileStore struct {
	Files          string `help:"Where attached files are kept: a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION; the folder files in the data folder if left out." env:"MOTCUA_FILES" placeholder:"PLACE"`
	FilesAccessKey string `help:"Access key of the S3-compatible storage." env:"MOTCUA_FILES_ACCESS_KEY" placeholder:"KEY"`
	FilesSecretKey string `help:"Secret key of it; better given in the environment." env:"MOTCUA_FILES_SECRET_KEY" placeholder:"KEY"`
}

func (f fileStore) archive(dataFolder string) (archive.Archive, error) {
	switch {
	case strings.HasPrefix(f.Files, "s3://"):
		b, err := archive.NewBucket(f.Files, f.FilesAccessKey, f.FilesSecretKey)
		if err != nil {
			return nil, fmt.Errorf("--files: %w", err)
		}
		return b, nil
	case f.Files != "":
		return archive.NewFolder(f.Files), nil
	}
	return archive.NewFolder(filepath.Join(dataFolder, "files")), nil
}

// fileLimits is which files are taken.
type fileLimits struct {
	FileSize  int64    `help:"Bytes that one file may have." default:"20971520" env:"MOTCUA_FILE_SIZE" placeholder:"BYTES"`
	FileTypes []string `help:"Media types that are taken, as the content shows them; PDF, JPEG, PNG, TIFF, DOCX and XLSX if left out." env:"MOTCUA_FILE_TYPES" placeholder:"TYPE"`
}

// keepFiles tells the office where its files lie.
func (f fileStore) keepFiles(office *onestop.Office, dataFolder string, limits fileLimits) error {
	if limits.FileSize < 0 || limits.FileSize > 1<<30 {
		return fmt.Errorf("--file-size: must be from 1 to %d bytes", 1<<30)
	}
	a, err := f.archive(dataFolder)
	if err == nil {
		office.KeepFiles(onestop.FileRules{Archive: a, Most: limits.FileSize, Types: limits.FileTypes})
	}
	return err
}
