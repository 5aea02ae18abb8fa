package deal_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"haggle/internal/deal"
)

func keyOf(seed byte) (ed25519.PublicKey, ed25519.PrivateKey) {
	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('a'+seed)), ed25519.SeedSize)))
	return private.Public().(ed25519.PublicKey), private
}

// TestReceiptsOfACommit signs commits of 1 to 33 deals: each deal's head is proved by its path, and by no other's.
func TestReceiptsOfACommit(t *testing.T) {
	public, private := keyOf(0)
	for n := 1; n <= 33; n++ {
		var heads []deal.DealHead
		for i := range n {
			heads = append(heads, deal.DealHead{Deal: fmt.Sprintf("d-%d", (i*37)%n), Head: deal.Head{Seq: int64(i), Hash: hashOf(i)}})
		}
		given := slices.Clone(heads)
		c := deal.NewCommit(heads)
		if !slices.Equal(given, heads) {
			t.Fatal("the heads were reordered")
		}
		signature := deal.Sign(private, c.Root)
		if n == 1 && len(c.Paths["d-0"]) != 0 {
			t.Errorf("a path of one deal: %v", c.Paths)
		}
		for i, h := range heads {
			head := deal.SignedHead{Seq: h.Head.Seq, Hash: h.Head.Hash, Signature: signature, Path: c.Paths[h.Deal]}
			if err := deal.CheckHead(h.Deal, head, public); err != nil {
				t.Fatalf("%d deals, %s: %v", n, h.Deal, err)
			}
			if n > 1 {
				head.Path = c.Paths[heads[(i+1)%n].Deal]
				if deal.CheckHead(h.Deal, head, public) == nil {
					t.Fatalf("%d deals: %s is proved by another's path", n, h.Deal)
				}
			}
		}
	}
}

func hashOf(i int) string {
	sum := sha256.Sum256([]byte{byte(i)})
	return hex.EncodeToString(sum[:])
}

// TestTreeByHand is the root of three deals as a stranger would compute it: the odd last leaf goes up as it is.
func TestTreeByHand(t *testing.T) {
	leaf := func(id string, seq, hash string) []byte {
		sum := sha256.Sum256([]byte("\x00haggle head 1\n" + id + "\n" + seq + "\n" + hash))
		return sum[:]
	}
	node := func(l, r []byte) []byte {
		sum := sha256.Sum256(append(append([]byte{1}, l...), r...))
		return sum[:]
	}
	a, b, c := leaf("a", "7", hashOf(1)), leaf("b", "0", hashOf(2)), leaf("c", "12", hashOf(3))
	root := hex.EncodeToString(node(node(a, b), c))
	got := deal.NewCommit([]deal.DealHead{{Deal: "c", Head: deal.Head{Seq: 12, Hash: hashOf(3)}}, {Deal: "a", Head: deal.Head{Seq: 7, Hash: hashOf(1)}},
		{Deal: "b", Head: deal.Head{Seq: 0, Hash: hashOf(2)}}})
	if got.Root != root {
		t.Errorf("root %s, want %s", got.Root, root)
	}
	want := map[string][]deal.Sibling{
		"a": {{Right: hex.EncodeToString(b)}, {Right: hex.EncodeToString(c)}},
		"b": {{Left: hex.EncodeToString(a)}, {Right: hex.EncodeToString(c)}},
		"c": {{Left: hex.EncodeToString(node(a, b))}},
	}
	for id, path := range want {
		if !slices.Equal(got.Paths[id], path) {
			t.Errorf("path of %s: %v", id, got.Paths[id])
		}
	}
	public, private := keyOf(0)
	if sig := deal.Sign(private, root); !ed25519.Verify(public, []byte("haggle commit 1\n"+root), decode(t, sig)) {
		t.Error("the signature is not over the root")
	}
}

