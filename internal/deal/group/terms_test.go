package group

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

func frameOf(t Terms, duration time.Duration) deal.Frame {
	return deal.Frame{Deal: "g1", Owner: "olga", Currency: twd, OpenedAt: start, ClosesAt: start.Add(duration), Terms: &t}
}

// names lists the wrong fields of a refusal.
func names(err error) []string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	var out []string
	for _, f := range refusal.Fields {
		out = append(out, f.Name)
	}
	return out
}

func TestCheckNamesEveryWrongField(t *testing.T) {
	with := func(change func(*Terms)) Terms {
		terms := ladder()
		change(&terms)
		return terms
	}
	cases := []struct {
		name     string
		terms    Terms
		duration time.Duration
		wrong    []string
	}{
		{"the plain ladder is fine", ladder(), time.Hour, nil},
		{"60 days are fine", ladder(), maxDuration, nil},
		{"too many tiers", Terms{Tiers: make([]Tier, maxTiers+1), Minimum: 1}, time.Hour, []string{"tiers"}},
		{"too many places", with(func(x *Terms) { x.Pickup = make([]string, maxPickup+1) }), time.Hour, []string{"pickup"}},
		{"too large numbers", with(func(x *Terms) {
			x.Minimum, x.Cap, x.PerPerson, x.CaseSize = maxPieces+1, maxPieces+1, maxQuantity+1, maxQuantity+1
		}), time.Hour,
			[]string{"minimum", "cap", "perPerson", "caseSize"}},
		{"no tiers", Terms{}, time.Hour, []string{"tiers"}},
		{"a threshold that does not rise", with(func(x *Terms) { x.Tiers[1].From = 5 }), time.Hour, []string{"tiers[1].from"}},
		{"a price that does not fall", with(func(x *Terms) { x.Tiers[2].UnitPrice = 72000 }), time.Hour, []string{"tiers[2].unitPrice"}},
		{"a threshold and a price of nothing", Terms{Tiers: []Tier{{}}}, time.Hour, []string{"tiers[0].from", "tiers[0].unitPrice"}},
		{"a minimum below the first threshold", with(func(x *Terms) { x.Minimum = 4 }), time.Hour, []string{"minimum"}},
		{"a cap below the last threshold", with(func(x *Terms) { x.Cap = 19 }), time.Hour, []string{"cap"}},
		{"a cap below the minimum", with(func(x *Terms) { x.Minimum, x.Cap = 30, 25 }), time.Hour, []string{"cap"}},
		{"a cap that breaks a case", with(func(x *Terms) { x.Cap, x.CaseSize = 20, 6 }), time.Hour, []string{"cap"}},
		{"a cap of whole cases", with(func(x *Terms) { x.Cap, x.CaseSize = 24, 6 }), time.Hour, nil},
		{"tolerance without cases", with(func(x *Terms) { x.Tolerance = true }), time.Hour, []string{"tolerance"}},
		{"unknown rules", with(func(x *Terms) { x.Allocation, x.DropOut = "lottery", "nobody" }), time.Hour, []string{"allocation", "dropOut"}},
		{"negative fees", with(func(x *Terms) { x.Fees = Fees{-100, -100, -100} }), time.Hour, []string{"fees.perPiece", "fees.perMember", "fees.bill"}},
		{"negative counts", with(func(x *Terms) { x.PerPerson, x.CaseSize = -1, -1 }), time.Hour, []string{"perPerson", "caseSize"}},
		{"a last phase longer than the deal", with(func(x *Terms) { x.LastPhaseSeconds = deal.Ptr(int64(3601)) }), time.Hour, []string{"lastPhaseSeconds"}},
		{"a last phase as long as the deal", with(func(x *Terms) { x.LastPhaseSeconds = deal.Ptr(int64(3600)) }), time.Hour, nil},
		{"a nameless place", with(func(x *Terms) { x.Pickup = []string{"main station", ""} }), time.Hour, []string{"pickup[1]"}},
		{"more than 60 days", ladder(), maxDuration + time.Millisecond, []string{"closesAt"}},
		{"a deadline in the past", ladder(), -time.Hour, []string{"closesAt"}},
		{"everything at once", with(func(x *Terms) { x.Tiers[1].From, x.Cap, x.Tolerance = 1, 1, true }), -time.Hour,
			[]string{"closesAt", "tiers[1].from", "cap", "tolerance"}},
	}
	for _, c := range cases {
		_, err := New().Check(frameOf(c.terms, c.duration))
		if got := names(err); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: wrong fields %v, want %v", c.name, got, c.wrong)
		}
	}
	f := frameOf(ladder(), time.Hour)
	f.ClosesAt = time.Time{}
	if _, err := New().Check(f); !slices.Contains(names(err), "closesAt") {
		t.Errorf("a group without a deadline: %v", err)
	}
}

