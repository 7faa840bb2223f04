package worktime

import (
	"math/bits"
	"strconv"
	"strings"
)

// Amount is an exact decimal number that is not negative, such as 5, 7.5 or 0.333. Amounts that are the same number are ==, however
// they were written. The zero value is 0.
type Amount struct {
	digits uint64 // the number without its point; no trailing zero while scale > 0
	scale  uint8  // how many of the digits stand behind the point, 0 to 18
}

const maxScale = 18 // 10^18 is the largest power of ten that an int64 holds

// Whole is the amount n.
func Whole(n uint32) Amount { return Amount{digits: uint64(n)} }

// ParseAmount reads a decimal in the form of a JSON number: "5", "7.5", "1e3". The error says CodeInvalidAmount, CodeNegativeAmount, or
// CodeAmountTooLarge for more than an Amount holds (18 digits behind the point, 19 in all).
func ParseAmount(s string) (Amount, error) {
	text := s
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(text, "-")
	mantissa, exponent, hasExponent := cutAny(text, "eE")
	power := 0
	if hasExponent {
		var err error
		if power, err = strconv.Atoi(exponent); err != nil {
			if !isExponent(exponent) {
				return Amount{}, failf(CodeInvalidAmount, "%s is not a number", quoteShort(s))
			}
			power = 1 << 30 // past any number; the sign does not matter, both are refused below unless the digits are all zero
		}
	}
	whole, behind, hasPoint := strings.Cut(mantissa, ".")
	if !allDigits(whole) || hasPoint && !allDigits(behind) || len(whole) > 1 && whole[0] == '0' {
		return Amount{}, failf(CodeInvalidAmount, "%s is not a number", quoteShort(s))
	}
	digits := strings.TrimLeft(whole+behind, "0")
	scale := len(behind) - power
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
		scale--
	}
	if digits == "" {
		return Amount{}, nil
	}
	if negative {
		return Amount{}, failf(CodeNegativeAmount, "%s is negative", quoteShort(s))
	}
	if scale > maxScale || scale < -maxScale || len(digits)-min(scale, 0) > maxScale+1 {
		return Amount{}, failf(CodeAmountTooLarge, "%s has more digits than can be counted with", quoteShort(s))
	}
	if scale < 0 {
		digits += strings.Repeat("0", -scale)
		scale = 0
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > 1<<63-1 {
		return Amount{}, failf(CodeAmountTooLarge, "%s has more digits than can be counted with", quoteShort(s))
	}
	return Amount{digits: n, scale: uint8(scale)}, nil
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func isExponent(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-")
	return allDigits(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// quoteShort keeps what a stranger sent from filling an error line.
func quoteShort(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return strconv.Quote(s)
}

// String is the number in plain decimals: "7.5".
func (a Amount) String() string {
	s := strconv.FormatUint(a.digits, 10)
	if a.scale == 0 {
		return s
	}
	if missing := int(a.scale) + 1 - len(s); missing > 0 {
		s = strings.Repeat("0", missing) + s
	}
	point := len(s) - int(a.scale)
	return s[:point] + "." + s[point:]
}

// IsZero says whether it is 0.
func (a Amount) IsZero() bool { return a.digits == 0 }

// IsWhole says whether nothing stands behind the point.
func (a Amount) IsWhole() bool { return a.scale == 0 }

// split gives the whole part and the fraction of it.
func (a Amount) split() (whole uint64, fraction Amount) {
	p := powersOfTen[a.scale]
	rest := Amount{digits: a.digits % p, scale: a.scale}
	if rest.digits == 0 {
		rest.scale = 0
	}
	return a.digits / p, rest
}

// Times is a × n rounded to the nearest whole number; ok is false when that is past an int64.
func (a Amount) Times(n int64) (product int64, ok bool) {
	hi, lo := bits.Mul64(a.digits, uint64(n))
	p := powersOfTen[a.scale]
	lo, carry := bits.Add64(lo, p/2, 0)
	hi += carry
	if hi >= p {
		return 0, false
	}
	q, _ := bits.Div64(hi, lo, p)
	return int64(q), q <= 1<<63-1
}

var powersOfTen = func() (p [maxScale + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// MarshalText is String.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText is ParseAmount.
func (a *Amount) UnmarshalText(text []byte) error {
	parsed, err := ParseAmount(string(text))
	if err == nil {
		*a = parsed
	}
	return err
}

// MarshalJSON writes a JSON number.
func (a Amount) MarshalJSON() ([]byte, error) { return a.MarshalText() }

// UnmarshalJSON reads a JSON number, or a string that holds one.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if len(data) >= 2 && data[0] == '"' {
		data = data[1 : len(data)-1]
	}
	return a.UnmarshalText(data)
}
