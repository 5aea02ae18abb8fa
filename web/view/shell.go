package view

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"haggle/internal/market"
	"haggle/web/locale"
)

// layout is the frame of every page around its content. It is drawn once for many readers, as a mould: with a mark
// where it says something of its reader or his request, which is poured in anew for each.
func layout(p *Page, title string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		content := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if p.Inner {
			return content.Render(ctx, w)
		}
		if p.Fragments == nil || p.Notice != "" || len(title)+len(p.Canonical) > longestKey || hasMark(title) || hasMark(p.Canonical) {
			return shell(p, title).Render(templ.WithChildren(ctx, content), w)
		}
		pieces, err := mouldOf(ctx, p, title)
		if err != nil {
			return err
		}
		return pour(ctx, w, p, pieces, content)
	})
}

// slot is a place in a mould.
type slot uint8

const (
	noSlot slot = iota
	tokenSlot
	keySlot
	nameSlot
	letterSlot // the first of the name
	pathSlot
	quotedSlot // the path as a value in an address
	nowSlot
	mainSlot
	headSlot // what this page alone says in its head
	unreadSlot
)

// The marks of a mould are characters that no text of the site has. A title that has one is drawn without a mould.
const (
	tokenMark, keyMark, mainMark, pathMark = "\ue000", "\ue001", "\ue002", "\ue003"
	letterMark                             = "\ue004"
	headMark                               = "\ue006"
	unreadMark                             = "\ue007"
	nameMark                               = letterMark + "\ue005" // so that its first letter is a mark, too
)

// nowMark is an instant that no page is drawn at.
var nowMark = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)

// marks are what stands in a drawn mould for each slot; the name's before its letter's.
var marks = []struct {
	text string
	slot slot
}{
	{tokenMark, tokenSlot}, {keyMark, keySlot}, {nameMark, nameSlot}, {letterMark, letterSlot}, {pathMark, pathSlot},
	{url.QueryEscape(pathMark), quotedSlot}, {stamp(nowMark), nowSlot}, {mainMark, mainSlot}, {headMark, headSlot}, {unreadMark, unreadSlot},
}

// hasMark says that a text has what stands for a slot.
func hasMark(text string) bool {
	for _, m := range marks {
		if strings.Contains(text, m.text) {
			return true
		}
	}
	return false
}

// piece is a stretch of a mould that is the same for everybody, and what is poured in behind it.
type piece struct {
	text []byte
	then slot
}

// mouldOf finds the mould of a page, or draws it. Who draws it is replaced by somebody of whom only that is known which
// tells moulds apart: whether he is a guest, and whether he has to confirm his address.
func mouldOf(ctx context.Context, p *Page, title string) ([]piece, error) {
	k := mouldKey{lang: p.Lang, title: title, canonical: p.Canonical, guest: p.Guest(), unconfirmed: p.Me.Unconfirmed}
	if p.Path == "" || p.Path == "/" { // nothing to come back to: the frame says less
		k.home, k.path = true, p.Path
	}
	if pieces, ok := p.Fragments.moulds.Get(k); ok {
		return pieces, nil
	}
	var b bytes.Buffer
	if err := shell(p.marked(k), title).Render(templ.WithChildren(ctx, templ.Raw(mainMark)), &b); err != nil {
		return nil, err
	}
	pieces := cut(b.Bytes())
	p.Fragments.moulds.Put(k, pieces, int64(b.Len()+64*len(pieces)+len(title)+len(p.Canonical)+overhead))
	return pieces, nil
}

// marked is a page of the same mould, with marks in place of all that is its reader's.
func (p *Page) marked(k mouldKey) *Page {
	m := *p
	m.Head = templ.Raw(headMark)
	m.CSRF, m.Key, m.Now, m.Path, m.Me = tokenMark, keyMark, nowMark, pathMark, market.Actor{}
	if k.home {
		m.Path = k.path
	}
	if !k.guest {
		m.Unread = -1
		m.Me = market.Actor{Account: "somebody", Name: nameMark, Unconfirmed: k.unconfirmed}
	}
	return &m
}

// cut takes the marks out of a drawn mould.
func cut(text []byte) (pieces []piece) {
	for {
		at, length, then := len(text), 0, noSlot
		for _, m := range marks {
			if i := bytes.Index(text, []byte(m.text)); i >= 0 && i < at {
				at, length, then = i, len(m.text), m.slot
			}
		}
		pieces = append(pieces, piece{text[:at], then})
		if then == noSlot {
			return pieces
		}
		text = text[at+length:]
	}
}

// pour writes a mould with what its slots hold for this page.
func pour(ctx context.Context, w io.Writer, p *Page, pieces []piece, content templ.Component) error {
	w, err := past(w)
	if err != nil {
		return err
	}
	for _, part := range pieces {
		if _, err := w.Write(part.text); err != nil {
			return err
		}
		var err error
		switch part.then {
		case noSlot:
		case headSlot:
			if p.Head != nil {
				err = p.Head.Render(ctx, w)
			}
		case mainSlot:
			err = content.Render(ctx, w)
		default:
			_, err = io.WriteString(w, templ.EscapeString(p.held(part.then)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// held is what a slot holds on this page.
func (p *Page) held(s slot) string {
	switch s {
	case tokenSlot:
		return p.CSRF
	case keySlot:
		return p.Key
	case nameSlot:
		return p.Me.Name
	case letterSlot:
		return initial(p.Me.Name)
	case pathSlot:
		return p.Path
	case quotedSlot:
		return url.QueryEscape(p.Path)
	case nowSlot:
		return stamp(p.Now)
	case unreadSlot:
		return p.unreadText()
	}
	return ""
}

// mouldKey is all that tells moulds apart.
type mouldKey struct {
	lang               locale.Lang
	title, canonical   string
	guest, unconfirmed bool
	home               bool // the path leads nowhere, and is
	path               string
}
