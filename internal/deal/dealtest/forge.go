package dealtest

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"haggle/internal/deal"
)

// Draft is a log line before it is chained, free to be forged.
type Draft struct {
	At   time.Time
	Who  string
	Kind deal.LineKind
	Body deal.Body
}

// Drafts takes lines out of their chain. Nothing of a draft is shared with its line.
func Drafts(lines []deal.Line) []Draft {
	out := make([]Draft, len(lines))
	for i, l := range lines {
		out[i] = Draft{At: l.At, Who: l.Who, Kind: l.Kind, Body: cloned(l.Body).(deal.Body)}
	}
	return out
}

func cloned(v any) any {
	switch v := v.(type) {
	case deal.Body:
		b := maps.Clone(v)
		for k, x := range b {
			b[k] = cloned(x)
		}
		return b
	case []any:
		l := slices.Clone(v)
		for i := range l {
			l[i] = cloned(l[i])
		}
		return l
	}
	return v
}

// Chain numbers and chains drafts to a log whose hashes are all right.
func Chain(t T, drafts []Draft) []byte {
	t.Helper()
	head := deal.NewHead()
	var lines []deal.Line
	for _, x := range drafts {
		l, err := deal.Append(head, ID, x.At, deal.LineDraft{Who: x.Who, Kind: x.Kind, Body: x.Body})
		if err != nil {
			t.Fatalf("chain: %v", err)
		}
		lines, head = append(lines, l), l.Head()
	}
	return Joined(lines)
}

// Joined is lines as they are served.
func Joined(lines []deal.Line) []byte {
	var b bytes.Buffer
	for _, l := range lines {
		b.Write(l.Raw)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
