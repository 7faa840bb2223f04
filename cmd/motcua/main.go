// Command motcua is the catalogue of administrative procedures and the tracker of their dossiers, in one binary with several verbs.
package main

import (
	"fmt"
	"os"
	"strings"
	_ "time/tzdata" // small images have no zone data of their own

	"github.com/alecthomas/kong"

	"github.com/motcua/motcua/pkg/fault"
)

// version is set by the linker.
var version = "development"

// verbs is the whole command line: one field a verb, one file a verb.
type verbs struct {
	Serve         serveVerb         `cmd:"" help:"Start the server. / Chạy máy chủ."`
	Catalogue     catalogueVerb     `cmd:"" help:"Import and count procedures. / Nhập và đếm thủ tục."`
	Agencies      agenciesVerb      `cmd:"" help:"Import agencies. / Nhập cơ quan, đơn vị."`
	Dossiers      dossiersVerb      `cmd:"" help:"Export event logs, import dossiers of another system. / Xuất nhật ký, nhập hồ sơ của hệ thống khác."`
	Report        reportVerb        `cmd:"" help:"Print reports. / In báo cáo."`
	Due           dueVerb           `cmd:"" help:"Answer questions about working time, JSON lines in and out. / Tính hạn trả."`
	Verify        verifyVerb        `cmd:"" help:"Check every dossier against its journal. / Kiểm tra toàn bộ nhật ký."`
	VerifyReceipt verifyReceiptVerb `cmd:"" help:"Check the proof of a receipt with the public key alone. / Kiểm tra giấy tiếp nhận."`
	Ledger        ledgerVerb        `cmd:"" help:"The log over all journals. / Sổ chung của nhật ký."`
	User          userVerb          `cmd:"" help:"Create, list and disable users. / Người dùng."`
	Token         tokenVerb         `cmd:"" help:"Create personal tokens. / Mã truy cập."`
	Explain       explainVerb       `cmd:"" help:"Tell how a dossier's date came about, day by day. / Giải thích ngày hẹn trả."`
	Form          formVerb          `cmd:"" help:"Print a paper of dossiers as PDF. / In biểu mẫu của hồ sơ."`
	Calendar      calendarVerb      `cmd:"" help:"Preview and import working calendars. / Lịch làm việc."`
	Rules         rulesVerb         `cmd:"" help:"Import and list deadline rules. / Quy tắc tính hạn."`
	Scan          scanVerb          `cmd:"" help:"Raise the alerts that are due now. / Quét hồ sơ sắp trễ, trễ hạn."`
	Version       kong.VersionFlag  `help:"Print the version."`
}

func main() {
	if err := unknownKeys(os.Environ()); err != nil {
		fmt.Fprintln(os.Stderr, "motcua:", err)
		os.Exit(2)
	}
	var v verbs
	k := kong.Parse(&v, kong.Name("motcua"), kong.Vars{"version": version}, kong.UsageOnError(),
		kong.Description("Danh mục thủ tục hành chính và theo dõi hồ sơ một cửa. / Catalogue of administrative procedures and tracker of their dossiers."))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "motcua:", told(err))
		os.Exit(1)
	}
}

// told is an error with what stands behind it: over HTTP nobody is to know why a database is gone, here it is for the operator to mend.
func told(err error) string {
	if f := fault.As(err); f != nil && f.Kind == fault.Unavailable && f.Unwrap() != nil {
		return fmt.Sprintf("%v: %v", err, f.Unwrap())
	}
	return err.Error()
}

// environment is every key that some verb reads; what begins like ours and is none of them is a mistake to be told, not ignored.
var environment = []string{
	"MOTCUA_ADDR", "MOTCUA_DATA", "MOTCUA_DATABASE_URL", "MOTCUA_DEMO", "MOTCUA_LOG_LEVEL", "MOTCUA_LATE_SCAN", "MOTCUA_LEDGER_KEY",
	"MOTCUA_LEDGER_NAME", "MOTCUA_CHECKPOINT_URL", "MOTCUA_PUBLIC_URL", "MOTCUA_REGISTER_URL", "MOTCUA_REGISTER_TOKEN",
	"MOTCUA_REGISTER_TIMEOUT", "MOTCUA_REGISTER_SEND", "MOTCUA_REGISTER_FIELDS", "MOTCUA_REGISTER_PER_MINUTE", "MOTCUA_DEMO_REGISTER",
	"MOTCUA_WEBHOOK_NETWORKS", "MOTCUA_SECRETS_KEY", "MOTCUA_MAIL_SERVER", "MOTCUA_MAIL_TLS", "MOTCUA_MAIL_CA", "MOTCUA_MAIL_USER", "MOTCUA_MAIL_PASSWORD",
	"MOTCUA_MAIL_PASSWORD_FILE", "MOTCUA_MAIL_FROM", "MOTCUA_MAIL_TO", "MOTCUA_MAIL_AT",
	"MOTCUA_FILES", "MOTCUA_FILES_ACCESS_KEY", "MOTCUA_FILES_SECRET_KEY", "MOTCUA_FILE_SIZE", "MOTCUA_FILE_TYPES",
}

func unknownKeys(environ []string) error {
	for _, line := range environ {
		key, _, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(key, "MOTCUA_") || strings.HasPrefix(key, "MOTCUA_TEST_") {
			continue
		}
		known := false
		for _, k := range environment {
			known = known || k == key
		}
		if !known {
			return fmt.Errorf("configuration key %s does not exist; there are %s", key, strings.Join(environment, ", "))
		}
	}
	return nil
}
