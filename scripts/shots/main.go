// Shots photographs the demo market: every page, on a telephone and a desktop, light and dark, in both languages, as
// somebody who has such a page sees it. It writes each picture, and one contact sheet a page with all eight of them,
// into a folder outside the tree.
//
//	go run ./scripts/shots -out DIR                       # everything
//	go run ./scripts/shots -out DIR -only 'home|auction'
//
// HAGGLE_TEST_CHROMIUM names the browser, as for the tests. A site that runs already is taken with -site; else the demo market is started.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
)

func main() {
	log.SetFlags(0)
	out := flag.String("out", filepath.Join(os.TempDir(), "haggle-shots"), "folder to write to")
	only := flag.String("only", "", "names of pages, as an expression")
	address := flag.String("site", "", "address of a demo market that runs already")
	readme := flag.String("strip", "", "file that joins some of the pictures in -out, for the README; nothing is photographed")
	tall := flag.Int64("tall", 2600, "how much of a long page is taken, in CSS pixels")
	flag.Parse()
	if *readme != "" {
		if err := strip(*out, *readme); err != nil {
			log.Fatal(err)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out, *only, *address, *tall); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out, only, address string, tall int64) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	s, err := open(ctx, address)
	if err != nil {
		return err
	}
	defer s.close()
	pages, err := s.pages(ctx)
	if err != nil {
		return err
	}
	c, err := newCamera(ctx, s.url, tall)
	if err != nil {
		return err
	}
	defer c.close()
	for _, p := range pages {
		if !wanted.MatchString(p.name) {
			continue
		}
		if err := c.sheet(out, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		log.Printf("%-24s %s", p.name, p.path)
	}
	return nil
}
