package fault

import (
	"encoding/json"
	"errors"
	"fmt"
)

// MarshalJSON keeps format and arguments apart, so that what was kept can be said in another language later: an array of the format and its
// arguments, in which a Text is an array again. Of arguments only whole numbers and Texts stay what they are; all else is kept as it reads.
func (t Text) MarshalJSON() ([]byte, error) {
	all := []any{t.Format}
	for _, a := range t.Args {
		switch a.(type) {
		case Text, int, int64:
		default:
			a = fmt.Sprint(a)
		}
		all = append(all, a)
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Text) UnmarshalJSON(kept []byte) error {
	var all []json.RawMessage
	if err := json.Unmarshal(kept, &all); err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("a text has a format")
	}
	*t = Text{}
	if err := json.Unmarshal(all[0], &t.Format); err != nil {
		return err
	}
	for _, a := range all[1:] {
		x, err := argument(a)
		if err != nil {
			return err
		}
		t.Args = append(t.Args, x)
	}
	return nil
}

func argument(kept json.RawMessage) (any, error) {
	switch kept[0] {
	case '[':
		return read[Text](kept)
	case '"':
		return read[string](kept)
	}
	return read[int64](kept)
}

func read[T any](kept json.RawMessage) (any, error) {
	var x T
	err := json.Unmarshal(kept, &x)
	return x, err
}
