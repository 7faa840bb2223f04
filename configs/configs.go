// Package configs holds what an operator may edit, as it is delivered: it is built into the binary, so that one file is enough to start.
package configs

import "embed"

// Files are the delivered files under their paths here: calendars/vn.json is the national calendar.
//
//go:embed calendars/*.json
//go:embed rules/*.json
//go:embed processes/*.json
//go:embed identifiers.json
var Files embed.FS
