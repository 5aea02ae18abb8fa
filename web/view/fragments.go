package view

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"

	"haggle/internal/deal"
	"haggle/internal/recent"
	"haggle/web/locale"
)

// Fragments keeps parts of pages as they were rendered, up to a number of bytes, for every reader who would get the
// same bytes. What is in a fragment's key and basis is all that its rendering may depend on: see keptCard. The nil
// Fragments keeps nothing.
type Fragments struct {
	kept   *recent.Cache[fragmentKey, fragment]
	moulds *recent.Cache[mouldKey, []piece]
	sheets *recent.Cache[sheetKey, sheet]
}

// NewFragments keeps at most so many bytes: a quarter for the frames of pages, an eighth for the sheets of lists, the rest
// for what stands in them.
func NewFragments(bytes int64) *Fragments {
	return &Fragments{kept: recent.New[fragmentKey, fragment](bytes * 5 / 8), moulds: recent.New[mouldKey, []piece](bytes / 4),
		sheets: recent.New[sheetKey, sheet](bytes / 8)}
}

// Weight is how many bytes are kept.
func (f *Fragments) Weight() int64 {
	kept, _ := f.kept.Weight()
	moulds, _ := f.moulds.Weight()
	sheets, _ := f.sheets.Weight()
	return kept + moulds + sheets
}

// fragmentKey names a place that is drawn: what of which subject, in which language, with which words that depend on
// the reader. There is one fragment a key, the last one drawn.
type fragmentKey struct {
	what part
	of   string
	lang locale.Lang
	word ownWord
}

type part uint8

const (
	cardPart part = iota
	laneCardPart
	lanePart
	finderPart
	framePart // a finder without its cards
	filterPart
	feedPart
	headPart // of a deal's page
	proofPart
)

// basis is what a fragment was drawn from: as long as it is the same, so are the bytes.
type basis struct {
	version int64 // of the subject
	status  deal.Status
	beat    int64 // of the clock
	year    int   // in which times are written without it
}

// span is a stretch of the page's clock: from an instant on, until another. The zero until never comes.
type span struct{ from, until time.Time }

func (s span) holds(now time.Time) bool {
	return !now.Before(s.from) && (s.until.IsZero() || now.Before(s.until))
}

// before ends the span no later than an instant.
func (s *span) before(t time.Time) {
	if s.until.IsZero() || t.Before(s.until) {
		s.until = t
	}
}

type fragment struct {
	basis basis
	span  span
	body  []byte
}

// overhead is what a fragment takes beside its bytes, roughly.
const overhead = 256

// shared is what draw draws, out of the fragments. A key that is long, and so rarely met twice, is drawn each time.
func shared(p *Page, key fragmentKey, of basis, draw templ.Component) templ.Component {
	return sharedWhile(p, key, of, always, draw)
}

func always() span { return span{} }

// sharedWhile is shared for what is drawn from the page's clock, too: as says how long what is drawn now says the same.
func sharedWhile(p *Page, key fragmentKey, of basis, as func() span, draw templ.Component) templ.Component {
	if p.Fragments == nil || len(key.of) > longestKey {
		return draw
	}
	key.lang = p.Lang
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		f, err := p.Fragments.get(ctx, key, of, p.Now, as, draw)
		if err != nil {
			return err
		}
		if w, err = past(w); err == nil {
			_, err = w.Write(f.body)
		}
		return err
	})
}

// around is outer with inner where its mainMark stands; outer comes out of the fragments.
func around(p *Page, key fragmentKey, of basis, outer, inner templ.Component) templ.Component {
	key.lang = p.Lang
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		f, err := p.Fragments.get(ctx, key, of, p.Now, always, outer)
		if err != nil {
			return err
		}
		if w, err = past(w); err != nil {
			return err
		}
		before, after, _ := bytes.Cut(f.body, []byte(mainMark))
		if _, err := w.Write(before); err != nil {
			return err
		}
		if err := inner.Render(ctx, w); err != nil {
			return err
		}
		_, err = w.Write(after)
		return err
	})
}

// past is the writer behind the small buffer that templ's own components write through: what was drawn already is long, and
// need not be copied twice.
func past(w io.Writer) (io.Writer, error) {
	b, ok := w.(*templruntime.Buffer)
	if !ok {
		return w, nil
	}
	return b.Underlying, b.Flush()
}

// get finds a fragment that serves, or draws it.
func (f *Fragments) get(ctx context.Context, key fragmentKey, of basis, now time.Time, as func() span, c templ.Component) (fragment, error) {
	if got, ok := f.kept.Get(key); ok && got.serves(of, now) {
		return got, nil
	}
	return f.draw(ctx, key, of, as, c)
}

// serves says that drawing it again would give the same.
func (f *fragment) serves(of basis, now time.Time) bool { return f.basis == of && f.span.holds(now) }

// draw draws a fragment and keeps it.
func (f *Fragments) draw(ctx context.Context, key fragmentKey, of basis, as func() span, c templ.Component) (fragment, error) {
	var b bytes.Buffer
	if err := c.Render(templ.ClearChildren(ctx), &b); err != nil {
		return fragment{}, err
	}
	drawn := fragment{basis: of, span: as(), body: bytes.Clone(b.Bytes())}
	f.kept.Put(key, drawn, int64(len(drawn.body)+len(key.of)+overhead))
	return drawn, nil
}

// longestKey is how long the text may be under which something is kept, in bytes.
const longestKey = 512
