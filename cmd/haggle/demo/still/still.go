package still

import (
	"fmt"
	"image"
	"slices"
)

// motif draws one thing, standing on the table.
type motif func(c *canvas)

// motifs are the things that can be painted, by name.
var motifs = map[string]motif{
	"backpack": backpack, "bicycle": bicycle, "folding bicycle": foldingBicycle, "bookcase": bookcase, "books": books, "boxes": boxes, "camera": camera,
	"chair": chair, "clock": clock, "coat": coat, "coffee": coffeeBag, "comics": comics, "console": console, "eggs": eggs,
	"fan": fan, "guitar": guitar, "headphones": headphones, "honey": honey, "kettle": kettle, "keyboard": keyboard, "lamp": lamp,
	"laptop": laptop, "mangoes": mangoes, "moka": moka, "mooncakes": mooncakes, "oil": oil, "oranges": oranges, "phone": phone,
	"plant": plant, "pot": pot, "posters": posters, "radio": radio, "record player": recordPlayer, "rice": riceSack, "rice cooker": riceCooker,
	"sewing": sewing, "skateboard": skateboard, "sneakers": sneakers, "soap": soap, "sofa": sofa, "stroller": stroller,
	"suitcase": suitcase, "tea": teaTins, "teapot": teapot, "telescope": telescope, "tent": tent, "toolbox": toolbox,
	"train": train, "typewriter": typewriter, "watch": watch,
}

// Names lists what can be painted, in order.
func Names() []string {
	names := make([]string, 0, len(motifs))
	for n := range motifs {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Paint paints a thing. The variant chooses the colours around it and what stands behind; the same two numbers always
// give the same pixels.
func Paint(name string, variant int) (*image.RGBA, error) {
	draw, ok := motifs[name]
	if !ok {
		return nil, fmt.Errorf("still: nobody can paint %q", name)
	}
	c := newCanvas()
	c.backdrop(scenes[variant%len(scenes)], variant/len(scenes)+variant)
	draw(c)
	c.finish()
	return c.img, nil
}
