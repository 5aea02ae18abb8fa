// Command check judges the store of a haggle site, from outside: it shares no code with the site.
//
//	check --mongo=URI/DATABASE|--sqlite=FILE [--journal=FILE] [--patience=60s] [--stale=75s] [--final] [--json]
//
// It reads everything at one moment, holds it against every law, and against the journal of what clients were told, and
// prints for each law what it looked at and what breaks it. What may heal by itself (a deal that is due, a row that waits) it
// looks at again until its patience ends. It exits 0 where all is well, 1 where a law is broken, 2 where it could not look.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"haggle/scripts/chaos/acks"
	"haggle/scripts/chaos/laws"
	"haggle/scripts/chaos/rows"
)

// options are the flags.
type options struct {
	mongo, sqlite, journal string
	patience, stale        time.Duration
	final, json            bool
}

func main() {
	var o options
	flag.StringVar(&o.mongo, "mongo", "", "URI with the name of a database")
	flag.StringVar(&o.sqlite, "sqlite", "", "file of an embedded store")
	flag.StringVar(&o.journal, "journal", "", "what clients were told; complete, and of requests that have ended")
	flag.DurationVar(&o.patience, "patience", 60*time.Second, "how long to wait for what may heal by itself")
	flag.DurationVar(&o.stale, "stale", 75*time.Second, "older than this nothing may wait to be done; intents are swept after 60 s")
	flag.BoolVar(&o.final, "final", false, "nothing may wait at all")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.Parse()
	if (o.mongo == "") == (o.sqlite == "") || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	report, err := o.judge(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
	if err := o.print(report); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
	if !report.OK {
		os.Exit(1)
	}
}

// again is the pause between two looks.
const again = 500 * time.Millisecond

func (o options) judge(ctx context.Context) (laws.Report, error) {
	var told []acks.Ack
	if o.journal != "" {
		var err error
		if told, err = acks.Read(o.journal); err != nil {
			return laws.Report{}, err
		}
		if len(told) == 0 {
			return laws.Report{}, errors.New("the journal is empty: there is nothing to judge by")
		}
	}
	for end := time.Now().Add(o.patience); ; time.Sleep(again) {
		picture, err := o.look(ctx)
		if err != nil {
			return laws.Report{}, err
		}
		r := laws.Judge(picture, laws.Config{Acks: told, Now: time.Now(), Stale: o.stale, Final: o.final})
		if !r.Waiting() || time.Now().After(end) {
			return r, nil
		}
	}
}

func (o options) look(ctx context.Context) (*rows.Picture, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if o.mongo != "" {
		return rows.FromMongo(ctx, o.mongo)
	}
	return rows.FromSQLite(ctx, o.sqlite)
}

func (o options) print(r laws.Report) error {
	if !o.json {
		_, err := fmt.Print(r)
		return err
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