func TestCheckRefusesWhatIsNotCash(t *testing.T) {
	for name, change := range map[string]func(*Terms){
		"price":      func(x *Terms) { x.Tiers[1].UnitPrice = 72050 },
		"per piece":  func(x *Terms) { x.Fees.PerPiece = 1 },
		"per member": func(x *Terms) { x.Fees.PerMember = 150 },
		"bill":       func(x *Terms) { x.Fees.Bill = 99 },
	} {
		terms := ladder()
		change(&terms)
		if _, err := New().Check(frameOf(terms, time.Hour)); !fault.Is(err, fault.CodeNotCash) {
			t.Errorf("%s: %v", name, err)
		}
		terms.Cap = 1
		if _, err := New().Check(frameOf(terms, time.Hour)); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%s and a wrong field: %v, want invalid first", name, err)
		}
	}
}

func TestCheckFillsDefaultsIntoACopy(t *testing.T) {
	given := ladder()
	checked, err := New().Check(frameOf(given, 40*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	want := ladder()
	want.Minimum, want.Allocation, want.DropOut, want.LastPhaseSeconds = 5, FirstCome, Organiser, deal.Ptr(int64(600))
	if !reflect.DeepEqual(checked, &want) {
		t.Errorf("checked terms are %+v, want %+v", checked, want)
	}
	if !reflect.DeepEqual(given, ladder()) {
		t.Error("the given terms were changed")
	}
	for duration, seconds := range map[time.Duration]int64{3 * time.Second: 0, 10 * time.Second: 2, 4 * 24 * time.Hour: 86400, 60 * 24 * time.Hour: 86400} {
		checked, err := New().Check(frameOf(ladder(), duration))
		if err != nil || *checked.(*Terms).LastPhaseSeconds != seconds {
			t.Errorf("last phase of %v: %d s, %v, want %d s", duration, *checked.(*Terms).LastPhaseSeconds, err, seconds)
		}
	}
}

func TestOpenedLine(t *testing.T) {
	full := Terms{Tiers: []Tier{{6, 80000}, {12, 72000}}, Minimum: 8, Cap: 24, PerPerson: 10, CaseSize: 6, Tolerance: true, Allocation: Even,
		DropOut: Reclear, Fees: Fees{100, 200, 300}, LastPhaseSeconds: deal.Ptr(int64(0)), Pickup: []string{"main station"}}
	for want, terms := range map[string]Terms{
		`{"closesAt":"2026-11-01T13:00:00.000Z","currency":"TWD","kind":"group","terms":{"allocation":"first_come","lastPhaseSeconds":900,"minimum":5,"tiers":[{"from":5,"unitPrice":80000},{"from":12,"unitPrice":72000},{"from":20,"unitPrice":64000}],"tolerance":false}}`: ladder(),
		`{"closesAt":"2026-11-01T13:00:00.000Z","currency":"TWD","kind":"group","terms":{"allocation":"even","cap":24,"caseSize":6,"lastPhaseSeconds":0,"minimum":8,"perPerson":10,"tiers":[{"from":6,"unitPrice":80000},{"from":12,"unitPrice":72000}],"tolerance":true}}`:   full,
	} {
		k := opened(t, terms)
		if got := body(k.lines[0]); got != want {
			t.Errorf("opened line\n%s, want\n%s", got, want)
		}
		if err := k.verify(); err != nil {
			t.Errorf("a log that has only begun: %v", err)
		}
	}
}

func TestValuesSurviveTheirStorage(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{6, 80000}}, CaseSize: 6, Tolerance: true, Fees: Fees{Bill: 300}, Pickup: []string{"main station"}})
	k.pledge("anna", 3, 2, 81000)
	k.pledge("anna", 5, 1, 80000)
	for name, v := range map[string]struct{ value, into any }{
		"terms":    {k.frame.Terms, k.m.NewTerms()},
		"state":    {k.state, k.m.NewState()},
		"standing": {k.standings["anna"].Values, k.m.NewStanding()},
	} {
		raw, err := bson.Marshal(v.value)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := bson.Unmarshal(raw, v.into); err != nil || !reflect.DeepEqual(v.into, v.value) {
			t.Errorf("%s came back as %+v, %v; want %+v", name, v.into, err, v.value)
		}
	}
}
