// Package still paints still lifes: the photos of the demo market, drawn by the program itself.
//
// A picture is a motif (a function that draws one thing) in a scene (the colours of wall, table and backdrop). Shapes are
// polygons in a frame of 1200 × 900; curves are flattened as they are made. A canvas fills them without jagged edges and
// gives solid things a lit and a shaded side, the light coming from the upper left.
//
// Most callers need two functions: [Names] and [Paint].
package still
