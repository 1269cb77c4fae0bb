package simulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"unicode/utf8"
)

// object is a JSON object under validation, with its place in the request.
type object struct {
	path   string
	fields map[string]json.RawMessage
}

// parseObject reads an object and refuses keys that Meta does not document.
func parseObject(raw json.RawMessage, path string, allowed ...string) (object, *graphError) {
	o := object{path: path}
	if err := json.Unmarshal(raw, &o.fields); err != nil || o.fields == nil {
		return o, unsupported("Param %s must be a JSON object.", orBody(path))
	}
	for key := range o.fields {
		if !slices.Contains(allowed, key) {
			return o, unsupported("Unexpected key %q on param %q.", key, orBody(path))
		}
	}
	return o, nil
}

func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

func (o object) at(key string) string {
	if o.path == "" {
		return key
	}
	return o.path + "['" + key + "']"
}

func (o object) has(key string) bool { _, ok := o.fields[key]; return ok }

// text reads a string of at most so many characters; 0 means no limit.
func (o object) text(key string, required bool, most int) (string, *graphError) {
	raw, ok := o.fields[key]
	if !ok {
		if required {
			return "", missing(o.at(key))
		}
		return "", nil
	}
	var v string
	if err := json.Unmarshal(raw, &v); err != nil || string(raw) == "null" {
		return "", unsupported("Param %s must be a string.", o.at(key))
	}
	if required && v == "" {
		return "", missing(o.at(key))
	}
	if most > 0 && utf8.RuneCountInString(v) > most {
		return "", unsupported("Param %s must be at most %d characters long.", o.at(key), most)
	}
	return v, nil
}

// oneOf reads a string that must be one of a few.
func (o object) oneOf(key string, allowed ...string) (string, *graphError) {
	v, err := o.text(key, true, 0)
	if err == nil && !slices.Contains(allowed, v) {
		err = invalid("Param %s must be one of %v.", o.at(key), allowed)
	}
	return v, err
}

func (o object) boolean(key string) *graphError {
	var v bool
	raw, ok := o.fields[key]
	if ok && (json.Unmarshal(raw, &v) != nil || string(raw) == "null") {
		return unsupported("Param %s must be a boolean.", o.at(key))
	}
	return nil
}

// child reads an object inside this one.
func (o object) child(key string, allowed ...string) (object, *graphError) {
	raw, ok := o.fields[key]
	if !ok {
		return object{}, missing(o.at(key))
	}
	return parseObject(raw, o.at(key), allowed...)
}

// list reads an array with a number of elements between two bounds.
func (o object) list(key string, least, most int) ([]json.RawMessage, *graphError) {
	raw, ok := o.fields[key]
	if !ok {
		if least == 0 {
			return nil, nil
		}
		return nil, missing(o.at(key))
	}
	var v []json.RawMessage
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return nil, unsupported("Param %s must be an array.", o.at(key))
	}
	if len(v) < least || len(v) > most {
		return nil, invalid("Param %s must have %d to %d elements.", o.at(key), least, most)
	}
	return v, nil
}

// link reads an absolute address with one of http and https.
func (o object) link(key string, required bool) (string, *graphError) {
	v, err := o.text(key, required, 2048)
	if err != nil || v == "" {
		return v, err
	}
	if u, bad := url.Parse(v); bad != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return v, unsupported("Param %s is not a valid URL.", o.at(key))
	}
	return v, nil
}

// firstOf returns the first error of several checks, in their order.
func firstOf(checks ...func() *graphError) *graphError {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
