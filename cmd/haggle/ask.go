package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// ask reads what a running site answers at a path, within some time. The status is given with an answer that is no JSON,
// too; it is zero where nobody answers.
func ask(ctx context.Context, at, path string, within time.Duration, out any) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(at, "/")+path, nil)
	if err != nil {
		return 0, usage(fmt.Errorf("--at: %w", err))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("nobody answers at %s", at)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return res.StatusCode, noHaggle(at)
	}
	return res.StatusCode, nil
}

func noHaggle(at string) error { return fmt.Errorf("what answers at %s is no haggle", at) }
