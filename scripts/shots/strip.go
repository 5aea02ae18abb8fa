package main

import (
	"image"
	"image/jpeg"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"
)

// stripOf are the pictures that the README shows side by side: a screen and a half of each.
var stripOf = []string{"home-en-390-light", "auction-open-en-390-light", "request-open-zh-TW-390-light", "group-open-zh-TW-390-dark"}

const (
	stripScreen = 1240 // down to the ladder of a deal
	stripWidth  = 300  // of one screen
)

// strip joins them in one file, out of the folder the pictures were written to.
func strip(out, file string) error {
	var screens []image.Image
	for _, name := range stripOf {
		p, err := read(filepath.Join(out, name+".png"))
		if err != nil {
			return err
		}
		width := p.Bounds().Dx()
		screen := image.NewRGBA(image.Rect(0, 0, width, stripScreen))
		draw.Draw(screen, screen.Bounds(), p, p.Bounds().Min, draw.Src)
		screens = append(screens, screen)
	}
	screens = small(screens, stripWidth)
	size := row(screens)
	all := image.NewRGBA(image.Rect(0, 0, size.X-gap, size.Y))
	draw.Draw(all, all.Bounds(), image.White, image.Point{}, draw.Src)
	x := 0
	for _, s := range screens {
		draw.Draw(all, image.Rectangle{Min: image.Pt(x, 0), Max: image.Pt(x, 0).Add(s.Bounds().Size())}, s, s.Bounds().Min, draw.Src)
		x += stripWidth + gap
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(f, all, &jpeg.Options{Quality: 88}); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func read(file string) (image.Image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	p, _, err := image.Decode(f)
	return p, err
}
