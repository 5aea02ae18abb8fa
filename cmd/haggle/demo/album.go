package demo

import (
	"bytes"
	"context"
	"image/jpeg"
	"runtime"
	"slices"
	"sync"
	"time"

	"haggle/cmd/haggle/demo/still"
	"haggle/internal/market"
)

// photo names a picture: the thing on it and the colours around.
type photo struct {
	still   string
	variant int
}

// page is one picture on its way into the market.
type page struct {
	photo
	owner market.Actor
	first time.Duration // when it is needed first, seen from the present
	ready chan struct{} // closed when id and err are set
	id    string
	err   error
}

// album paints pictures and uploads them beside the play, those needed first first.
type album struct {
	market *market.Market
	pages  map[photo]*page
	group  sync.WaitGroup
}

func newAlbum(m *market.Market) *album { return &album{market: m, pages: map[photo]*page{}} }

// order asks for a picture; who needs it first uploads it. It is for before start.
func (a *album) order(ph photo, owner market.Actor, at time.Duration) {
	pg, known := a.pages[ph]
	if !known {
		pg = &page{photo: ph, owner: owner, first: at, ready: make(chan struct{})}
		a.pages[ph] = pg
	}
	if at < pg.first {
		pg.owner, pg.first = owner, at
	}
}

// painted is how many pictures there are.
func (a *album) painted() int { return len(a.pages) }

// quality is that of the uploads; the market encodes them anew.
const quality = 92

// start begins to paint, on every processor.
func (a *album) start(ctx context.Context) {
	var line []*page
	for _, pg := range a.pages {
		line = append(line, pg)
	}
	slices.SortFunc(line, func(x, y *page) int { return int(x.first/time.Second - y.first/time.Second) })
	next := make(chan *page, len(line))
	for _, pg := range line {
		next <- pg
	}
	close(next)
	for range runtime.GOMAXPROCS(0) {
		a.group.Go(func() {
			for pg := range next {
				pg.id, pg.err = a.upload(ctx, pg)
				close(pg.ready)
			}
		})
	}
}

// wait ends when nothing is painted any more.
func (a *album) wait() { a.group.Wait() }

func (a *album) upload(ctx context.Context, pg *page) (string, error) {
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	img, err := still.Paint(pg.still, pg.variant)
	if err != nil {
		return "", err
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, img, &jpeg.Options{Quality: quality}); err != nil {
		return "", err
	}
	v, err := a.market.UploadPhoto(ctx, pg.owner, &data)
	return v.ID, err
}

// get is the id of a picture; it waits until it is uploaded.
func (a *album) get(ctx context.Context, ph photo) (string, error) {
	pg := a.pages[ph]
	select {
	case <-pg.ready:
		return pg.id, pg.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
