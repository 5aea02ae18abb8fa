//go:build unix

package sandbox_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"haggle/internal/pay"
	"haggle/internal/pay/sandbox"
)

// A child of this test is killed with SIGKILL right before or right after a charge takes effect.
const (
	envFolder = "HAGGLE_TEST_SANDBOX_FOLDER"
	envMoment = "HAGGLE_TEST_SANDBOX_MOMENT"
)

var doomed = pay.Charge{Intent: "i1", Amount: 500, Currency: "TWD"}

func TestMain(m *testing.M) {
	if dir := os.Getenv(envFolder); dir != "" {
		dieCharging(dir, os.Getenv(envMoment))
	}
	os.Exit(m.Run())
}

func dieCharging(dir, moment string) {
	die := func(string) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	j, err := sandbox.OpenJournal(dir)
	if err != nil {
		os.Exit(3)
	}
	cfg := sandbox.Config{Storage: j}
	if moment == "before" {
		cfg.Before = die
	} else {
		cfg.After = die
	}
	c := doomed
	c.Card, _ = pay.ParseCard(sandbox.CardGood)
	_, _ = sandbox.New(cfg).Charge(context.Background(), c)
	os.Exit(4)
}

func TestKilledWhileCharging(t *testing.T) {
	for moment, want := range map[string]pay.State{"before": pay.Unknown, "after": pay.Succeeded} {
		t.Run(moment, func(t *testing.T) {
			dir := t.TempDir()
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), envFolder+"="+dir, envMoment+"="+moment)
			var exit *exec.ExitError
			if err := child.Run(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("the child was to be killed: %v", err)
			}
			g := sandbox.New(sandbox.Config{Storage: journal(t, dir)})
			if o, err := g.Find(t.Context(), "i1"); err != nil || o.State != want {
				t.Errorf("found %+v, %v; want %s", o, err, want)
			}
			again := doomed
			again.Card = card(t, sandbox.CardGood)
			if o, err := g.Charge(t.Context(), again); err != nil || o.State != pay.Succeeded {
				t.Errorf("repeated: %+v, %v", o, err)
			}
		})
	}
}
