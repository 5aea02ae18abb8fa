package deal_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

var sealed = deal.Secret{Field: "max", Salt: strings.Repeat("01", 32), Value: 2600}
var hidden = deal.Secret{Field: "reservePrice", Salt: strings.Repeat("02", 32), Value: 1500}

// story is a sound log: opened, three entries, two revealed, an award, closed.
func story() []draft {
	const min = time.Minute
	bid := func(who, closesAt string) deal.Body {
		after := deal.Body{"leader": who, "standing": 1000}
		if closesAt != "" {
			after["closesAt"] = closesAt
		}
		return deal.Body{"act": "bid", "max": deal.Committed("d-1", who, sealed), "after": after}
	}
	open := func(of int64, s deal.Secret) deal.Body {
		return deal.Body{"of": of, "field": s.Field, "salt": s.Salt, "value": s.Value}
	}
	return []draft{
		{0, "owner", deal.Opened, deal.Body{"kind": "english", "currency": "USD", "closesAt": deal.FormatTime(start.Add(30 * min)),
			"terms": deal.Body{"reservePrice": deal.Committed("d-1", "owner", hidden)}}},
		{min, "p1", deal.Entered, bid("p1", "")},
		{2 * min, "p2", deal.Entered, bid("p2", deal.FormatTime(start.Add(35*min)))},
		{31 * min, "p1", deal.Changed, deal.Body{"act": "retract", "of": 1, "reason": "typo", "after": deal.Body{}}},
		{40 * min, "owner", deal.Revealed, open(0, hidden)},
		{40 * min, "p1", deal.Revealed, open(1, sealed)},
		{40 * min, "site", deal.Awarded, deal.Body{"to": "p2", "quantity": 2, "unitPrice": 1000, "total": 2000}},
		{40 * min, "site", deal.Closed, deal.Body{"result": "sold", "awards": 1}},
	}
}

// TestTranscript is what a verified log gives.
func TestTranscript(t *testing.T) {
	lines := chained(t, story())
	got, err := deal.VerifyBytes(served(lines), registry)
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := got.Reveal(1, "max"); !ok || v != 2600 {
		t.Errorf("line 1 opens to %d, %t", v, ok)
	}
	if v, ok := got.Reveal(0, "reservePrice"); !ok || v != 1500 {
		t.Errorf("the reserve opens to %d, %t", v, ok)
	}
	if _, ok := got.Reveal(2, "max"); ok {
		t.Error("line 2 is open")
	}
	if !got.IsClosed() || got.End != 7 || got.ClosedBody()["result"] != "sold" || len(got.Awards()) != 1 || got.Awards()[0].Seq != 6 {
		t.Errorf("closing %d %v %v", got.End, got.ClosedBody(), got.Awards())
	}
	if got.Deal != "d-1" || got.Kind != deal.English || got.Currency.Code != "USD" || !got.OpenedAt.Equal(start) || !got.ClosesAt.Equal(start.Add(30*time.Minute)) {
		t.Errorf("%+v", got)
	}
	for n := 1; n < len(lines); n++ {
		if x, err := deal.VerifyLines(lines[:n], registry); err != nil || x.IsClosed() || x.ClosedBody() != nil {
			t.Errorf("open, %d lines: %v", n, err)
		}
	}
}

