package deal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
)

// Sibling is one step of a path from a leaf to the root: the hash beside it, and on which side.
type Sibling struct {
	Left  string `bson:"left,omitempty" json:"left,omitempty"`
	Right string `bson:"right,omitempty" json:"right,omitempty"`
}

// SignedHead is the head of a deal's log under the signature of the commit that stored it.
type SignedHead struct {
	Seq       int64     `bson:"seq" json:"seq"`
	Hash      string    `bson:"hash" json:"hash"`
	Signature string    `bson:"-" json:"signature"`
	Path      []Sibling `bson:"path" json:"path"`
}

// Receipt is the answer to an accepted entry: its place in the log, and the signed head of its commit. Salt and Value
// open the entry's own secret; only its maker gets them.
type Receipt struct {
	Deal  string     `bson:"deal" json:"deal"`
	Seq   int64      `bson:"seq" json:"seq"`
	Hash  string     `bson:"hash" json:"hash"`
	At    string     `bson:"at" json:"at"`
	Head  SignedHead `bson:"head" json:"head"`
	Salt  string     `bson:"salt,omitempty" json:"salt,omitempty"`
	Value *int64     `bson:"value,omitempty" json:"value,omitempty"`
}

// DealHead is the head of one deal in a commit.
type DealHead struct {
	Deal string
	Head Head
}

type digest = [sha256.Size]byte

func leaf(d DealHead) digest {
	b := append([]byte{0}, "haggle head 1\n"...)
	b = append(append(b, d.Deal...), '\n')
	b = append(strconv.AppendInt(b, d.Head.Seq, 10), '\n')
	return sha256.Sum256(append(b, d.Head.Hash...))
}

func node(left, right digest) digest {
	b := append([]byte{1}, left[:]...)
	return sha256.Sum256(append(b, right[:]...))
}

// Commit is the Merkle tree over the heads of the deals in one commit: one root to sign, one path a deal.
type Commit struct {
	Root  string               // lower-case hex
	Paths map[string][]Sibling // by deal
}

// NewCommit builds the tree. Leaves stand in order of deal id; an odd last one goes up as it is.
func NewCommit(heads []DealHead) Commit {
	heads = slices.Clone(heads)
	slices.SortFunc(heads, func(a, b DealHead) int {
		if a.Deal < b.Deal {
			return -1
		}
		return 1
	})
	level := make([]digest, len(heads))
	at := make([]int, len(heads)) // where each leaf's ancestor stands in the level
	paths := make([][]Sibling, len(heads))
	for i, h := range heads {
		level[i], at[i], paths[i] = leaf(h), i, []Sibling{}
	}
	for len(level) > 1 {
		for i := range heads {
			paths[i], at[i] = climb(paths[i], level, at[i])
		}
		level = parents(level)
	}
	c := Commit{Paths: make(map[string][]Sibling, len(heads))}
	for i, h := range heads {
		c.Paths[h.Deal] = paths[i]
	}
	if len(level) == 1 {
		c.Root = hex.EncodeToString(level[0][:])
	}
	return c
}

func climb(path []Sibling, level []digest, i int) ([]Sibling, int) {
	switch {
	case i%2 == 1:
		path = append(path, Sibling{Left: hex.EncodeToString(level[i-1][:])})
	case i+1 < len(level):
		path = append(path, Sibling{Right: hex.EncodeToString(level[i+1][:])})
	}
	return path, i / 2
}

func parents(level []digest) []digest {
	up := make([]digest, 0, (len(level)+1)/2)
	for i := 0; i < len(level); i += 2 {
		if i+1 == len(level) {
			up = append(up, level[i])
			break
		}
		up = append(up, node(level[i], level[i+1]))
	}
	return up
}

func signed(root string) []byte { return []byte("haggle commit 1\n" + root) }

// Sign signs the root of a commit: Ed25519, base64url without padding. The same root always gives the same bytes.
func Sign(key ed25519.PrivateKey, root string) string {
	return base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, signed(root)))
}

// Root recomputes the root that a signed head of a deal leads to.
func (h SignedHead) Root(dealID string) (string, error) {
	sum := leaf(DealHead{Deal: dealID, Head: Head{Seq: h.Seq, Hash: h.Hash}})
	for _, s := range h.Path {
		side, left := s.Right, false
		if s.Left != "" {
			side, left = s.Left, true
		}
		raw, err := hex.DecodeString(side)
		if err != nil || len(raw) != sha256.Size || (s.Left != "") == (s.Right != "") {
			return "", fmt.Errorf("the receipt's path is malformed")
		}
		if left {
			sum = node(digest(raw), sum)
		} else {
			sum = node(sum, digest(raw))
		}
	}
	return hex.EncodeToString(sum[:]), nil
}

// CheckHead says whether a signed head of a deal was signed by the site that owns the key.
func CheckHead(dealID string, h SignedHead, key ed25519.PublicKey) error {
	root, err := h.Root(dealID)
	if err != nil {
		return err
	}
	sig, err := base64.RawURLEncoding.DecodeString(h.Signature)
	if err != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signed(root), sig) {
		return fmt.Errorf("the head is not signed by this key")
	}
	return nil
}

// CheckReceipt holds a receipt against a log whose chain is sound: the signature must be the site's, and the log must
// still have the signed head's line as it was. A failure of that proves that the log was altered or cut later; since
// the chain binds all that stands before the head, an entry's line that differs then shows a false receipt.
func CheckReceipt(r Receipt, key ed25519.PublicKey, lines []Line) error {
	if err := CheckHead(r.Deal, r.Head, key); err != nil {
		return err
	}
	head, ok := lineAt(lines, r.Head.Seq)
	switch {
	case !ok:
		return fmt.Errorf("the log lacks line %d, which the receipt proves", r.Head.Seq)
	case head.Deal != r.Deal:
		return fmt.Errorf("the receipt is of deal %q, the log of %q", r.Deal, head.Deal)
	case head.Hash != r.Head.Hash:
		return fmt.Errorf("line %d is not the one that the receipt proves", r.Head.Seq)
	}
	l, ok := lineAt(lines[:r.Head.Seq+1], r.Seq)
	if !ok || l.Hash != r.Hash {
		return fmt.Errorf("the receipt is false: its own line is not in the log that it proves")
	}
	return checkOpening(r, l)
}

func lineAt(lines []Line, seq int64) (Line, bool) {
	if seq < 0 || seq >= int64(len(lines)) {
		return Line{}, false
	}
	return lines[seq], true
}

// checkOpening holds the receipt's own secret, where it carries one, against the commitment in its line.
func checkOpening(r Receipt, l Line) error {
	if r.Value == nil {
		return nil
	}
	if *r.Value > maxInteger || *r.Value < -maxInteger {
		return fmt.Errorf("the receipt's value is out of range")
	}
	h := Commitment(l.Deal, l.Who, Secret{Salt: r.Salt, Value: *r.Value})
	for _, v := range l.Body {
		if c, ok := v.(Body); ok && c["c"] == h {
			return nil
		}
	}
	return fmt.Errorf("the receipt's salt and value do not open line %d", l.Seq)
}
