package web

import (
	"time"
	"unicode/utf8"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/view"
)

// Bounds of an opening, as the market has them: a test holds each against what it refuses.
const (
	mostTitle       = 120
	mostDescription = 20_000
	mostPhotos      = 12
	mostPieces      = 1_000_000
)

// rightNumbers says by field what would be right there, for this form: a message is used where its field is refused, and
// only then.
func (f *filling) rightNumbers() map[string]string {
	p := f.v.page
	right := map[string]string{
		"title":       p.T("right.length", "most", mostTitle, "n", utf8.RuneCountInString(f.in.text("title"))),
		"description": p.T("right.lengthMost", "most", mostDescription, "n", utf8.RuneCountInString(f.in.raw("description"))),
		"quantity":    p.T("right.count", "most", mostPieces),
	}
	if f.in.text("title") == "" {
		right["title"] = p.T("field.required")
	}
	if n := len(f.in.list(photoField)); n > mostPhotos {
		right["photos"] = p.T("right.photos", "most", mostPhotos, "n", n-mostPhotos)
	}
	right["duration"], right["closesAt"] = f.rightEnd(), f.rightEnd()
	least := f.v.Market.Site().CashUnit
	for _, name := range f.o.amounts {
		right[name] = p.T("right.least", "amount", least)
	}
	delete(right, "tiers")
	switch f.o.kind {
	case deal.English:
		f.rightAuction(right)
	case deal.Group:
		f.rightGroup(right)
	}
	return right
}

// rightEnd says from when until when a deal may end.
func (f *filling) rightEnd() string {
	longest := market.LongestOther
	if f.o.kind == deal.English {
		longest = market.LongestAuction
	}
	now := f.v.now()
	shortest := time.Duration(f.v.Market.Site().MinDuration) * time.Second
	return f.v.page.T("right.end", "from", now.Add(shortest), "to", now.Add(longest))
}

// quiet is the form, read without a word about what cannot be read.
func (f *filling) quiet() *input {
	return &input{v: f.v, values: f.in.values, wrong: map[string]string{}}
}

// read reads an amount of the form without a word about one that cannot be read.
func (f *filling) read(name string) money.Amount {
	if a := f.quiet().optionalAmount(name); a != nil {
		return *a
	}
	return 0
}

func (f *filling) readCount(name string) int64 {
	if n := f.quiet().count(name); n != nil {
		return *n
	}
	return 0
}

func (f *filling) rightAuction(right map[string]string) {
	start, reserve := f.read("startPrice"), f.read("reservePrice")
	if start <= 0 {
		return
	}
	right["reservePrice"] = f.v.page.T("right.reserve", "amount", start)
	unit := f.v.Market.Site().CashUnit
	buyNow := max(money.CeilTo(money.CeilTo(start*english.BuyNowLeast, 100)/100, unit), reserve)
	right["buyNowPrice"] = f.v.page.T("right.buyNow", "amount", buyNow)
}

func (f *filling) rightGroup(right map[string]string) {
	p := f.v.page
	right["tiers"] = f.rightTiers()
	tiers := f.typedTiers()
	if len(tiers) == 0 {
		return
	}
	first, last := tiers[0].From, tiers[len(tiers)-1].From
	most := f.readCount("cap")
	if most == 0 {
		most = mostPieces
	}
	right["minimum"] = p.T("right.between", "from", first, "to", most)
	least := max(last, f.readCount("minimum"))
	if size := f.readCount("caseSize"); size > 1 {
		right["cap"] = p.T("right.capCases", "n", (least+size-1)/size*size, "size", size)
	} else {
		right["cap"] = p.T("right.atLeast", "n", least)
	}
}

// rightTiers names the first row that does not follow from the one before, and what it must be.
func (f *filling) rightTiers() string {
	p := f.v.page
	quiet := &input{v: f.v, values: f.in.values, wrong: map[string]string{}}
	var before *deal.TierState
	for i := range quiet.tierRows() {
		from, price := quiet.parseCount("tiers", quiet.row("from", i)), quiet.parseAmount("tiers", quiet.row("unitPrice", i))
		switch {
		case from == nil && price == nil:
			continue
		case from == nil || price == nil:
			return p.T("right.tierHalf", "n", i+1)
		case before != nil && *from <= before.From:
			return p.T("right.tierFrom", "n", i+1, "from", before.From)
		case before != nil && *price >= before.UnitPrice:
			return p.T("right.tierPrice", "n", i+1, "amount", before.UnitPrice)
		}
		before = &deal.TierState{From: *from, UnitPrice: *price}
	}
	return p.T("field.tiers")
}

// blameCash puts the message about small coins beside the amount that has them.
func (f *filling) blameCash(form *view.Form) {
	unit := f.v.Market.Site().CashUnit
	text := wording(f.v.page.Printer, fault.New(fault.CodeNotCash, fault.Params{"cashUnit": int64(unit)}))
	for _, name := range f.o.amounts {
		if name != "tiers" && f.read(name)%unit != 0 {
			delete(form.Wrong, f.o.amounts[0])
			form.Wrong[name] = text
			return
		}
	}
}
