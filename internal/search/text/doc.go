// Package text is what both search engines know about words.
//
// Neither engine reads Traditional Chinese well by itself, so the work is done here, once, and the engines get the
// same terms: [Fold] makes strings comparable (case, width, accents, Traditional to Simplified), [Tokens] cuts them
// into words and Chinese character pairs, [Rewrites] knows which words mean the same, and [Highlight] marks in the
// original title what the searcher asked for.
//
// Folding goes from Traditional to Simplified because that direction is nearly one to one; the other is ambiguous
// (发 is 發 and 髮). It is used for comparing only: nothing folded is ever shown.
package text

// Version names the rules of this package. An index built under another version must be rebuilt.
const Version = "1"
