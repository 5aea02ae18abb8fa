// Package view draws the pages of haggle as HTML: templ components and the small values they show. It decides nothing:
// a handler gives it a [Page] (the reader, his language, the tokens of his forms) and what the page is about.
//
// Every deal shows the same drawing, the [Ladder]: the rungs its price moves along, as SVG made here from the deal's
// public state. Pages carry no inline script or style, so that the site's content policy can forbid them.
package view
