package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"haggle/internal/mail/mailtest"
)

// TestMailServerDown takes the mail server away for 20 s and kills the site meanwhile: every mail arrives, none twice, and
// one that the server refuses for good is given up and seen.
func TestMailServerDown(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	seller := m.person("seller", 0)
	lost := m.person("lost", plenty)
	letter(t, post, seller.email(), "confirm-", 1)
	letter(t, post, lost.email(), "confirm-", 1)
	post.Down()
	begun := time.Now()
	want := map[string]string{} // by message id: to whom
	boxes := map[string]string{seller.email(): ""}
	var buyers []person
	for i := range 5 {
		p := m.person(fmt.Sprintf("buyer%d", i), plenty)
		buyers = append(buyers, p)
		boxes[p.email()] = "confirm-"
	}
	sell := func(p person) {
		order := p.do("POST", "/listings/"+seller.fixed(nil)+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
		p.do("POST", "/orders/"+order+"/pay", obj{"method": "wallet"}).want(200)
		seller.do("POST", "/orders/"+order+"/ship", nil).want(200)
		want[order+"-1-seller"], want[order+"-2-buyer"] = seller.email(), p.email()
	}
	for _, p := range buyers[:3] {
		sell(p)
	}
	time.Sleep(3 * time.Second) // some tries fail
	m.site.Kill()
	m.site.Start()
	for _, p := range buyers[3:] {
		sell(p)
	}
	post.Refuse(lost.email(), 550)
	sell(lost)
	time.Sleep(20*time.Second - time.Since(begun))
	post.Up(t)
	delete(want, lastOf(want, lost.email()))
	var missing []string
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if missing = lacking(post.Letters(), want); len(missing) == 0 {
			break
		}
	}
	for _, id := range missing {
		t.Errorf("%s never arrived", id)
	}
	for box, prefix := range boxes {
		if prefix != "" && len(to(post, box, prefix)) != 1 {
			t.Errorf("%s got %d letters %s", box, len(to(post, box, prefix)), prefix)
		}
	}
	seen := map[string]bool{}
	for _, l := range post.Letters() {
		if seen[idOf(l)] {
			t.Errorf("%s arrived twice", idOf(l))
		}
		seen[idOf(l)] = true
	}
	failedIsSeen(t, m)
}

// failedIsSeen holds that metrics and doctor show the one mail that no server takes.
func failedIsSeen(t *testing.T, m *market) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		page := m.visitor().get(m.site.URL+"/metrics", 200)
		if strings.Contains(page, `haggle_mails{state="failed"} 1`) && strings.Contains(page, `haggle_mails{state="waiting"} 0`) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("metrics never said that one mail failed and none waits")
		}
	}
	if out, code := m.run("doctor"); !strings.Contains(out, "0 wait, 1 were refused") {
		t.Errorf("doctor exits %d: %s", code, out)
	}
}

// lacking lists the ids of letters that did not arrive where they should.
func lacking(got []mailtest.Received, want map[string]string) (ids []string) {
	arrived := map[string]string{}
	for _, l := range got {
		arrived[idOf(l)] = l.To
	}
	for id, box := range want {
		if arrived[id] != box {
			ids = append(ids, id)
		}
	}
	return ids
}

// lastOf is the id of a letter to a box.
func lastOf(want map[string]string, box string) string {
	for id, to := range want {
		if to == box {
			return id
		}
	}
	return ""
}
