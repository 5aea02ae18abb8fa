package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// terminal is where a command speaks.
type terminal struct {
	out, err io.Writer
	in       io.Reader
	json     bool
}

// say answers with a result, in words or as one line of JSON.
func (t *terminal) say(result fmt.Stringer) error {
	if t.json {
		return json.NewEncoder(t.out).Encode(result)
	}
	_, err := fmt.Fprintln(t.out, result)
	return err
}

// verdict answers with a result that says whether all is well.
func (t *terminal) verdict(result fmt.Stringer, well bool) error {
	if err := t.say(result); err != nil {
		return err
	}
	if !well {
		return errNotWell
	}
	return nil
}

// failure is an error as an answer.
type failure struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
}

// fail gives the exit code of an error, and prints it unless the command has said it all.
func (t *terminal) fail(err error) int {
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errNotWell):
		return 1
	case t.json:
		_ = json.NewEncoder(t.out).Encode(failure{Error: err.Error()})
	default:
		_, _ = fmt.Fprintf(t.err, "haggle: %v\n", err)
	}
	if !errors.As(err, &wrong) {
		return 1
	}
	_, _ = fmt.Fprintln(t.err, "haggle --help, or --help after a command, says what it takes")
	return 2
}
