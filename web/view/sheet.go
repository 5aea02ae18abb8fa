package view

import (
	"sync/atomic"
	"time"

	"haggle/web/locale"
)

// sheet are the cards of one list as they were last written: by the place where they stand, and by what their reader is in
// the deal. It finds at once what the fragments are else asked for card by card; a place's card is held against its deal
// and basis like any other. Its readers write it at the same time.
type sheet []place

// place is where one deal of a list stands. The nil place keeps nothing.
type place [ownWords]atomic.Pointer[placed]

// placed is the card of a deal.
type placed struct {
	deal string // its id
	fragment
}

// sheetKey names a list by its address, in a language, with cards of a kind.
type sheetKey struct {
	where  string
	lang   locale.Lang
	inLane bool
}

// placeBytes is what the cards of a place take, roughly: it has one for each word at most.
const placeBytes = 8 << 10

// sheet is that of a list with so many places; nil where none is kept.
func (f *Fragments) sheet(key sheetKey, places int) sheet {
	if f == nil || key.where == "" || len(key.where) > longestKey {
		return nil
	}
	if s, ok := f.sheets.Get(key); ok && len(s) >= places {
		return s
	}
	s := make(sheet, places)
	f.sheets.Put(key, s, int64(places*placeBytes+len(key.where)+overhead))
	return s
}

func (s sheet) place(i int) *place {
	if i >= len(s) {
		return nil
	}
	return &s[i]
}

// find is the card of a deal that serves; nil where none does.
func (at *place) find(word ownWord, deal string, of basis, now time.Time) *placed {
	if at == nil {
		return nil
	}
	if c := at[word].Load(); c != nil && c.deal == deal && c.serves(of, now) {
		return c
	}
	return nil
}

func (at *place) put(word ownWord, deal string, f fragment) {
	if at != nil {
		at[word].Store(&placed{deal, f})
	}
}
