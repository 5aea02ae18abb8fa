// Command haggle is the whole market: its server, its workers and its tools.
//
// Every command has a file of its own. A command exits with 0 when all is well, 1 when not, 2 when it was used wrongly,
// and says what it found on standard output, for machines with --json.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"haggle/internal/config"
)

// commands is the command line.
type commands struct {
	JSON bool `name:"json" help:"Answer as JSON."`

	Serve      serve         `cmd:"" help:"Run the whole market in this process."`
	Web        webOnly       `cmd:"" help:"Serve pages and API only; needs --mongo."`
	Worker     workOnly      `cmd:"" help:"Work in the background only; needs --mongo."`
	Seed       seed          `cmd:"" help:"Fill an empty store with the demo market."`
	Reindex    reindex       `cmd:"" help:"Build the search copy anew, or check it."`
	Verify     verify        `cmd:"" help:"Check the public log of a deal, offline."`
	Ledger     ledgerCmd     `cmd:"" help:"Look at the books."`
	Reputation reputationCmd `cmd:"" help:"Recompute somebody's scores from what a site publishes."`
	Backup     backup        `cmd:"" help:"Copy store and photos into a new file, beside a running server."`
	Restore    restore       `cmd:"" help:"Fill an empty store from a backup, whichever engine it came from."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the store to the version of this program."`
	Doctor     doctor        `cmd:"" help:"Look whether everything is in order."`
	Healthy    healthy       `cmd:"" help:"Ask a running process whether it can serve."`
	Tasks      tasks         `cmd:"" help:"Show the tasks of the queue that failed for good, or run them again."`
	Role       role          `cmd:"" help:"Make somebody a member, moderator or admin."`
}

// collectAt is how much the heap may grow before it is collected, in percent of what lives: a market makes much short-lived
// garbage over little that lives, and a hot auction decides a tenth more than with Go's 100.
const collectAt = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	config.DropEmpty()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], &terminal{out: os.Stdout, err: os.Stderr, in: os.Stdin}))
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, t *terminal) int {
	var c commands
	help := -1
	parser := kong.Must(&c, kong.Name("haggle"), kong.Writers(t.out, t.err), kong.Exit(func(code int) { help = code }),
		kong.Description("A marketplace in which the price is bargained, not printed."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t))
	command, err := parser.Parse(args)
	if help >= 0 { // kong has printed its help
		return help
	}
	t.json = c.JSON
	if err != nil {
		return t.fail(usage(err))
	}
	return t.fail(command.Run())
}

// usageError is a wrong use of a command.
type usageError struct{ error }

func usage(err error) error { return usageError{err} }

func (u usageError) Unwrap() error { return u.error }

// errNotWell ends a command that has already said what is not well.
var errNotWell = errors.New("not well")
