package main

import (
	"fmt"
	"strings"
)

// finding is one thing that was looked at.
type finding struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Warn bool   `json:"warn,omitempty"` // it works, and should be otherwise
	Note string `json:"note"`
	Do   string `json:"do,omitempty"` // what to do about it
}

// well, should and wrong are the three sorts of finding.
func well(name, format string, args ...any) finding {
	return finding{Name: name, OK: true, Note: fmt.Sprintf(format, args...)}
}

func should(name, note, do string) finding {
	return finding{Name: name, OK: true, Warn: true, Note: note, Do: do}
}

func wrong(name, note, do string) finding { return finding{Name: name, Note: note, Do: do} }

// findings are all of them.
type findings struct {
	OK     bool      `json:"ok"` // nothing is wrong; warnings do not count
	Checks []finding `json:"checks"`
}

func (f findings) String() string {
	var b strings.Builder
	for i, c := range f.Checks {
		if i > 0 {
			b.WriteByte('\n')
		}
		mark := "ok   "
		switch {
		case !c.OK:
			mark = "WRONG"
		case c.Warn:
			mark = "WARN "
		}
		fmt.Fprintf(&b, "%s  %-9s %s", mark, c.Name, c.Note)
		if c.Do != "" {
			b.WriteString("; " + c.Do)
		}
	}
	return b.String()
}

func (f *findings) put(c finding) {
	f.Checks = append(f.Checks, c)
	f.OK = f.OK && c.OK
}

func (f *findings) add(name, note string, err error) {
	if err != nil {
		note = err.Error()
	}
	f.put(finding{Name: name, OK: err == nil, Note: note})
}