func decode(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// proved is a log, and the receipt of its line 1 with the head of line 2, in a commit with another deal.
func proved(t *testing.T) ([]deal.Line, deal.Receipt, ed25519.PublicKey) {
	t.Helper()
	secret := deal.Secret{Field: "max", Salt: strings.Repeat("ab", 32), Value: 2600}
	bid := deal.Body{"act": "bid", "max": deal.Committed("d-1", "p1", secret), "after": deal.Body{"leader": "p1", "standing": 1000}}
	lines := chained(t, []draft{
		{0, "owner", deal.Opened, deal.Body{"kind": "english"}}, {1, "p1", deal.Entered, bid}, {2, "p2", deal.Entered, deal.Body{"act": "bid"}},
		{3, "p1", deal.Entered, deal.Body{"act": "bid"}},
	})
	public, private := keyOf(0)
	c := deal.NewCommit([]deal.DealHead{{Deal: "d-1", Head: lines[2].Head()}, {Deal: "d-2", Head: deal.Head{Seq: 5, Hash: hashOf(5)}}})
	head := deal.SignedHead{Seq: 2, Hash: lines[2].Hash, Signature: deal.Sign(private, c.Root), Path: c.Paths["d-1"]}
	return lines, deal.Receipt{Deal: "d-1", Seq: 1, Hash: lines[1].Hash, At: deal.FormatTime(lines[1].At), Head: head, Salt: secret.Salt,
		Value: &secret.Value}, public
}

func TestReceiptHolds(t *testing.T) {
	lines, r, public := proved(t)
	if err := deal.CheckReceipt(r, public, lines); err != nil {
		t.Error(err)
	}
	r.Salt, r.Value = "", nil
	if err := deal.CheckReceipt(r, public, lines[:3]); err != nil {
		t.Errorf("without a secret, up to its head: %v", err)
	}
}

// TestForgedReceiptsAreRefused, and those of logs that were cut or altered.
func TestForgedReceiptsAreRefused(t *testing.T) {
	other, _ := keyOf(1)
	huge := int64(1) << 60
	for name, change := range map[string]func(lines *[]deal.Line, r *deal.Receipt, key *ed25519.PublicKey){
		"another key":        func(_ *[]deal.Line, _ *deal.Receipt, key *ed25519.PublicKey) { *key = other },
		"no key":             func(_ *[]deal.Line, _ *deal.Receipt, key *ed25519.PublicKey) { *key = nil },
		"no signature":       func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Head.Signature = "" },
		"a padded signature": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Head.Signature += "==" },
		"another head seq":   func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Head.Seq = 3 },
		"another head hash":  func(l *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Head.Hash = (*l)[3].Hash },
		"another deal":       func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Deal = "d-2" },
		"no path":            func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Head.Path = nil },
		"a longer path": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) {
			r.Head.Path = append(r.Head.Path, r.Head.Path...)
		},
		"the other side": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) {
			r.Head.Path = []deal.Sibling{{Left: r.Head.Path[0].Right}}
		},
		"both sides": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) {
			r.Head.Path = []deal.Sibling{{Left: hashOf(1), Right: hashOf(2)}}
		},
		"a sibling of no hash": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) {
			r.Head.Path = []deal.Sibling{{Left: "00"}}
		},
		"a sibling of no hex": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) {
			r.Head.Path = []deal.Sibling{{Left: "zz"}}
		},
		"another line":        func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Seq = 2 },
		"another line's hash": func(l *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Seq, r.Hash = 0, (*l)[2].Hash },
		"a line after the head": func(l *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) {
			r.Seq, r.Hash, r.Value = 3, (*l)[3].Hash, nil
		},
		"a line before all":       func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Seq = -1 },
		"another value":           func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { v := int64(2601); r.Value = &v },
		"a value out of range":    func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Value = &huge },
		"another salt":            func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Salt = strings.Repeat("00", 32) },
		"a log that was cut":      func(l *[]deal.Line, _ *deal.Receipt, _ *ed25519.PublicKey) { *l = (*l)[:2] },
		"an empty log":            func(l *[]deal.Line, _ *deal.Receipt, _ *ed25519.PublicKey) { *l = nil },
		"an altered log":          func(l *[]deal.Line, _ *deal.Receipt, _ *ed25519.PublicKey) { *l = altered(t) },
		"the log of another":      func(l *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Value = nil; renamed(*l) },
		"another line, no secret": func(_ *[]deal.Line, r *deal.Receipt, _ *ed25519.PublicKey) { r.Seq, r.Value = 2, nil },
	} {
		t.Run(name, func(t *testing.T) {
			lines, r, public := proved(t)
			change(&lines, &r, &public)
			if deal.CheckReceipt(r, public, lines) == nil {
				t.Errorf("accepted %+v", r)
			}
		})
	}
}

// altered is the same log with another bid in line 1, rechained.
func altered(t *testing.T) []deal.Line {
	lines, _, _ := proved(t)
	drafts := make([]draft, len(lines))
	for i, l := range lines {
		drafts[i] = draft{l.At.Sub(start), l.Who, l.Kind, l.Body}
	}
	drafts[1].body["after"] = deal.Body{"leader": "p1", "standing": 1001}
	return chained(t, drafts)
}

func renamed(lines []deal.Line) {
	for i := range lines {
		lines[i].Deal = "d-2"
	}
}

// TestPathsHaveOneForm: nothing rides along in a sibling.
func TestPathsHaveOneForm(t *testing.T) {
	public, private := keyOf(0)
	c := deal.NewCommit([]deal.DealHead{{Deal: "a", Head: deal.Head{Hash: hashOf(1)}}, {Deal: "b", Head: deal.Head{Hash: hashOf(2)}}})
	h := deal.SignedHead{Hash: hashOf(2), Signature: deal.Sign(private, c.Root), Path: c.Paths["b"]}
	if err := deal.CheckHead("b", h, public); err != nil {
		t.Fatal(err)
	}
	h.Path = []deal.Sibling{{Left: h.Path[0].Left, Right: hashOf(9)}}
	if deal.CheckHead("b", h, public) == nil {
		t.Error("a sibling with two sides is accepted")
	}
}
