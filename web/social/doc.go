// Package social draws what other sites show of a deal: its photo, or the shape of its way to trade where it has none,
// the price now, and the ladder.
//
// It writes with the Go fonts, which know Latin, Greek and Cyrillic and come under a free licence. No font for Chinese is
// small enough to be carried along, so a title that they cannot write is left out: every site shows it beside the picture.
//
// Most callers need one function: [Draw].
package social