// TestVerifyNamesTheLine breaks a sound log in one place, all hashes right again; the error names that place.
func TestVerifyNamesTheLine(t *testing.T) {
	set := func(line int64, key string, v any) func([]draft) []draft {
		return func(d []draft) []draft { d[line].body[key] = v; return d }
	}
	who := func(line int64, w string) func([]draft) []draft {
		return func(d []draft) []draft { d[line].who = w; return d }
	}
	for name, c := range map[string]struct {
		line int64
		tell func(d []draft) []draft
	}{
		"not opened first":         {0, func(d []draft) []draft { return d[1:] }},
		"opened by the site":       {0, who(0, "site")},
		"opened twice":             {1, func(d []draft) []draft { return slices.Insert(d, 1, d[0]) }},
		"more in the opening":      {0, set(0, "title", "x")},
		"no terms":                 {0, set(0, "terms", "x")},
		"an unknown kind":          {0, set(0, "kind", "lottery")},
		"an unknown currency":      {0, set(0, "currency", "XXX")},
		"a deadline of no form":    {0, set(0, "closesAt", "soon")},
		"time goes back":           {2, func(d []draft) []draft { d[1].at = 3 * time.Minute; return d }},
		"a name out of order":      {1, who(1, "p2")},
		"a name that skips":        {2, who(2, "p3")},
		"a name with a zero":       {1, who(1, "p01")},
		"a name of zero":           {1, who(1, "p0")},
		"a name of letters":        {1, who(1, "ann")},
		"a name first in a reveal": {5, who(5, "p3")},
		"a kind of line unknown":   {1, func(d []draft) []draft { d[1].kind = "noted"; return d }},
		"a reason in free text":    {3, set(3, "reason", "I changed my mind")},
		"a reason that is none":    {3, set(3, "reason", 5)},
		"entered at the deadline":  {2, func(d []draft) []draft { d[2].at = 30 * time.Minute; return d[:3] }},
		"a deadline moved back": {2, func(d []draft) []draft {
			d[2].body["after"].(deal.Body)["closesAt"] = deal.FormatTime(start.Add(29 * time.Minute))
			return d
		}},
		"a deadline that is no time": {2, func(d []draft) []draft { d[2].body["after"].(deal.Body)["closesAt"] = "later"; return d }},
		"of a later line":            {3, set(3, "of", 3)},
		"of a line before all":       {3, set(3, "of", -1)},
		"of no number":               {3, set(3, "of", "1")},
		"revealed with more":         {4, set(4, "note", 1)},
		"revealed without a salt":    {4, func(d []draft) []draft { delete(d[4].body, "salt"); return d }},
		"another salt":               {5, set(5, "salt", strings.Repeat("00", 32))},
		"another value":              {5, set(5, "value", 2601)},
		"another field":              {5, set(5, "field", "ceiling")},
		"another line opened":        {5, set(5, "of", 2)},
		"opened in another's name":   {5, who(5, "p2")},
		"opened twice over":          {6, func(d []draft) []draft { return slices.Insert(d, 6, d[5]) }},
		"opened out of order":        {5, func(d []draft) []draft { d[4], d[5] = d[5], d[4]; return d }},
		"opened after the award":     {6, func(d []draft) []draft { d[5], d[6] = d[6], d[5]; return d }},
		"opened at another time":     {5, func(d []draft) []draft { return later(d, 5) }},
		"awarded at another time":    {6, func(d []draft) []draft { return later(d, 6) }},
		"closed at another time":     {7, func(d []draft) []draft { return later(d, 7) }},
		"entered after the closing": {5, func(d []draft) []draft {
			return slices.Insert(d, 5, draft{40 * time.Minute, d[1].who, d[1].kind, d[1].body})
		}},
		"changed after the closing": {5, func(d []draft) []draft {
			return slices.Insert(d, 5, draft{40 * time.Minute, d[3].who, d[3].kind, d[3].body})
		}},
		"awarded by the owner":    {6, who(6, "owner")},
		"awarded with more":       {6, set(6, "note", 1)},
		"a sum that is none":      {6, set(6, "total", 1999)},
		"nothing awarded":         {6, set(6, "quantity", 0)},
		"a price below nothing":   {6, func(d []draft) []draft { d[6].body["unitPrice"], d[6].body["total"] = -1, -2; return d }},
		"a sum out of range":      {6, func(d []draft) []draft { d[6].body["unitPrice"] = int64(1<<53 - 1); return d }},
		"closed by the owner":     {7, who(7, "owner")},
		"awards not counted":      {7, set(7, "awards", 2)},
		"awards in words":         {7, set(7, "awards", "1")},
		"closed twice":            {8, func(d []draft) []draft { return append(d, d[7]) }},
		"awarded after the close": {8, func(d []draft) []draft { return append(d, d[6], d[7]) }},
		"opened after the close": {8, func(d []draft) []draft {
			late := d[5]
			late.body = deal.Body{"of": 2, "field": "max", "salt": sealed.Salt, "value": sealed.Value}
			late.who = "p2"
			return append(d, late)
		}},
		"changed after the close":   {8, func(d []draft) []draft { return append(d, fell(d, "retract", 6)) }},
		"fell through, of no award": {8, func(d []draft) []draft { return append(d, fell(d, "fall_through", 5)) }},
		"fell through twice over":   {9, func(d []draft) []draft { return append(d, fell(d, "fall_through", 6), fell(d, "fall_through", 6)) }},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := deal.VerifyBytes(served(chained(t, c.tell(story()))), registry)
			var wrong *deal.LineError
			if !errors.As(err, &wrong) || wrong.Line != c.line || !strings.Contains(err.Error(), wrong.Why) {
				t.Errorf("%v, want line %d", err, c.line)
			}
		})
	}
}

