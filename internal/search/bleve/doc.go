// Package bleve is the search engine inside this process: github.com/blevesearch/bleve for words, memory for the rest.
//
// bleve keeps the inverted index of titles, descriptions and categories on disk, durably. Kind, status, price, times
// and the like are small and asked for by every query, so each segment's rows are also held in memory (some 100 bytes
// a deal): filters, facets, orders and paging run over them while bleve yields the matches of the text. A segment
// never changes, so its rows are read once. In an index without a folder, which no crash outlives, what changes but its
// row is not written at all: the row is exchanged in memory.
//
// Scores are sums of constants: how good a field is to be found in, times how rare the term is among titles. Length
// of text and number of repetitions say nothing about a deal. A query that finds little is relaxed: fewer of its terms
// have to match.
//
// One process owns a folder. Inside it the catalogue names the generation that answers; a rebuild fills the next one
// beside it and turns the name around.
package bleve
