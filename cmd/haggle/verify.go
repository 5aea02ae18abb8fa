package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"haggle/internal/deal"
	"haggle/internal/deal/registry"
)

// verify recomputes the public log of a deal. It needs nothing but the file.
type verify struct {
	File    string `arg:"" type:"existingfile" help:"Log of a deal in JSON lines; - reads standard input."`
	Receipt string `type:"existingfile" help:"Receipt of an entry, as the site answered it: the log must still hold what it proves."`
	Key     string `help:"The site's log key, to check the receipt with (logKey of GET /api/v1/site)."`
}

// verified is what a log turned out to be.
type verified struct {
	OK      bool   `json:"ok"`
	Deal    string `json:"deal,omitempty"`
	Kind    string `json:"kind,omitempty"`
	State   string `json:"state,omitempty"` // open, closed
	Result  string `json:"result,omitempty"`
	Lines   int    `json:"lines,omitempty"`
	Awards  int    `json:"awards"`
	Receipt string `json:"receipt,omitempty"` // sound
	Line    *int64 `json:"line,omitempty"`    // the first wrong one
	Why     string `json:"why,omitempty"`
}

func (v verified) String() string {
	switch {
	case v.Line != nil:
		return fmt.Sprintf("wrong: line %d: %s", *v.Line, v.Why)
	case !v.OK:
		return "wrong: " + v.Why
	}
	s := fmt.Sprintf("open: %d lines of %s deal %s are sound as far as they go", v.Lines, v.Kind, v.Deal)
	if v.State == "closed" {
		s = fmt.Sprintf("sound: %d lines of %s deal %s, closed as %s, awards %d", v.Lines, v.Kind, v.Deal, v.Result, v.Awards)
	}
	if v.Receipt != "" {
		s += "; the receipt is proved"
	}
	return s
}

// Run checks the chain, replays the rule, and holds the receipt against the log.
func (c *verify) Run(t *terminal) error {
	if (c.Receipt == "") != (c.Key == "") {
		return usage(errors.New("--receipt and --key belong together"))
	}
	in, err := c.open(t)
	if err != nil {
		return err
	}
	defer in.Close()
	log, err := deal.Verify(in, registry.All())
	if err != nil {
		return t.verdict(wrongLog(err), false)
	}
	v := verified{OK: true, Deal: log.Deal, Kind: string(log.Kind), State: "open", Lines: len(log.Lines)}
	if log.IsClosed() {
		v.State, v.Awards = "closed", len(log.Awards())
		v.Result, _ = log.ClosedBody()["result"].(string)
	}
	if c.Receipt != "" {
		if err := c.checkReceipt(log.Lines, &v); err != nil {
			return err
		}
	}
	return t.verdict(v, v.OK)
}

func (c *verify) open(t *terminal) (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(t.in), nil
	}
	return os.Open(c.File)
}

func wrongLog(err error) verified {
	var at *deal.LineError
	if errors.As(err, &at) {
		return verified{Line: &at.Line, Why: at.Why}
	}
	return verified{Why: err.Error()}
}

// checkReceipt notes whether the log holds what a receipt proves. A receipt or key that cannot be read is wrong use.
func (c *verify) checkReceipt(lines []deal.Line, v *verified) error {
	key, err := base64.RawURLEncoding.DecodeString(c.Key)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return usage(errors.New("--key: not an Ed25519 key in base64url"))
	}
	r, err := readReceipt(c.Receipt)
	if err != nil {
		return usage(fmt.Errorf("--receipt: %w", err))
	}
	if err := deal.CheckReceipt(r, key, lines); err != nil {
		v.OK, v.Why = false, err.Error()
	} else {
		v.Receipt = "sound"
	}
	return nil
}

// readReceipt reads a receipt, or the answer of the API that holds one.
func readReceipt(name string) (deal.Receipt, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return deal.Receipt{}, err
	}
	var answer struct {
		deal.Receipt
		Within *deal.Receipt `json:"receipt"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return deal.Receipt{}, err
	}
	if answer.Within != nil {
		return *answer.Within, nil
	}
	if answer.Deal == "" {
		return deal.Receipt{}, errors.New("this is no receipt")
	}
	return answer.Receipt, nil
}