// later lets a line and all after it come a millisecond later.
func later(d []draft, from int) []draft {
	for i := from; i < len(d); i++ {
		d[i].at += time.Millisecond
	}
	return d
}

func fell(d []draft, act string, of int) draft {
	return draft{d[len(d)-1].at, "site", deal.Changed, deal.Body{"act": act, "of": of, "reason": "unpaid", "after": deal.Body{}}}
}

// TestFallThroughIsOneMoreClosing: a change, awards, closed.
func TestFallThroughIsOneMoreClosing(t *testing.T) {
	d := story()
	d = append(d, fell(d, "fall_through", 6), d[6], d[7])
	got, err := deal.VerifyBytes(served(chained(t, d)), registry)
	if err != nil || got.End != 7 {
		t.Errorf("%v", err)
	}
}

// TestReadLog names the line that cannot be read.
func TestReadLog(t *testing.T) {
	log := served(chained(t, story()))
	cut := bytes.IndexByte(log, '\n') + 1
	for name, c := range map[string]struct {
		log  []byte
		line int64
	}{
		"empty":           {nil, 0},
		"no line end":     {log[:len(log)-1], 7},
		"half a line":     {log[:cut+10], 1},
		"an empty line":   {slices.Concat(log[:cut], []byte("\n"), log[cut:]), 1},
		"a carriage":      {bytes.Replace(log, []byte("\n"), []byte("\r\n"), 1), 0},
		"a line too long": {slices.Concat(log[:cut], bytes.Repeat([]byte("x"), 2<<20)), 1},
		"a line left out": {log[cut:], 0},
		"lines swapped":   {swapped(log), 1},
	} {
		_, err := deal.VerifyBytes(c.log, registry)
		var wrong *deal.LineError
		if !errors.As(err, &wrong) || wrong.Line != c.line {
			t.Errorf("%s: %v, want line %d", name, err, c.line)
		}
	}
}

// TestLongLines are refused for their length, before all of one is read.
func TestLongLines(t *testing.T) {
	_, err := deal.VerifyBytes(append(bytes.Repeat([]byte("x"), 4<<20), '\n'), registry)
	if err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("%v", err)
	}
}

func swapped(log []byte) []byte {
	l := bytes.SplitAfter(log, []byte("\n"))
	l[1], l[2] = l[2], l[1]
	return bytes.Join(l, nil)
}

// TestUnchained keeps each line's own hash right and breaks the links between them.
func TestUnchained(t *testing.T) {
	lines := chained(t, story())
	alien, err := deal.Append(lines[1].Head(), "d-2", lines[2].At, deal.LineDraft{Who: "p2", Kind: deal.Entered, Body: lines[2].Body})
	if err != nil {
		t.Fatal(err)
	}
	loose, err := deal.Append(deal.Head{Seq: 1, Hash: lines[0].Hash}, "d-1", lines[2].At, deal.LineDraft{Who: "p2", Kind: deal.Entered, Body: lines[2].Body})
	if err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]deal.Line{"another deal": alien, "another chain": loose, "a number again": lines[1], "a gap": lines[3]} {
		_, err := deal.VerifyLines([]deal.Line{lines[0], lines[1], l}, registry)
		var wrong *deal.LineError
		if !errors.As(err, &wrong) || wrong.Line != 2 {
			t.Errorf("%s: %v, want line 2", name, err)
		}
	}
}

// TestOpenedLine is line 0 as every mechanism writes it.
func TestOpenedLine(t *testing.T) {
	f := deal.Frame{Deal: "d-1", Currency: usd(t), About: hashOf(1), ClosesAt: start}
	got, err := deal.Canonical(deal.OpenedLine(f, deal.English, deal.Body{"startPrice": money.Amount(5)}, nil).Body)
	want := `{"about":"` + hashOf(1) + `","closesAt":"2026-11-22T01:30:00.000Z","currency":"USD","kind":"english","terms":{"startPrice":5}}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
	f.About, f.ClosesAt = "", time.Time{}
	got, err = deal.Canonical(deal.OpenedLine(f, deal.Fixed, deal.Body{}, nil).Body)
	if err != nil || string(got) != `{"currency":"USD","kind":"fixed","terms":{}}` {
		t.Errorf("%s, %v", got, err)
	}
}
