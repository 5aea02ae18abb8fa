package view

import (
	"net/url"

	"haggle/internal/market"
)

// ThreadsPage is the list of a reader's threads.
type ThreadsPage struct {
	Items []market.ThreadView
	More  string
}

// ThreadPage is one thread.
type ThreadPage struct {
	Thread market.ThreadView
	Items  []market.MessageView // the newest first
	More   string
	Form   Form
}

// MessagePage is the form of a first message.
type MessagePage struct {
	Deal, Order string
	To          market.PersonView
	Title       string
	Form        Form
}

// messagePhotoSize is the size of a photo in a thread, the smallest that fills its frame.
func messagePhotoSize(p market.PhotoView) market.VariantView {
	for _, t := range p.Thumbnails {
		if t.Name == "320" {
			return t
		}
	}
	return market.VariantView{URL: p.URL, Width: p.Width, Height: p.Height}
}

// aboutDeal is the address of a first message about a deal, aboutOrder about an order.
func aboutDeal(id string) string  { return "/messages/new?deal=" + url.QueryEscape(id) }
func aboutOrder(id string) string { return "/messages/new?order=" + url.QueryEscape(id) }
