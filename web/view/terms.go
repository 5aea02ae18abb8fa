package view

import (
	"encoding/json"

	"haggle/internal/market"
	"haggle/internal/money"
)

// Terms are the terms of a deal that a page says in words, whatever its kind. The names are those of the log.
type Terms struct {
	StartPrice       money.Amount      `json:"startPrice"`
	BuyNowPrice      money.Amount      `json:"buyNowPrice"`
	Increments       [][2]money.Amount `json:"increments"`
	SoftClose        *market.SoftClose `json:"softClose"`
	Split            bool              `json:"split"`
	Tolerance        bool              `json:"tolerance"`
	Allocation       string            `json:"allocation"`
	DropOut          string            `json:"dropOut"`
	LastPhaseSeconds *int64            `json:"lastPhaseSeconds"`
	Fees             *market.FeesInput `json:"fees"`
	Pickup           []string          `json:"pickup"`
}

// TermsOf reads the public terms of a deal. They come as the mechanism's own type or as decoded JSON, so they are
// read by the names they have in the API; what a kind does not have stays zero.
func TermsOf(d market.DealView) Terms {
	var t Terms
	raw, err := json.Marshal(d.Terms)
	if err != nil {
		return Terms{}
	}
	_ = json.Unmarshal(raw, &t) // a term of another shape stays zero, the rest is read
	return t
}
