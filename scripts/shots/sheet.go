package main

import (
	"image"
	"image/color"
	"image/png"
	"os"

	"golang.org/x/image/draw"
)

const (
	gap        = 16
	phoneSmall = 300 // how wide a telephone stands on a sheet
	deskSmall  = 600
)

// join lays the pictures of a page out: telephones in the first row, desktops in the second.
func join(pictures []image.Image) image.Image {
	half := len(pictures) / 2
	phones, desks := small(pictures[:half], phoneSmall), small(pictures[half:], deskSmall)
	width := max(row(phones).X, row(desks).X) + gap
	sheet := image.NewRGBA(image.Rect(0, 0, width, row(phones).Y+row(desks).Y+3*gap))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
	lay(sheet, phones, gap)
	lay(sheet, desks, row(phones).Y+2*gap)
	return sheet
}

// small scales pictures to a width.
func small(pictures []image.Image, width int) []image.Image {
	list := make([]image.Image, len(pictures))
	for i, p := range pictures {
		to := image.NewRGBA(image.Rect(0, 0, width, p.Bounds().Dy()*width/p.Bounds().Dx()))
		draw.CatmullRom.Scale(to, to.Bounds(), p, p.Bounds(), draw.Src, nil)
		list[i] = to
	}
	return list
}

// row is the room that pictures side by side take.
func row(pictures []image.Image) image.Point {
	var size image.Point
	for _, p := range pictures {
		size.X += p.Bounds().Dx() + gap
		size.Y = max(size.Y, p.Bounds().Dy())
	}
	return size
}

func lay(sheet draw.Image, pictures []image.Image, y int) {
	x := gap
	for _, p := range pictures {
		draw.Draw(sheet, image.Rectangle{Min: image.Pt(x, y), Max: image.Pt(x, y).Add(p.Bounds().Size())}, p, p.Bounds().Min, draw.Src)
		x += p.Bounds().Dx() + gap
	}
}

func save(path string, picture image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, picture); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
