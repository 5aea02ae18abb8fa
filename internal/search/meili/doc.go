// Package meili is the search engine for several processes: a Meilisearch server, 1.15 or newer, beside them.
//
// The server never sees Chinese. Its own dictionary knows Simplified words only and cuts Traditional ones apart, so
// package text does the work and each pair of characters is sent as a number (see encode); what is left for the server
// is matching words, forgiving misspellings and ranking. Titles come back as they were, and are marked here.
//
// The server works through tasks and knows no versions. Every write here waits for its task, and reads the stored
// versions first. That order is exact within a process; two processes that write one deal in the same instant may
// leave the older state, until the deal's next change or `haggle reindex`. A rebuild fills a second index, which
// writers of all processes find by its name, and swaps the two.
package meili
