package bleve_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"haggle/internal/search"
	"haggle/internal/search/bleve"
)

// crashFolder tells a copy of this test that it is the process to be killed.
const crashFolder = "HAGGLE_TEST_CRASH_FOLDER"

// A process that is killed while it writes loses nothing it had acknowledged.
func TestKilledWhileWriting(t *testing.T) {
	if folder := os.Getenv(crashFolder); folder != "" {
		writeUntilKilled(t, folder)
		return
	}
	folder := t.TempDir()
	x := openIn(t, folder)
	must(t, x.Rebuild(ctx, feed()))
	must(t, x.Close())
	for round := range 3 {
		acknowledged := killAfter(t, folder, 10+7*round)
		x := openIn(t, folder)
		must(t, x.Ready(ctx))
		diff, err := x.Check(ctx, func(yield func(search.Document) error) error {
			for i := range acknowledged {
				must(t, yield(listing(i, "")))
			}
			return nil
		})
		must(t, err)
		if len(diff.Missing) > 0 {
			t.Errorf("round %d: of %d acknowledged writes these are missing: %v", round, acknowledged, diff.Missing)
		}
		must(t, x.Close())
	}
}

// writeUntilKilled prints the number of each document once it is stored.
func writeUntilKilled(t *testing.T, folder string) {
	x, err := bleve.Open(folder)
	must(t, err)
	for i := 0; ; i++ {
		must(t, x.Put(ctx, listing(i, "wooden chair")))
		fmt.Println("stored", i)
	}
}

// killAfter runs a writer, kills it after so many writes, and says how many it had acknowledged.
func killAfter(t *testing.T, folder string, writes int) (acknowledged int) {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestKilledWhileWriting$")
	c.Env = append(os.Environ(), crashFolder+"="+folder)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var n int
		if _, err := fmt.Sscanf(lines.Text(), "stored %d", &n); err != nil {
			t.Fatalf("the writer says %q", lines.Text())
		}
		if acknowledged = n + 1; acknowledged == writes {
			must(t, c.Process.Kill())
		}
	}
	_ = c.Wait() // killed
	return acknowledged
}
