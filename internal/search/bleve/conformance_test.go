package bleve_test

import (
	"testing"

	"haggle/internal/search/searchtest"
)

func TestConformance(t *testing.T) { searchtest.Run(t, open) }
