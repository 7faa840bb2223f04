package archive

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// openXML is how media types of office documents begin that are ZIPs of parts, one of which says what the others are (ECMA-376, part 2).
const openXML = "application/vnd.openxmlformats-officedocument."

// macroEnabled are the ends of names of documents that may carry programs: one may lie in another.
var macroEnabled = []string{".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam"}

// mostTypes is how many bytes the list of what the parts are may have.
const mostTypes = 1 << 20

// hasMacros says whether an office document carries a program. It is told by the part that holds one, and by what the list says of the parts: programs
// that open the document go by the list, whatever the part is called. The error says that the document cannot be read.
func hasMacros(document io.ReaderAt, size int64) (bool, error) {
	z, err := zip.NewReader(document, size)
	if err != nil {
		return false, err
	}
	listed, macros := false, false
	for _, part := range z.File {
		switch name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/")); {
		case path.Base(name) == "vbaproject.bin", slices.Contains(macroEnabled, path.Ext(name)):
			macros = true
		case strings.TrimPrefix(name, "/") == "[content_types].xml":
			told, err := typesTellMacros(part)
			if err != nil {
				return false, err
			}
			listed, macros = true, macros || told
		}
	}
	if !listed {
		return false, errors.New("nothing says what its parts are")
	}
	return macros, nil
}

// typesTellMacros reads the list.
func typesTellMacros(list *zip.File) (bool, error) {
	r, err := list.Open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	told := false
	for d := xml.NewDecoder(io.LimitReader(r, mostTypes)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return told, nil
		}
		if err != nil {
			return false, err
		}
		element, _ := token.(xml.StartElement)
		for _, a := range element.Attr {
			kind := strings.ToLower(a.Value)
			told = told || strings.Contains(kind, "macroenabled") || strings.Contains(kind, "vbaproject") || strings.Contains(kind, "macrosheet")
		}
	}
}
