package group

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/testenv"
)

func TestAuditAcceptsAForeignLog(t *testing.T) {
	raw, err := os.ReadFile(testenv.Shared(t, "data", "log_group.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := deal.VerifyBytes(raw, registry)
	if err != nil || !x.IsClosed() {
		t.Fatalf("closed: %v, %v", x != nil && x.IsClosed(), err)
	}
	for i := range raw {
		forged := bytes.Clone(raw)
		forged[i] ^= 1
		if _, err := deal.VerifyBytes(forged, registry); err == nil {
			t.Fatalf("byte %d changed from %q to %q and nobody saw it", i, raw[i], forged[i])
		}
	}
	for n := 1; n < len(x.Lines)-1; n++ {
		if _, err := deal.VerifyLines(x.Lines[:n], registry); err != nil {
			t.Errorf("its first %d lines: %v", n, err)
		}
	}
}

// draft is a line that can be changed and chained anew.
type draft struct {
	at time.Time
	deal.LineDraft
}

func drafts(lines []deal.Line) []draft {
	out := make([]draft, len(lines))
	for i, l := range lines {
		out[i] = draft{l.At, deal.LineDraft{Who: l.Who, Kind: l.Kind, Body: deepCopy(l.Body).(deal.Body)}}
	}
	return out
}

func deepCopy(v any) any {
	switch v := v.(type) {
	case deal.Body:
		c := maps.Clone(v)
		for k := range c {
			c[k] = deepCopy(c[k])
		}
		return c
	case []any:
		c := slices.Clone(v)
		for i := range c {
			c[i] = deepCopy(c[i])
		}
		return c
	default:
		return v
	}
}

// chained writes drafts as a log whose hashes are all right, as a forger with a site of his own would.
func chained(t failer, id string, ds []draft) []byte {
	head := deal.NewHead()
	var lines []deal.Line
	for _, d := range ds {
		l, err := deal.Append(head, id, d.at, d.LineDraft)
		if err != nil {
			t.Fatalf("chain: %v", err)
		}
		lines, head = append(lines, l), l.Head()
	}
	return asServed(lines)
}

// reread gives a market's lines as a reader parses them.
func reread(t failer, k *market) []deal.Line {
	lines, err := deal.ReadLog(bytes.NewReader(k.log()))
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return lines
}

// forgeable is a closed deal with a withdrawal, a replaced pledge, an opened ceiling and three awards:
//
//	0 opened · 1 anna 4 · 2 ben 6 at 720 · 3 carl 5 at 640 · 4 dora 3 · 5 dora withdraws · 6 anna 6 · 7 eve 2 ·
//	8 carl's ceiling revealed · 9 anna 6 · 10 ben 6 · 11 eve 2 · 12 closed at tier 2
func forgeable(t failer) *market {
	k := opened(t, ladder())
	k.pledge("anna", 4, 0, 0)
	k.at(time.Minute).pledge("ben", 6, 0, 72000)
	k.pledge("carl", 5, 0, 64000)
	k.pledge("dora", 3, 0, 0)
	if _, err := k.withdraw("dora"); err != nil {
		t.Fatalf("withdraw: %v", err)
	}
	k.pledge("anna", 6, 0, 0)
	k.pledge("eve", 2, 0, 0)
	return k.close()
}

func TestAuditRefusesForgeries(t *testing.T) {
	k := forgeable(t)
	if err := k.verify(); err != nil {
		t.Fatal(err)
	}
	without := func(i int) func([]draft) []draft {
		return func(ds []draft) []draft { return slices.Delete(ds, i, i+1) }
	}
	set := func(i int, key string, value any) func([]draft) []draft {
		return func(ds []draft) []draft { ds[i].Body[key] = value; return ds }
	}
	after := func(i int, key string, value any) func([]draft) []draft {
		return func(ds []draft) []draft { ds[i].Body["after"].(deal.Body)[key] = value; return ds }
	}
	closed := func(awards int64) deal.Body {
		return deal.Body{"result": "sold", "awards": awards, "tier": int64(2), "pieces": int64(14), "unitPrice": int64(72000)}
	}
	one := deal.Secret{Field: "ceiling", Salt: k.secrets[7][0].Salt, Value: k.secrets[7][0].Value}
	for _, c := range []struct {
		name  string
		line  int64 // where it must be seen
		forge func([]draft) []draft
	}{
		{"terms without a minimum", 0, func(ds []draft) []draft { delete(ds[0].Body["terms"].(deal.Body), "minimum"); return ds }},
		{"terms with a name", 0, func(ds []draft) []draft { ds[0].Body["terms"].(deal.Body)["owner"] = "olga"; return ds }},
		{"terms that nobody could open", 0, func(ds []draft) []draft { ds[0].Body["terms"].(deal.Body)["minimum"] = int64(1); return ds }},
		{"another tier's threshold", 8, func(ds []draft) []draft {
			ds[0].Body["terms"].(deal.Body)["tiers"].([]any)[2].(deal.Body)["from"] = int64(19)
			return ds
		}},
		{"no deadline", 0, func(ds []draft) []draft { delete(ds[0].Body, "closesAt"); return ds }},
		{"a later deadline", 12, func(ds []draft) []draft {
			ds[0].Body["closesAt"] = deal.FormatTime(start.Add(2 * time.Hour))
			return ds
		}},
		{"pieces of an after", 2, after(2, "pieces", int64(9))},
		{"a price without a tier", 1, after(1, "unitPrice", int64(80000))},
		{"a tier without its price", 6, func(ds []draft) []draft { delete(ds[6].Body["after"].(deal.Body), "unitPrice"); return ds }},
		{"a tier that is not there", 6, after(6, "tier", int64(4))},
		{"a moved deadline", 3, after(3, "closesAt", deal.FormatTime(start.Add(2*time.Hour)))},
		{"a larger quantity", 1, set(1, "quantity", int64(5))},
		{"a tolerance", 1, set(1, "tolerance", int64(1))},
		{"an open ceiling", 1, set(1, "ceiling", int64(80000))},
		{"a note", 1, set(1, "note", "hello")},
		{"another act", 1, set(1, "act", "bid")},
		{"a limit per person that a pledge passes", 3, func(ds []draft) []draft {
			ds[0].Body["terms"].(deal.Body)["perPerson"] = int64(4)
			for _, i := range []int{2, 6} { // ben and anna stay within it
				ds[i].Body["quantity"] = int64(4)
			}
			ds[2].Body["after"].(deal.Body)["pieces"], ds[3].Body["after"].(deal.Body)["pieces"] = int64(8), int64(13)
			return ds
		}},
		{"a pledge by the owner", 6, func(ds []draft) []draft { ds[6].Who = "owner"; return ds }},
		{"a withdrawal of an older pledge", 5, set(5, "of", int64(3))},
		{"a withdrawal by another", 5, func(ds []draft) []draft { ds[5].Who = "p1"; return ds }},
		{"no withdrawal", 5, without(5)},
		{"a change of another sort", 5, set(5, "act", "discount")},
		{"a missing opened ceiling", 8, without(8)},
		{"a ceiling opened without need", 9, func(ds []draft) []draft {
			r := draft{ds[8].at, deal.LineDraft{Who: "p5", Kind: deal.Revealed, Body: deal.Body{"of": int64(7), "field": one.Field, "salt": one.Salt, "value": one.Value}}}
			return slices.Insert(ds, 9, r)
		}},
		{"a larger award", 9, func(ds []draft) []draft {
			ds[9].Body["quantity"], ds[9].Body["total"] = int64(7), int64(7*72000)
			return ds
		}},
		{"a dearer award", 10, func(ds []draft) []draft {
			ds[10].Body["unitPrice"], ds[10].Body["total"] = int64(80000), int64(6*80000)
			return ds
		}},
		{"an award to another", 9, set(11, "to", "p3")},
		{"awards in another order", 9, func(ds []draft) []draft { ds[9], ds[10] = ds[10], ds[9]; return ds }},
		{"one award less", 9, func(ds []draft) []draft { ds[12].Body = closed(2); return slices.Delete(ds, 11, 12) }},
		{"one award more", 12, func(ds []draft) []draft {
			ds[12].Body = closed(4)
			return slices.Insert(ds, 12, ds[11])
		}},
		{"a reveal behind the awards", 11, func(ds []draft) []draft {
			r := ds[8]
			ds = slices.Delete(ds, 8, 9)
			return slices.Insert(ds, 11, r)
		}},
		{"another tier", 12, set(12, "tier", int64(1))},
		{"other pieces", 12, set(12, "pieces", int64(13))},
		{"no tier", 12, func(ds []draft) []draft { delete(ds[12].Body, "tier"); return ds }},
		{"a reason for a sale", 12, set(12, "reason", "typo")},
		{"a note in the result", 12, set(12, "note", int64(1))},
		{"closed before the deadline", 12, func(ds []draft) []draft {
			for i := 8; i < len(ds); i++ {
				ds[i].at = start.Add(59 * time.Minute)
			}
			return ds
		}},
		{"awards at another time", 9, func(ds []draft) []draft {
			for i := 9; i < len(ds); i++ {
				ds[i].at = ds[i].at.Add(time.Second)
			}
			return ds
		}},
		{"failed instead", 9, func(ds []draft) []draft {
			return append(slices.Delete(ds, 9, len(ds)), draft{ds[8].at, deal.LineDraft{Who: "site", Kind: deal.Closed,
				Body: deal.Body{"result": "failed", "reason": "below_minimum", "awards": int64(0)}}})
		}},
		{"cancelled after the deadline", 8, func(ds []draft) []draft {
			return append(slices.Delete(ds, 8, len(ds)), draft{start.Add(time.Hour), deal.LineDraft{Who: "site", Kind: deal.Closed,
				Body: deal.Body{"result": "cancelled", "reason": "moderator", "awards": int64(0)}}})
		}},
		{"cancelled in the last phase", 8, func(ds []draft) []draft {
			return append(slices.Delete(ds, 8, len(ds)), draft{start.Add(50 * time.Minute), deal.LineDraft{Who: "site", Kind: deal.Closed,
				Body: deal.Body{"result": "cancelled", "reason": "owner_withdrew", "awards": int64(0)}}})
		}},
		{"cancelled, and a ceiling opened", 8, func(ds []draft) []draft {
			ds[8].at = start.Add(30 * time.Minute)
			return append(slices.Delete(ds, 9, len(ds)), draft{ds[8].at, deal.LineDraft{Who: "site", Kind: deal.Closed,
				Body: deal.Body{"result": "cancelled", "reason": "owner_withdrew", "awards": int64(0)}}})
		}},
		{"a line behind the closed one", 13, func(ds []draft) []draft {
			last := ds[12]
			last.LineDraft = deal.LineDraft{Who: "site", Kind: deal.Changed, Body: deal.Body{"act": "fall_through", "of": int64(11), "reason": "unpaid"}}
			return append(ds, last)
		}},
	} {
		_, err := deal.VerifyBytes(chained(t, "g1", c.forge(drafts(reread(t, k)))), registry)
		var wrong *deal.LineError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", c.name, err)
		} else if wrong.Line != c.line {
			t.Errorf("%s: seen in line %d (%s), want line %d", c.name, wrong.Line, wrong.Why, c.line)
		}
	}
}

// A site that says "failed" over a group that cleared, or hides that ceilings kept it from clearing, is found out.
func TestAuditOfAFailure(t *testing.T) {
	k := opened(t, ladder())
	k.pledge("anna", 4, 0, 0)
	k.pledge("ben", 5, 0, 72000)
	k.close()
	if err := k.verify(); err != nil {
		t.Fatal(err)
	}
	for _, drop := range [][2]int{{3, 4}, {4, 5}, {3, 5}} {
		ds := slices.Delete(drafts(reread(t, k)), drop[0], drop[1])
		if _, err := deal.VerifyBytes(chained(t, "g1", ds), registry); err == nil {
			t.Errorf("without the opened ceilings %v nobody can tell that it failed", drop)
		}
	}
}

// A lapsed last phase: the log shows when a withdrawal takes the group below its minimum.
func TestAuditOfTheLastPhase(t *testing.T) {
	k := opened(t, ladder())
	k.pledge("anna", 4, 0, 72000)
	k.pledge("ben", 1, 0, 72000)
	if _, err := k.withdraw("ben"); err != nil {
		t.Fatal(err)
	}
	ds := drafts(reread(t, k))
	if _, err := deal.VerifyBytes(chained(t, "g1", ds), registry); err != nil {
		t.Fatal(err)
	}
	ds[3].at = start.Add(45 * time.Minute)
	if _, err := deal.VerifyBytes(chained(t, "g1", ds), registry); err == nil {
		t.Error("a withdrawal that the last phase forbids")
	}
	delete(ds[0].Body["terms"].(deal.Body), "lastPhaseSeconds")
	if _, err := deal.VerifyBytes(chained(t, "g1", ds), registry); err != nil {
		t.Errorf("terms older than the last phase have none: %v", err)
	}
}

// Nothing may follow the pledge that fills the cap, and the deal clears with it.
func TestAuditOfAFullCap(t *testing.T) {
	terms := ladder()
	terms.Cap = 20
	k := opened(t, terms)
	k.pledge("anna", 15, 0, 0)
	k.at(time.Minute).pledge("ben", 5, 0, 0)
	if err := k.verify(); err != nil {
		t.Fatal(err)
	}
	ds := drafts(reread(t, k))
	late := slices.Clone(ds)
	for i := 3; i < len(late); i++ {
		late[i].at = start.Add(time.Hour)
	}
	again := drafts(reread(t, k))
	again = slices.Insert(again, 3, again[2]) // ben pledges the same once more, which changes nothing but comes too late
	over := drafts(reread(t, k))
	over[2].Body["quantity"] = int64(6)
	over[2].Body["after"].(deal.Body)["pieces"] = int64(21)
	over[4].Body["quantity"], over[4].Body["total"] = int64(6), int64(6*64000)
	over[5].Body["pieces"] = int64(21)
	for i := 3; i < len(over); i++ {
		over[i].at = start.Add(time.Hour)
	}
	for name, forged := range map[string][]draft{"cleared later": late, "an act behind it": again, "a pledge above it": over} {
		if _, err := deal.VerifyBytes(chained(t, "g1", forged), registry); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	delete(over[0].Body["terms"].(deal.Body), "cap")
	if _, err := deal.VerifyBytes(chained(t, "g1", over), registry); err != nil {
		t.Errorf("without a cap it is sound: %v", err)
	}
}

// Who gets nothing of a short case must be opened too, and nobody can be slipped in before him.
func TestAuditOfAShortage(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{6, 80000}}, CaseSize: 6})
	k.pledge("anna", 4, 0, 0)
	k.pledge("ben", 4, 0, 0)
	k.pledge("carl", 1, 0, 0)
	k.pledge("dora", 1, 0, 0)
	k.close()
	if err := k.verify(); err != nil {
		t.Fatal(err)
	}
	// 5, 6: ceilings of carl and dora · 7 anna 4 · 8 ben 2 · 9 closed
	slipIn := func(ds []draft, who string) []draft {
		ds[8].Body["quantity"], ds[8].Body["total"] = int64(1), int64(80000)
		ds[9].Body["awards"] = int64(3)
		return slices.Insert(ds, 9, draft{ds[8].at, deal.LineDraft{Who: "site", Kind: deal.Awarded,
			Body: deal.Body{"to": who, "quantity": int64(1), "unitPrice": int64(80000), "total": int64(80000)}}})
	}
	for name, forge := range map[string]func([]draft) []draft{
		"carl in ben's place, his ceiling open":   func(ds []draft) []draft { return slipIn(ds, "p3") },
		"carl in ben's place, his ceiling closed": func(ds []draft) []draft { return slices.Delete(slipIn(ds, "p3"), 5, 6) },
		"dora in ben's place, her ceiling closed": func(ds []draft) []draft { return slices.Delete(slipIn(ds, "p4"), 6, 7) },
		"dora's ceiling closed":                   func(ds []draft) []draft { return slices.Delete(ds, 6, 7) },
	} {
		if _, err := deal.VerifyBytes(chained(t, "g1", forge(drafts(reread(t, k)))), registry); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// A ceiling that the door would have refused is no ceiling, though its commitment opens.
func TestAuditOfAnImpossibleCeiling(t *testing.T) {
	for value, sound := range map[int64]bool{64000: true, 63900: false, 64050: false} {
		ds := drafts(reread(t, forgeable(t)))
		s := deal.Secret{Field: "ceiling", Salt: ds[8].Body["salt"].(string), Value: value}
		ds[3].Body["ceiling"] = deal.Committed("g1", "p3", s)
		ds[8].Body["value"] = value
		_, err := deal.VerifyBytes(chained(t, "g1", ds), registry)
		var wrong *deal.LineError
		if sound != (err == nil) || !sound && (!errors.As(err, &wrong) || wrong.Line != 8) {
			t.Errorf("an opened ceiling of %d: %v", value, err)
		}
	}
}

func TestAuditSaysWhy(t *testing.T) {
	ds := drafts(reread(t, forgeable(t)))
	ds[9].Body["quantity"], ds[9].Body["total"] = int64(5), int64(5*72000)
	_, err := deal.VerifyBytes(chained(t, "g1", ds), registry)
	if err == nil || !strings.Contains(err.Error(), "line 9: the award must be 6 to p1 at 72000") {
		t.Errorf("it says: %v", err)
	}
}
