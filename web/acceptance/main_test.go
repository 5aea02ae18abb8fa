package acceptance

import (
	"flag"
	"testing"

	"haggle/internal/testenv"
)

// TestMain lets more tests run at once than there are processors: a usual run's mostly wait, for deals to end and pages to
// come. Larger runs hold times against their floors.
func TestMain(m *testing.M) {
	flag.Parse()
	if !testenv.Large() {
		if err := flag.Set("test.parallel", "4"); err != nil {
			panic(err)
		}
	}
	m.Run()
}
