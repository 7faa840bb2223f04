package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

type calendarVerb struct {
	Preview calendarPreview `cmd:"" help:"Say what a calendar would do to open dossiers, and change nothing. / Xem trước ảnh hưởng của lịch."`
	Import  calendarImport  `cmd:"" help:"Keep a calendar as the next revision; open dossiers follow. / Nhập lịch làm việc, hẹn lại hồ sơ đang mở."`
}

type calendarFile struct {
	data
	Name string `arg:"" help:"Name of the calendar; 'vn' is the national one."`
	File string `arg:"" help:"Definition as JSON, like configs/calendars/vn.json." type:"existingfile"`
	Act  string `help:"Number and date of the decision; stands on every date that moves."`
}

func (v calendarFile) input() (onestop.CalendarInput, error) {
	definition, err := os.ReadFile(v.File)
	return onestop.CalendarInput{Name: v.Name, Definition: definition, Act: v.Act}, err
}

type calendarPreview struct {
	calendarFile
	JSON bool `name:"json" help:"Print the outcome as JSON."`
}

// Run changes nothing.
func (v calendarPreview) Run() error {
	in, err := v.input()
	if err != nil {
		return err
	}
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		bar := newProgress("hồ sơ / dossiers")
		effects, err := o.PreviewCalendar(ctx, staff.System(), clock(), in, bar.at)
		bar.end()
		if err != nil {
			return err
		}
		if v.JSON {
			return json.NewEncoder(os.Stdout).Encode(effects)
		}
		if len(effects) == 0 {
			fmt.Println("Lịch không thay đổi. / The calendar says what is there.")
		}
		for _, e := range effects {
			printEffect(e)
		}
		return nil
	})
}

func printEffect(e onestop.Effect) {
	fmt.Printf("%s %d: %d hồ sơ đang mở, %d đổi ngày hẹn (%d muộn hơn, %d sớm hơn), %d thành quá hạn, %d hết quá hạn, %d đang tạm dừng.\n",
		e.Calendar, e.Revision, e.Open, e.Moved, e.Later, e.Earlier, e.BecomeLate, e.NoMoreLate, e.Suspended)
	fmt.Printf("%s %d: %d open dossiers, %d move (%d later, %d earlier), %d become late, %d are late no more, %d suspended.\n",
		e.Calendar, e.Revision, e.Open, e.Moved, e.Later, e.Earlier, e.BecomeLate, e.NoMoreLate, e.Suspended)
	for _, days := range slices.Sorted(maps.Keys(e.Days)) {
		fmt.Printf("  %+d ngày / days: %d\n", days, e.Days[days])
	}
	for _, s := range e.Samples {
		mark := ""
		if s.BecomeLate {
			mark = "  quá hạn / late"
		}
		fmt.Printf("  %s: %s → %s%s\n", s.Code, s.Was.In(zone).Format("2006-01-02 15:04"), s.Is.In(zone).Format("2006-01-02 15:04"), mark)
	}
}

type calendarImport struct{ calendarFile }

// Run keeps the calendar and lets the open dossiers follow as far as they can at once; what was under way meanwhile is looked at again by
// the server a minute later.
func (v calendarImport) Run() error {
	in, err := v.input()
	if err != nil {
		return err
	}
	return v.begin(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		revision, err := o.KeepCalendar(ctx, staff.System(), clock(), in)
		if err != nil {
			return err
		}
		fmt.Printf("%s: revision %d\n", v.Name, revision)
		bar := newProgress("hồ sơ / dossiers")
		moved, err := o.FollowCalendars(ctx, clock, process(), func(r store.Replan, total int) { bar.at(r.Checked, total) })
		bar.end()
		if err == nil {
			fmt.Printf("%d hồ sơ được hẹn lại. / %d dossiers got a new date.\n", moved, moved)
		}
		return err
	})
}

type rulesVerb struct {
	Import rulesImport `cmd:"" help:"Add a set of deadline rules. / Thêm bộ quy tắc tính hạn."`
	List   rulesList   `cmd:"" help:"List the sets of rules. / Danh sách bộ quy tắc."`
}

type rulesImport struct {
	data
	File string `arg:"" help:"A set as JSON, like configs/rules/vn-2025-09.json." type:"existingfile"`
}

// Run adds the set; one that is there already never changes.
func (v rulesImport) Run() error {
	body, err := os.ReadFile(v.File)
	if err != nil {
		return err
	}
	r, err := onestop.ReadRules(body)
	if err != nil {
		return err
	}
	return v.begin(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		if err := o.KeepRules(ctx, staff.System(), clock(), r); err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", r.ID, r.EffectiveFrom)
		return nil
	})
}

type rulesList struct{ data }

// Run prints one line a set.
func (v rulesList) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, _ *onestop.Office) error {
		all, err := s.RuleSets(ctx)
		for _, r := range all {
			fmt.Printf("%s\t%s\t%s\t%s\n", r.EffectiveFrom, r.ID, r.Source, r.Forms.Act)
		}
		return err
	})
}
