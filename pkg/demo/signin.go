package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// SignIns says how the staff of the demonstration sign in, in lines to print.
func SignIns(addr string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n  Đăng nhập / sign in: POST http://%s/api/v1/sessions, mật khẩu / password: %s\n", Notice, addr, Password)
	for _, x := range []struct{ name, vi, en string }{
		{ClerkName, "cán bộ một cửa của tỉnh", "clerk of the province's one-stop centre"},
		{CommuneClerkName, "cán bộ một cửa của một phường", "clerk of a commune"},
		{OfficerName, "chuyên viên Sở Tài nguyên và Môi trường", "officer of a department"},
		{SupervisorName, "lãnh đạo tỉnh", "supervisor of the province"},
		{AdministratorName, "quản trị", "administrator"},
		{AuditorName, "kiểm tra, giám sát", "auditor"},
	} {
		fmt.Fprintf(&b, "    %-11s %s / %s\n", x.name, x.vi, x.en)
	}
	return b.String()
}

// SignIn says what the citizen has in hand, in lines to print.
func (c Citizen) SignIn(addr string) string {
	return fmt.Sprintf("  Công dân tra cứu / a citizen looks up: POST http://%s/api/v1/lookup, mã hồ sơ / code: %s, mã bí mật / secret: %s\n", addr, c.Code, c.Secret)
}

// FindCitizen finds the receipt that anybody may know in a database that holds the demonstration, whenever that was made. The fault is
// NotFound "dossier-not-found" in one that does not.
func FindCitizen(ctx context.Context, s *store.Store) (Citizen, error) {
	events, err := s.Journal(ctx, staff.System().Scope(), citizenDossier())
	if err != nil {
		return Citizen{}, err
	}
	f, err := events[0].Read()
	if err != nil {
		return Citizen{}, err
	}
	if f.Intake == nil || f.Intake.SecretHash != dossier.HashSecret(f.Intake.ID, CitizenSecret) {
		return Citizen{}, errors.New("demonstration: the citizen's receipt has another secret")
	}
	return Citizen{Name: f.Intake.Applicant.Name, Code: f.Intake.Code, Secret: CitizenSecret}, nil
}
