package population

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// mapping is the usual pointers with those given in their place. An empty pointer leaves a field out.
func mapping(usual, given map[string]string) (map[string]string, error) {
	all := make(map[string]string, len(usual))
	for name, pointer := range usual {
		all[name] = pointer
	}
	for name, pointer := range given {
		if _, known := usual[name]; !known {
			return nil, fmt.Errorf("the register's mapping names %q, which is no field", name)
		}
		if pointer != "" && !strings.HasPrefix(pointer, "/") {
			return nil, fmt.Errorf("the register's mapping of %s is no JSON pointer like /person/name", name)
		}
		all[name] = pointer
	}
	return all, nil
}

// tokens are the parts of a JSON pointer (RFC 6901).
func tokens(pointer string) []string {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, p := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
	}
	return parts
}

// find is what the pointer leads to, nil if nothing.
func find(document any, pointer string) any {
	if pointer == "" {
		return nil
	}
	for _, token := range tokens(pointer) {
		switch x := document.(type) {
		case map[string]any:
			document = x[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			document = x[i]
		default:
			return nil
		}
	}
	return document
}

// put sets a text where the pointer leads, making the objects on the way.
func put(document map[string]any, pointer, value string) {
	if pointer == "" {
		return
	}
	parts := tokens(pointer)
	for _, token := range parts[:len(parts)-1] {
		next, ok := document[token].(map[string]any)
		if !ok {
			next = map[string]any{}
			document[token] = next
		}
		document = next
	}
	document[parts[len(parts)-1]] = value
}

// text is a string or number as text, "" for anything else. A text that is long is none of ours.
func text(v any) string {
	s := ""
	switch x := v.(type) {
	case string:
		s = strings.TrimSpace(strings.ReplaceAll(x, "\x00", ""))
	case float64:
		b, _ := json.Marshal(x) // a number that was read can be written
		s = string(b)
	}
	if len(s) > 500 {
		return ""
	}
	return s
}
