package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// camera is a browser for each of the people, of which each is signed in once.
type camera struct {
	url   string
	tall  int64
	root  context.Context
	stops []context.CancelFunc
	eyes  map[string]context.Context
}

// look is one of the eight variants of a page.
type look struct {
	lang  string
	width int64
	dark  bool
}

func (l look) String() string {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%s-%d-%s", l.lang, l.width, scheme)
}

// looks are the eight, telephones first.
func looks() []look {
	var all []look
	for _, width := range []int64{390, 1280} {
		for _, lang := range []string{"en", "zh-TW"} {
			all = append(all, look{lang, width, false}, look{lang, width, true})
		}
	}
	return all
}

func newCamera(ctx context.Context, address string, tall int64) (*camera, error) {
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("hide-scrollbars", true))
	if path := os.Getenv("HAGGLE_TEST_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	root, end := chromedp.NewContext(allocator)
	c := &camera{url: address, tall: tall, root: root, stops: []context.CancelFunc{stop, end}, eyes: map[string]context.Context{}}
	return c, chromedp.Do(root)
}

func (c *camera) close() {
	for _, stop := range slices.Backward(c.stops) {
		stop()
	}
}

// eye is the browser of somebody.
func (c *camera) eye(who string) (context.Context, error) {
	if ctx, ok := c.eyes[who]; ok {
		return ctx, nil
	}
	ctx, end := chromedp.NewContext(c.root, chromedp.WithNewBrowserContext())
	c.stops = append(c.stops, end)
	if err := chromedp.Do(ctx, chromedp.Navigate(c.url+"/sign-in")); err != nil {
		return nil, err
	}
	if who != "" {
		fill := fmt.Sprintf(`(() => { const f = document.querySelector('form[action="/sign-in"]'); f.elements.email.value = %q; f.elements.password.value = %q; f.requestSubmit(); return true; })()`, who, password)
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fill)); err != nil {
			return nil, err
		}
		if err := until(ctx, `document.readyState === 'complete' && location.pathname !== '/sign-in'`); err != nil {
			return nil, fmt.Errorf("%s cannot sign in: %w", who, err)
		}
	}
	c.eyes[who] = ctx
	return ctx, nil
}

// until waits for a condition of the page, ten seconds at most.
func until(ctx context.Context, condition string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition)); err == nil && ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// sheet takes the eight pictures of a page and joins them in one.
func (c *camera) sheet(out string, s shot) error {
	ctx, err := c.eye(s.who)
	if err != nil {
		return err
	}
	var pictures []image.Image
	for _, l := range looks() {
		raw, err := c.take(ctx, s.path, l)
		if err != nil {
			return fmt.Errorf("%v: %w", l, err)
		}
		if err := os.WriteFile(filepath.Join(out, s.name+"-"+l.String()+".png"), raw, 0o644); err != nil {
			return err
		}
		picture, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		pictures = append(pictures, picture)
	}
	return save(filepath.Join(out, "sheet-"+s.name+".png"), join(pictures))
}

// take photographs a page from its top, photos below the fold included.
func (c *camera) take(ctx context.Context, path string, l look) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: "lang", Value: l.lang, URL: c.url}); err != nil {
		return nil, err
	}
	if err := c.frame(ctx, l.width, 844); err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(c.url+path)); err != nil {
		return nil, err
	}
	if err := until(ctx, `document.readyState === 'complete'`); err != nil {
		return nil, err
	}
	height, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`(() => { for (const i of document.images) i.loading = 'eager'; return document.documentElement.scrollHeight; })()`))
	if err != nil {
		return nil, err
	}
	if err := until(ctx, `[...document.images].every((i) => i.complete)`); err != nil {
		return nil, err
	}
	if height > 844 { // bars that stick to the foot of the screen then lie at the foot of the picture
		if err := c.frame(ctx, l.width, min(height, c.tall)); err != nil {
			return nil, err
		}
	}
	beyond := true
	clip := &page.Viewport{Width: float64(l.width), Height: float64(min(height, c.tall)), Scale: 1}
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: clip, CaptureBeyondViewport: &beyond})
	return shot.Data, err
}

func (c *camera) frame(ctx context.Context, width, height int64) error {
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600})
	return err
}
