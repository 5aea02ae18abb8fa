package demo_test

import (
	"testing"
	"time"
)

func TestFill(t *testing.T) {
	s := newSite(t)
	began := time.Now()
	s.fill(t)
	t.Log(time.Since(began))
}
