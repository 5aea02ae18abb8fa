package acceptance

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestHolidays: the clock of a sent order stands still on the holidays that the operator names, and on Taiwan's where he
// names none.
func TestHolidays(t *testing.T) {
	t.Parallel()
	taipei := time.FixedZone("", 8*60*60)
	tomorrow := time.Now().In(taipei).AddDate(0, 0, 1)
	file := filepath.Join(t.TempDir(), "holidays.txt")
	list := "# ours\n" + tomorrow.Format(time.DateOnly) + " one\n" + tomorrow.AddDate(0, 0, 3).Format(time.DateOnly) + " two\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	m := start(t, "--holidays="+file)
	w := &world{m: m, seller: m.person("seller", 0), buyer: m.person("buyer", plenty)}
	w.stock = w.seller.fixed(obj{"quantity": 4})
	id := w.order("paid")
	sent := time.Now()
	order := w.seller.do("POST", steps(id, "ship"), nil).want(200).obj()
	completes, err := time.Parse(time.RFC3339, order.str("nextAt"))
	if want := sent.AddDate(0, 0, 14+2); err != nil || completes.Sub(want).Abs() > time.Minute {
		t.Errorf("it completes at %s, want %s: 14 days and two holidays; %v", completes, want, err)
	}
}
