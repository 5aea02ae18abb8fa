package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg"
	"io"

	_ "golang.org/x/image/webp"
	"golang.org/x/sync/singleflight"

	"haggle/internal/market"
	"haggle/internal/recent"
	"haggle/web/locale"
	"haggle/web/social"
	"haggle/web/view"
)

// What is spent on pictures for other sites: so many are drawn at a time, and so many bytes of drawn ones are kept.
const (
	picturesAtOnce = 2
	pictureBytes   = 16 << 20
	picturePublic  = "public, max-age=3600"
	largestPhoto   = 4096 * 4096 // pixels; no size that the site makes of a photo has more
)

// pictures draws the pictures that other sites show of deals, each once as long as nothing moves in it.
type pictures struct {
	kept    *recent.Cache[string, []byte]
	flights singleflight.Group
	hands   chan struct{}
}

func newPictures() *pictures {
	return &pictures{kept: recent.New[string, []byte](pictureBytes), hands: make(chan struct{}, picturesAtOnce)}
}

// socialCard is the picture of a deal as anybody may see it.
func socialCard(v *visit) error {
	d, err := v.Market.Deal(v.ctx, market.Actor{}, v.c.Params("id"))
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s %d %s", d.ID, d.Seq, d.Status)
	body, ok := v.pictures.kept.Get(key)
	if !ok {
		drawn, err, _ := v.pictures.flights.Do(key, func() (any, error) { return v.drawPicture(context.WithoutCancel(v.ctx), d) })
		if err != nil {
			return err
		}
		body = drawn.([]byte)
		v.pictures.kept.Put(key, body, int64(len(body)))
	}
	return sendKept(v.c, "image/png", picturePublic, body)
}

func (v *visit) drawPicture(ctx context.Context, d market.DealView) ([]byte, error) {
	v.pictures.hands <- struct{}{}
	defer func() { <-v.pictures.hands }()
	p := &view.Page{Printer: locale.New(locale.En, v.Currency, v.Zone, v.now()), Site: v.name}
	c := social.Card{Kind: d.Kind, Title: d.Title, Symbol: v.Currency.Symbol, Code: v.Currency.Code, Ladder: view.PageLadder(p, d)}
	if a := view.PriceNow(d); a != nil {
		c.Price = p.Number(*a)
	}
	if id, variant, ok := view.SocialPhoto(d); ok {
		photo, err := v.openPhoto(ctx, id, variant)
		if err != nil {
			v.Logger.WarnContext(ctx, "a photo for a picture", "err", err)
		}
		c.Photo = photo
	}
	return social.Draw(c)
}

// openPhoto reads a photo of the site; nil where it cannot be read.
func (v *visit) openPhoto(ctx context.Context, id, variant string) (image.Image, error) {
	body, _, _, err := v.Market.OpenPhoto(ctx, id, variant)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, maxRequest))
	if err != nil {
		return nil, err
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || size.Width*size.Height > largestPhoto {
		return nil, fmt.Errorf("%d × %d: %w", size.Width, size.Height, err)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	return img, err
}
