package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// AddProcedure keeps a new procedure with its first version. Ids that are not given are made. The fault is Conflict
// "procedure-exists" if the code is taken.
func (s *Store) AddProcedure(ctx context.Context, p catalog.Procedure, at time.Time) error {
	p.Version = 1
	if p.ID == uuid.Nil {
		p.ID = uuid.Must(uuid.NewV7())
	}
	row, version, err := rowsOfProcedure(p, at)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.writer(ctx).Create(&row).Error; err != nil {
			return s.taken("add procedure", err, "procedure-exists", "a procedure of this code is already there")
		}
		if err := s.writer(ctx).Create(&version).Error; err != nil {
			return s.fault("add procedure", err)
		}
		return s.setTerms(ctx, p)
	})
}

// AddProcedureVersion keeps one more version, which comes into force at once; older ones stay as they are. p.Version must be one more
// than the version in force, or 0; else the fault is Stale "procedure-changed".
func (s *Store) AddProcedureVersion(ctx context.Context, p catalog.Procedure, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		var current procedureRow
		if err := s.reader(ctx).Select("version").Where("id = ?", p.ID).Take(&current).Error; err != nil {
			return s.missing("procedure", err, "procedure-not-found", "there is no such procedure")
		}
		if p.Version == 0 {
			p.Version = current.Version + 1
		}
		row, version, err := rowsOfProcedure(p, at)
		if err != nil {
			return err
		}
		done := s.writer(ctx).Model(&procedureRow{}).Where("id = ? AND version = ?", p.ID, p.Version-1).Select("*").Omit("id").Updates(&row)
		if done.Error != nil {
			return s.taken("change procedure", done.Error, "procedure-exists", "a procedure of this code is already there")
		}
		if done.RowsAffected == 0 {
			return fault.New(fault.Stale, "procedure-changed", "the procedure is at version %d", current.Version)
		}
		if err := s.writer(ctx).Create(&version).Error; err != nil {
			return s.fault("add procedure version", err)
		}
		return s.setTerms(ctx, p)
	})
}

func (s *Store) setTerms(ctx context.Context, p catalog.Procedure) error {
	if err := s.writer(ctx).Where("procedure_id = ?", p.ID).Delete(&procedureTermRow{}).Error; err != nil {
		return s.fault("set terms", err)
	}
	seen := map[procedureTermRow]bool{}
	var rows []procedureTermRow
	for _, t := range p.Promised() {
		if r := termRow(p.ID, t); !seen[r] {
			seen[r] = true
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return s.fault("set terms", s.writer(ctx).Create(&rows).Error)
}

// procedureContent is what a page of procedures is read from.
type procedureContent struct {
	ProcedureID uuid.UUID
	ID          uuid.UUID
	Version     int
	Content     string
}

const procedureContents = `SELECT v.procedure_id, v.id, v.version, v.content
	FROM procedures p JOIN procedure_versions v ON v.id = p.version_id`

// Procedure finds the version in force by code. The error is NotFound "procedure-not-found".
func (s *Store) Procedure(ctx context.Context, code string) (catalog.Procedure, error) {
	var row procedureContent
	err := s.reader(ctx).Raw(procedureContents+" WHERE p.code = ?", code).Take(&row).Error
	if err != nil {
		return catalog.Procedure{}, s.missing("procedure", err, "procedure-not-found", "there is no such procedure")
	}
	return row.procedure()
}

// ProcedureBefore finds by code the version that was in force just before the instant: the newest one recorded by then, else the first,
// since what is recorded first was there before. The error is NotFound "procedure-not-found".
func (s *Store) ProcedureBefore(ctx context.Context, code string, at time.Time) (catalog.Procedure, error) {
	var row procedureContent
	err := s.reader(ctx).Raw(`SELECT v.procedure_id, v.id, v.version, v.content FROM procedures p JOIN procedure_versions v ON v.procedure_id = p.id
		WHERE p.code = ? AND (v.version = 1 OR v.recorded_at < ?) ORDER BY v.version DESC LIMIT 1`, code, instant(at)).Take(&row).Error
	if err != nil {
		return catalog.Procedure{}, s.missing("procedure", err, "procedure-not-found", "there is no such procedure")
	}
	return row.procedure()
}

// ProcedureVersion finds a version by its id, in force or not. The error is NotFound "procedure-not-found".
func (s *Store) ProcedureVersion(ctx context.Context, id uuid.UUID) (catalog.Procedure, error) {
	var row procedureContent
	err := s.reader(ctx).Raw("SELECT procedure_id, id, version, content FROM procedure_versions WHERE id = ?", id).Take(&row).Error
	if err != nil {
		return catalog.Procedure{}, s.missing("procedure version", err, "procedure-not-found", "there is no such version of a procedure")
	}
	return row.procedure()
}

// ProcedureHash says which content of a procedure is in force.
type ProcedureHash struct {
	ID      uuid.UUID
	Version int
	Hash    string // see HashProcedure
}

// ProcedureHashes maps every code to its content in force, for an import that must change nothing twice.
func (s *Store) ProcedureHashes(ctx context.Context) (map[string]ProcedureHash, error) {
	var rows []procedureRow
	if err := s.reader(ctx).Select("id", "code", "version", "content_sha256").Find(&rows).Error; err != nil {
		return nil, s.fault("procedure hashes", err)
	}
	all := make(map[string]ProcedureHash, len(rows))
	for _, r := range rows {
		all[r.Code] = ProcedureHash{ID: r.ID, Version: r.Version, Hash: r.ContentSHA256}
	}
	return all, nil
}

// HashProcedure is the SHA-256, in hex, of the content that would be kept; ids and version number do not count.
func HashProcedure(p catalog.Procedure) (string, error) {
	_, hash, err := content(p)
	return hash, err
}

func content(p catalog.Procedure) (string, string, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return "", "", fmt.Errorf("procedure %s: %w", p.Code, err)
	}
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:]), nil
}

