// Command bench measures the market from outside and prints one table of ratios from one run:
//
//	go run ./scripts/bench            # SQLite; MongoDB where HAGGLE_TEST_MONGOD and _REDIS name the servers
//	go run ./scripts/bench -seconds 10
//
// The server is the built binary as a child process with its limits off; the load comes from one generator in this
// process: 64 keep-alive connections, each its own signed-in person. An answer counts after the flush to disk.
// Columns of one row run one after the other, in turn, so that a machine that changes its speed changes all of them.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// floor is a promise about a ratio; a goal is one that is not kept yet: it is printed and fails nothing.
type floor struct {
	what string
	got  float64
	min  float64
	goal bool
}

func main() {
	seconds := flag.Int("seconds", 4, "of load for each figure")
	plain := flag.String("plain", "", "") // the child that answers plain Fiber JSON and pages: used by bench itself
	flag.Parse()
	if *plain != "" {
		servePlain(*plain)
		return
	}
	if err := run(time.Duration(*seconds) * time.Second); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(each time.Duration) error {
	b, err := newBench(each)
	if err != nil {
		return err
	}
	defer b.close()
	floors, err := b.sqlite()
	if err != nil {
		return err
	}
	if mongod := os.Getenv("HAGGLE_TEST_MONGOD"); mongod != "" {
		more, err := b.mongo(mongod)
		if err != nil {
			return err
		}
		floors = append(floors, more...)
	} else {
		fmt.Println("\nSKIPPED: MongoDB (HAGGLE_TEST_MONGOD names no mongod)")
	}
	return report(floors)
}

// report prints every ratio beside its floor, and fails where one is missed.
func report(floors []floor) error {
	fmt.Printf("\n%-62s %8s %8s\n", "ratio", "got", "floor")
	missed := 0
	for _, f := range floors {
		mark := ""
		switch {
		case f.got >= f.min:
		case f.goal:
			mark = "  below its goal"
		default:
			missed++
			mark = "  MISSED"
		}
		fmt.Printf("%-62s %8.2f %8.2f%s\n", f.what, f.got, f.min, mark)
	}
	if missed > 0 {
		return fmt.Errorf("%d of %d floors missed", missed, len(floors))
	}
	return nil
}
