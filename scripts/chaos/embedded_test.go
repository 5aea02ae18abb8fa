package chaos

import (
	"path/filepath"
	"testing"
	"time"

	"haggle/internal/testenv"
	"haggle/scripts/chaos/acks"
)

// newSite is a site that no process serves yet, with a journal.
func newSite(t testing.TB) (s *site, journal string) {
	t.Helper()
	journal = filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := acks.Create(journal)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return &site{t: t, journal: j, why: map[string]int{}}, journal
}

// TestEmbedded kills a site of one process over its embedded store, under load and while groups settle.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	s, journal := newSite(t)
	p := testenv.Serve(t, "--limits=off")
	s.doors.set(0, p.URL)
	w := &world{t: t, site: s, logs: func() string { return p.Log() }, crowd: newCrowd(s, size{people: 12, savers: 3, spread: 4, groups: 3}),
		store: []string{"--sqlite=" + filepath.Join(p.Data, "haggle.db"), "--journal=" + journal}}
	kill := fault{name: "embedded site killed", groups: 20, ahead: 2 * time.Second, inject: func(f *fate) {
		f.until(f.batch.closes.Add(time.Duration(f.r.IntN(400)-200) * time.Millisecond))
		p.Kill()
		p.Start()
		s.doors.set(0, p.URL)
	}}
	for i := range rounds() * 3 { // beside the farm, which takes longer
		w.run(kill, i)
	}
	w.last()
}