func (c procedureContent) procedure() (catalog.Procedure, error) {
	var p catalog.Procedure
	if err := json.Unmarshal([]byte(c.Content), &p); err != nil {
		return p, fmt.Errorf("procedure version %s: %w", c.ID, err)
	}
	p.ID, p.VersionID, p.Version = c.ProcedureID, c.ID, c.Version
	return p, nil
}

func rowsOfProcedure(p catalog.Procedure, at time.Time) (procedureRow, procedureVersionRow, error) {
	if p.VersionID == uuid.Nil {
		p.VersionID = uuid.Must(uuid.NewV7())
	}
	text, hash, err := content(p)
	agencies := strings.Join(append(append([]string{}, p.Agencies...), p.Authorities...), " | ")
	row := procedureRow{
		ID: p.ID, Code: p.Code, Version: p.Version, VersionID: p.VersionID, Name: p.Name, Field: p.Field, FieldCode: p.FieldCode,
		HomeLevel: string(p.HomeLevel), Levels: listed(p.Levels), AgenciesFold: catalog.Fold(agencies),
		Interconnections: listed(p.Interconnections), OnlineLevel: string(p.OnlineLevel), Status: string(p.Status),
		OnTheSpot: p.OnTheSpot, Shared: p.Shared(), Shortened: p.Shortened(), NeedsReview: p.NeedsReview(),
		SearchFold:    catalog.Fold(strings.Join([]string{p.Code, p.Name, p.Field, agencies}, " ")),
		ContentSHA256: hash, ChangedAt: instant(at),
	}
	version := procedureVersionRow{
		ID: p.VersionID, ProcedureID: p.ID, Version: p.Version, Content: text, ContentSHA256: hash, RecordedAt: instant(at),
	}
	return row, version, err
}

// listed writes names so that each can be found between its commas.
func listed[T ~string](all []T) string {
	var b strings.Builder
	for _, x := range all {
		b.WriteString("," + string(x))
	}
	if b.Len() > 0 {
		b.WriteString(",")
	}
	return b.String()
}

func termRow(procedure uuid.UUID, t worktime.Term) procedureTermRow {
	value, _ := strconv.ParseFloat(t.Value.String(), 64) // an Amount is always a decimal
	return procedureTermRow{ProcedureID: procedure, Unit: string(t.Unit), Value: value}
}
