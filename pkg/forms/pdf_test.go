package forms_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/forms"
)

var (
	pageBox = regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`)
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	shown   = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) Tj`)
	escapes = regexp.MustCompile(`(?s)\\(.)`)
)

// document is what a reader of PDF makes of one.
type document struct {
	pages [][2]string // width and height of each, in points
	text  string      // of all pages, one line for each piece of text
	fonts int         // embedded
}

func read(t *testing.T, body []byte) document {
	t.Helper()
	if !bytes.HasPrefix(body, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(body), []byte("%%EOF")) {
		t.Fatalf("no PDF: %d bytes", len(body))
	}
	d := document{fonts: bytes.Count(body, []byte("/FontFile2 "))}
	for _, m := range regexp.MustCompile(`(?s)/Type /Page\n.*?endobj`).FindAll(body, -1) {
		size := [2]string{"419.53", "595.28"} // A5, the document's own
		if b := pageBox.FindSubmatch(m); b != nil {
			size = [2]string{string(b[1]), string(b[2])}
		}
		d.pages = append(d.pages, size)
	}
	var lines []string
	for _, m := range streams.FindAllSubmatch(body, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue // not packed: no page
		}
		content, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(content, []byte(" Tj")) {
			continue
		}
		for _, s := range shown.FindAllSubmatch(content, -1) {
			raw := escapes.ReplaceAllFunc(s[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte("\r")
				}
				return e[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			lines = append(lines, string(utf16.Decode(units)))
		}
	}
	d.text = strings.Join(lines, "\n")
	return d
}

// flat is a text without its line breaks, which depend on widths.
func flat(s string) string { return strings.Join(strings.Fields(s), "") }

func printed(t *testing.T, sheets ...forms.Sheet) document {
	t.Helper()
	body, err := forms.PDF(setB, sheets...)
	if err != nil {
		t.Fatal(err)
	}
	again, err := forms.PDF(setB, sheets...)
	if err != nil || !bytes.Equal(body, again) {
		t.Errorf("the same paper printed twice is not the same: %v", err)
	}
	return read(t, body)
}

func TestEachFormOfBothSetsIsPrintedOnA5WithItsText(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{setA, setB} {
		for name, l := range lives(t, at) {
			s := forms.Fill(name, l.paper(name))
			d := printed(t, s)
			if len(d.pages) != 1 || d.pages[0] != [2]string{"419.53", "595.28"} || d.fonts != 3 {
				t.Errorf("the %s: %v with %d fonts", name, d.pages, d.fonts)
			}
			text := flat(d.text)
			for _, word := range append(told[name], l.d.Code, s.Cited) {
				if !strings.Contains(strings.ToUpper(text), strings.ToUpper(flat(word))) { // heads and signatures are in capitals
					t.Errorf("the %s lacks %q:\n%s", name, word, d.text)
				}
			}
		}
	}
}

// A receipt is printed twice for whoever comes: with a checklist and fees as most have them, each copy is one leaf.
func TestAnOrdinaryReceiptIsOneLeaf(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{setA, setB} {
		p := lives(t, at)[dossier.FormReceipt].paper(dossier.FormReceipt)
		p.Agencies = maps.Clone(p.Agencies)
		p.Agencies[commune] = forms.Agency{Name: "Ủy ban nhân dân phường Phước Mỹ Trung", Above: "Ủy ban nhân dân tỉnh Thử", Place: "Phước Mỹ Trung", Kind: catalog.CommuneCommittee}
		p.By.Name, p.Dossier.SecretHash = "Nguyễn Hoàng Thị Phương Thảo", "of some secret"
		p.Dossier.Fees = []dossier.Fee{
			{FeeLine: dossier.FeeLine{No: 1, Kind: dossier.Charge, VND: new(int64(1_250_000))}, State: dossier.FeePaid},
			{FeeLine: dossier.FeeLine{No: 2, Kind: dossier.Levy, VND: new(int64(100_000))}, State: dossier.FeeUnpaid},
		}
		p.Components = nil
		for _, name := range []string{
			"Đơn đăng ký, cấp Giấy chứng nhận (Mẫu số 15 ban hành kèm theo Nghị định số 151/2025/NĐ-CP)", "Giấy tờ về quyền sử dụng đất quy định tại Điều 137 Luật Đất đai",
			"Sơ đồ nhà ở, công trình xây dựng", "Chứng từ đã thực hiện nghĩa vụ tài chính", "Trích đo bản đồ địa chính thửa đất", "Văn bản ủy quyền",
			"Giấy chứng nhận quyền sử dụng đất đã cấp", "Bản sao căn cước công dân của người sử dụng đất",
		} {
			p.Components = append(p.Components, forms.Component{Name: name, Original: 1, Copy: 1})
		}
		d := printed(t, forms.Receipt(p))
		if len(d.pages) != 1 {
			t.Errorf("%d leaves", len(d.pages))
		}
		for _, words := range []string{"còn phải nộp: 100.000 đồng.", "Mã bí mật: ………", "Nguyễn Hoàng Thị Phương Thảo", "người nhận thay mang thêm giấy ủy quyền."} {
			if !strings.Contains(flat(d.text), flat(words)) {
				t.Errorf("%q is not on it", words)
			}
		}
		p.Components = append(p.Components, p.Components...)
		if d = printed(t, forms.Receipt(p)); len(d.pages) != 2 || !strings.Contains(d.text, p.Dossier.Code+" – 2") {
			t.Errorf("a long one has %d leaves, the second without its number", len(d.pages))
		}
	}
}

func TestARegisterIsDatedNoLaterThanItIsPrinted(t *testing.T) {
	t.Parallel()
	l := ledger(t, setB)
	for printed, dated := range map[time.Time]string{l.Printed: "Một, ngày 04 tháng 3 năm 2026", setB.AddDate(0, 0, 2): "Một, ngày 07 tháng 02 năm 2026"} {
		l.Printed = printed
		if s := forms.Register(l); s.Head.Place != dated || !strings.Contains(wordsOf(s), "đến ngày 04 tháng 3 năm 2026") {
			t.Errorf("printed on %s: %s", printed, s.Head.Place)
		}
	}
}

func TestTheRegisterLiesOnA4AndRepeatsItsHead(t *testing.T) {
	t.Parallel()
	l := ledger(t, setB)
	for range 5 {
		l.Dossiers = append(l.Dossiers, l.Dossiers...)
	}
	d := printed(t, forms.Register(l))
	if len(d.pages) < 10 {
		t.Fatalf("%d dossiers on %d leaves", len(l.Dossiers), len(d.pages))
	}
	for _, size := range d.pages {
		if size != [2]string{"841.89", "595.28"} {
			t.Fatalf("a leaf of %v", size)
		}
	}
	if n := strings.Count(d.text, "Mã hồ sơ"); n != len(d.pages) {
		t.Errorf("%d heads on %d leaves", n, len(d.pages))
	}
	if n := strings.Count(flat(d.text), flat(l.Dossiers[0].Code)); n != len(l.Dossiers) {
		t.Errorf("%d of %d dossiers", n, len(l.Dossiers))
	}
}

func TestSeveralDossiersStandInOneDocument(t *testing.T) {
	t.Parallel()
	l := lives(t, setB)
	d := printed(t, forms.Fill(dossier.FormReceipt, l[dossier.FormReceipt].paper(dossier.FormReceipt)),
		forms.Fill(dossier.FormControlSlip, l[dossier.FormControlSlip].paper(dossier.FormControlSlip)), forms.Register(ledger(t, setB)))
	if len(d.pages) != 3 || d.pages[2] != [2]string{"841.89", "595.28"} || d.fonts != 3 {
		t.Errorf("%+v", d.pages)
	}
}

func TestTheTypefaceHasEveryVietnameseLetter(t *testing.T) {
	t.Parallel()
	const letters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ0123456789₫–…"
	p := paper()
	p.Dossier.Applicant.Name, p.Dossier.Applicant.Address = letters, strings.ToUpper(letters)
	if text := flat(printed(t, forms.Receipt(p)).text); !strings.Contains(text, letters) || !strings.Contains(text, strings.ToUpper(letters)) {
		t.Errorf("letters are missing: %s", text)
	}
}

func TestNoTextBreaksALetter(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ưỡ", 100)
	for what, name := range map[string]string{
		"a very long name":         strings.TrimSpace(strings.Repeat("Nguyễn Thị Thùy Dương ", 60)),
		"a word of 200 letters":    long,
		"an emoji":                 "Nguyễn 👨‍👩‍👧 Văn ❤️ Mẫu 𝕏",
		"line breaks":              "Nguyễn\r\nVăn\n\n\nMẫu\t\x00\x07",
		"letters put together":     "Nguye\u0302\u0303n Va\u0306n Ma\u0302\u0303u",
		"what is no UTF-8":         "Nguyễn \xff\xfe Văn",
		"signs of PDF":             `Nguyễn (Văn) \ Mẫu) Tj ET`,
		"other scripts":            "王小明 Иван עברית \u202eabc",
		"nothing":                  "",
		"spaces":                   "   ",
		"a paragraph of ten pages": strings.Repeat("Ủy ban nhân dân xã ghi nhận. ", 2000),
	} {
		p := paper()
		p.Dossier.Applicant.Name, p.Dossier.Procedure.Name, p.Promise.Reason = name, name, name
		p.Components = []forms.Component{{Name: name}}
		p.HandOvers = []forms.HandOver{{Giver: name, Note: name, At: setB}}
		for _, make := range []func(forms.Paper) forms.Sheet{forms.Receipt, forms.Apology, forms.ControlSlip} {
			s := make(p)
			d := printed(t, s)
			if len(d.pages) == 0 {
				t.Errorf("%s: no pages", what)
			}
			if !strings.Contains(d.text, "Độc lập") {
				t.Errorf("%s: %q", what, d.text)
			}
			if what == "a word of 200 letters" && !strings.Contains(flat(d.text), long) {
				t.Errorf("letters of %s are lost", what)
			}
			if what == "an emoji" && !strings.Contains(flat(d.text), "Nguyễn???Văn?Mẫu?") {
				t.Errorf("what the typeface lacks leaves no trace: %s", d.text)
			}
			if what == "letters put together" && !strings.Contains(flat(d.text), "NguyễnVănMẫu") {
				t.Errorf("%s are not one code each", what)
			}
			if _, err := forms.HTML(s); err != nil {
				t.Errorf("%s as a page: %v", what, err)
			}
		}
	}
}
