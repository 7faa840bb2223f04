package dossier

import (
	"fmt"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
)

// Code is the dossier code (mã hồ sơ): identifier of the receiving agency, date of intake, running number of that day (TT 01/2018/TT-VPCP
// art. 19).
func Code(identifier string, day catalog.Date, n int) string {
	return fmt.Sprintf("%s-%s-%04d", identifier, strings.ReplaceAll(string(day), "-", "")[2:], n)
}
