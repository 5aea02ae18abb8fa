package request

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func TestCheckFillsDefaultsAndDropsWhatTheRuleDoesNotUse(t *testing.T) {
	hidden := deal.Ptr(false)
	all := Terms{NamedPrice: 64_000, Quantity: deal.Ptr[int64](2), MinimumStep: deal.Ptr[money.Amount](500), SoftClose: &SoftClose{60, 90},
		Split: true, Floor: deal.Ptr[money.Amount](30_000), MinimumQuotes: deal.Ptr[int64](3), Binding: true}
	for name, c := range map[string]struct {
		give func(*Terms)
		log  string
	}{
		"first":        {func(t *Terms) { t.Rule = RuleFirst }, `{"namedPrice":64000,"quantity":2,"rule":"first"}`},
		"first hidden": {func(t *Terms) { t.Rule, t.PriceVisible = RuleFirst, hidden }, ``},
		"open": {func(t *Terms) { t.Rule = RuleOpen },
			`{"minimumQuotes":3,"minimumStep":500,"namedPrice":64000,"quantity":2,"rule":"open","softClose":{"extendSeconds":90,"windowSeconds":60},"split":true}`},
		"open by default": {func(t *Terms) { *t = Terms{Rule: RuleOpen, NamedPrice: 64_100} },
			`{"minimumQuotes":1,"minimumStep":700,"namedPrice":64100,"quantity":1,"rule":"open","softClose":{"extendSeconds":300,"windowSeconds":300},"split":false}`},
		"choice": {func(t *Terms) { t.Rule = RuleChoice; t.Weights = []any{"unused"} }, `{"minimumQuotes":3,"namedPrice":64000,"quantity":2,"rule":"choice"}`},
		"sealed": {func(t *Terms) { t.Rule, t.Floor = RuleSealed, nil }, `{"minimumQuotes":3,"namedPrice":64000,"quantity":2,"rule":"sealed","split":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			terms := all
			c.give(&terms)
			d, err := newDesk(t, "TWD", terms, 1_000_000)
			if err != nil {
				t.Fatal(err)
			}
			body := d.lines[0].Body["terms"].(deal.Body)
			if name == "first hidden" {
				if !isCommitment(body[fieldNamedPrice]) || d.secrets[0][0].Value != 64_000 {
					t.Fatalf("the hidden price is not committed: %s", canonical(body))
				}
				return
			}
			if got := canonical(body); got != c.log {
				t.Errorf("logged %s\n  want %s", got, c.log)
			}
		})
	}
}

func TestCheckRefusesImpossibleTerms(t *testing.T) {
	amount := deal.Ptr[money.Amount]
	for name, c := range map[string]struct {
		terms Terms
		code  fault.Code
		field string
	}{
		"no rule":                  {Terms{NamedPrice: 100}, fault.CodeInvalid, "rule"},
		"unknown rule":             {Terms{NamedPrice: 100, Rule: "lottery"}, fault.CodeInvalid, "rule"},
		"rounds":                   {Terms{NamedPrice: 100, Rule: "rounds"}, fault.CodeInvalid, "rule"},
		"weights":                  {Terms{NamedPrice: 100, Rule: RuleSealed, Weights: []any{1}}, fault.CodeInvalid, "weights"},
		"no price":                 {Terms{Rule: RuleFirst}, fault.CodeInvalid, "namedPrice"},
		"price out of range":       {Terms{Rule: RuleFirst, NamedPrice: money.Max, Quantity: deal.Ptr[int64](2)}, fault.CodeInvalid, "namedPrice"},
		"no pieces":                {Terms{Rule: RuleFirst, NamedPrice: 100, Quantity: deal.Ptr[int64](0)}, fault.CodeInvalid, "quantity"},
		"four sellers":             {Terms{Rule: RuleSealed, NamedPrice: 100, MinimumQuotes: deal.Ptr[int64](4)}, fault.CodeInvalid, "minimumQuotes"},
		"zero sellers":             {Terms{Rule: RuleSealed, NamedPrice: 100, MinimumQuotes: deal.Ptr[int64](0)}, fault.CodeInvalid, "minimumQuotes"},
		"floor above the price":    {Terms{Rule: RuleSealed, NamedPrice: 100, Floor: amount(200)}, fault.CodeInvalid, "floor"},
		"hidden open without step": {Terms{Rule: RuleOpen, NamedPrice: 100, PriceVisible: deal.Ptr(false)}, fault.CodeInvalid, "minimumStep"},
		"step of nothing":          {Terms{Rule: RuleOpen, NamedPrice: 100, MinimumStep: amount(0)}, fault.CodeInvalid, "minimumStep"},
		"negative window":          {Terms{Rule: RuleOpen, NamedPrice: 100, SoftClose: &SoftClose{-1, 0}}, fault.CodeInvalid, "softClose"},
		"price not cash":           {Terms{Rule: RuleFirst, NamedPrice: 150}, fault.CodeNotCash, ""},
		"step not cash":            {Terms{Rule: RuleOpen, NamedPrice: 1000, MinimumStep: amount(50)}, fault.CodeNotCash, ""},
		"floor not cash":           {Terms{Rule: RuleSealed, NamedPrice: 1000, Floor: amount(50)}, fault.CodeNotCash, ""},
		"invalid before not_cash":  {Terms{NamedPrice: 150}, fault.CodeInvalid, "rule"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newDesk(t, "TWD", c.terms, 0)
			f := refusal(t, err, c.code)
			if c.field != "" && (len(f.Fields) != 1 || f.Fields[0].Name != c.field) {
				t.Errorf("fields %v, want %s alone", f.Fields, c.field)
			}
		})
	}
}

func TestCheckNamesEveryWrongFieldAtOnce(t *testing.T) {
	_, err := newDesk(t, "TWD", Terms{Rule: "rounds", Quantity: deal.Ptr[int64](-1), MinimumQuotes: deal.Ptr[int64](9)}, 0)
	if f := refusal(t, err, fault.CodeInvalid); len(f.Fields) != 4 {
		t.Errorf("fields %v, want namedPrice, quantity, minimumQuotes and rule", f.Fields)
	}
}

func TestCheckDeadline(t *testing.T) {
	twd, _ := money.Lookup("TWD")
	for name, c := range map[string]struct {
		closes time.Time
		ok     bool
	}{
		"none":           {time.Time{}, false},
		"at the opening": {opening, false},
		"one second":     {opening.Add(time.Second), true},
		"60 days":        {opening.Add(60 * 24 * time.Hour), true},
		"a bit more":     {opening.Add(60*24*time.Hour + time.Millisecond), false},
	} {
		f := deal.Frame{Currency: twd, OpenedAt: opening, ClosesAt: c.closes, Terms: &Terms{Rule: RuleFirst, NamedPrice: 100}}
		if _, err := New().Check(f); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDefaultStepIsOnePercentRoundedUpToCash(t *testing.T) {
	for _, c := range []struct{ price, unit, want money.Amount }{
		{100, 100, 100}, {10_000, 100, 100}, {10_100, 100, 200}, {64_000, 100, 700}, {999, 1, 10}, {1000, 1, 10}, {1001, 1, 11}, {1, 1, 1},
	} {
		if got := defaultStep(c.price, c.unit); got != c.want {
			t.Errorf("1 %% of %d in units of %d: %d, want %d", c.price, c.unit, got, c.want)
		}
	}
}

func TestBindingHoldsUnderEveryRule(t *testing.T) {
	for _, r := range []Rule{RuleFirst, RuleOpen, RuleSealed, RuleChoice} {
		for _, visible := range []bool{true, false} {
			terms := Terms{Rule: r, NamedPrice: 5_000, PriceVisible: &visible, Quantity: deal.Ptr[int64](3), Binding: true, MinimumStep: deal.Ptr[money.Amount](100)}
			_, err := newDesk(t, "TWD", terms, 14_900)
			if f := refusal(t, err, fault.CodeInsufficientFunds); f.Params["missing"] != int64(100) {
				t.Errorf("%s: params %v", r, f.Params)
			}
			d, err := newDesk(t, "TWD", terms, 15_000)
			if err != nil {
				t.Fatal(err)
			}
			if own := d.rows[buyer]; own == nil || own.Hold != 15_000 || own.Pseudonym != "owner" {
				t.Errorf("%s: standing of the buyer %+v", r, own)
			}
			terms.Binding = false
			if d, err = newDesk(t, "TWD", terms, 0); err != nil || len(d.rows) != 0 {
				t.Errorf("%s: an inviting request holds %v, %v", r, d.rows, err)
			}
		}
	}
}
