package deal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"haggle/internal/money"
)

// Registry finds the mechanism of a kind.
type Registry map[Kind]Mechanism

// LineError names the first line of a log that is wrong, and why.
type LineError struct {
	Line int64 // its seq; the place in the file, from 0
	Why  string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Wrong makes a LineError.
func Wrong(line int64, format string, args ...any) error {
	return &LineError{Line: line, Why: fmt.Sprintf(format, args...)}
}

// Transcript is a log whose chain, numbers, times and opened commitments are sound: what a mechanism audits.
type Transcript struct {
	Deal     string
	Kind     Kind
	Currency money.Currency
	OpenedAt time.Time
	ClosesAt time.Time // as opened; zero: open-ended
	Terms    Body      // of the opened line
	Lines    []Line
	Opened   map[int64]map[string]Secret // revealed secrets: line → field
	End      int                         // index of the first closed line; len(Lines) where the deal is open
}

// IsClosed says whether the log has its closed line.
func (t *Transcript) IsClosed() bool { return t.End < len(t.Lines) }

// ClosedBody is the body of the first closed line; nil where the deal is open.
func (t *Transcript) ClosedBody() Body {
	if !t.IsClosed() {
		return nil
	}
	return t.Lines[t.End].Body
}

// Awards are the awarded lines before the first closed line.
func (t *Transcript) Awards() []Line {
	var out []Line
	for _, l := range t.Lines[:t.End] {
		if l.Kind == Awarded {
			out = append(out, l)
		}
	}
	return out
}

// Reveal gives the opened value of a line's field.
func (t *Transcript) Reveal(line int64, field string) (int64, bool) {
	s, ok := t.Opened[line][field]
	return s.Value, ok
}

// maxLogLine bounds one line of a log that is read from outside.
const maxLogLine = 1 << 20

// ReadLog reads a log and checks each line's own form and hash.
func ReadLog(r io.Reader) ([]Line, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	var lines []Line
	for n := int64(0); ; n++ {
		raw, err := readLine(br)
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return nil, Wrong(n, "%v", err)
		}
		l, err := ParseLine(raw)
		if err != nil {
			return nil, Wrong(n, "%v", err)
		}
		lines = append(lines, l)
	}
}

func readLine(br *bufio.Reader) ([]byte, error) {
	var buf []byte
	for {
		part, err := br.ReadSlice('\n')
		buf = append(buf, part...)
		switch {
		case err == nil:
			return buf[:len(buf)-1], nil
		case len(buf) > maxLogLine:
			return nil, fmt.Errorf("longer than %d bytes", maxLogLine)
		case err == io.EOF && len(buf) > 0:
			return nil, fmt.Errorf("does not end with LF")
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// Verify recomputes a log: the chain first, then the rule of its kind. The error is a *LineError.
func Verify(r io.Reader, reg Registry) (*Transcript, error) {
	lines, err := ReadLog(r)
	if err != nil {
		return nil, err
	}
	return VerifyLines(lines, reg)
}

// VerifyBytes is [Verify] over bytes in memory.
func VerifyBytes(b []byte, reg Registry) (*Transcript, error) { return Verify(bytes.NewReader(b), reg) }

// VerifyLines is [Verify] over lines already read.
func VerifyLines(lines []Line, reg Registry) (*Transcript, error) {
	t, err := transcript(lines)
	if err != nil {
		return nil, err
	}
	m, ok := reg[t.Kind]
	if !ok {
		return nil, Wrong(0, "unknown kind %q", t.Kind)
	}
	if err := m.Audit(t); err != nil {
		return nil, err
	}
	return t, nil
}

// transcript checks what holds for every kind and collects what a mechanism needs.
func transcript(lines []Line) (*Transcript, error) {
	if len(lines) == 0 {
		return nil, Wrong(0, "the log is empty")
	}
	t := &Transcript{Lines: lines, Deal: lines[0].Deal, End: len(lines), Opened: map[int64]map[string]Secret{}}
	if err := t.readOpened(); err != nil {
		return nil, err
	}
	c := chain{t: t, head: NewHead(), closesAt: t.ClosesAt}
	for i := range lines {
		if err := c.check(lines[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Transcript) readOpened() (err error) {
	l := t.Lines[0]
	if l.Kind != Opened || l.Who != pseudonymOwn {
		return Wrong(0, "a log begins with a line `opened` by `owner`")
	}
	if err := OnlyKeys(l, l.Body, "kind", "currency", "closesAt", "about", "terms"); err != nil {
		return err
	}
	kind, _ := l.Body["kind"].(string)
	code, _ := l.Body["currency"].(string)
	terms, ok := l.Body["terms"].(Body)
	if !ok {
		return Wrong(0, "terms are missing")
	}
	t.Kind, t.Terms, t.OpenedAt = Kind(kind), terms, l.At
	if t.Currency, err = money.Lookup(code); err != nil {
		return Wrong(0, "%v", err)
	}
	if t.ClosesAt, err = optionalTime(l.Body, "closesAt"); err != nil {
		return Wrong(0, "%v", err)
	}
	return nil
}

func optionalTime(b Body, key string) (time.Time, error) {
	v, ok := b[key]
	if !ok {
		return time.Time{}, nil
	}
	s, _ := v.(string)
	return ParseTime(s)
}

// OnlyKeys refuses a body with any other key than those named.
func OnlyKeys(l Line, b Body, keys ...string) error {
	for k := range b {
		if !slices.Contains(keys, k) {
			return Wrong(l.Seq, "unknown key %q", k)
		}
	}
	return nil
}

// chain walks a log in order and holds what the next line is checked against.
type chain struct {
	t        *Transcript
	head     Head
	last     time.Time
	closesAt time.Time // in force
	members  int64     // pseudonyms seen
	closing  bool      // revealed lines or the first closed line have begun
	reveal   Line      // the last revealed line
	awards   int64     // awarded lines since the last closed
	closed   bool      // the first closed line was read
	again    bool      // an award fell through since the last closed line: one more closing follows
}

func (c *chain) check(l Line) error {
	if err := c.checkLink(l); err != nil {
		return err
	}
	if err := c.checkWho(l); err != nil {
		return err
	}
	if err := c.checkKind(l); err != nil {
		return err
	}
	c.head, c.last = l.Head(), l.At
	return nil
}

func (c *chain) checkLink(l Line) error {
	switch {
	case l.Seq != c.head.Seq+1:
		return Wrong(c.head.Seq+1, "seq is %d", l.Seq)
	case l.Prev != c.head.Hash:
		return Wrong(l.Seq, "prev is not the hash of the line before")
	case l.Deal != c.t.Deal:
		return Wrong(l.Seq, "belongs to another deal")
	case l.At.Before(c.last):
		return Wrong(l.Seq, "at is before that of the line before")
	case l.Kind == Opened && l.Seq != 0:
		return Wrong(l.Seq, "a deal is opened once")
	}
	return nil
}

func (c *chain) checkWho(l Line) error {
	if l.Who == pseudonymOwn || l.Who == pseudonymSite {
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(l.Who, "p"), 10, 64)
	if err != nil || Pseudonym(n) != l.Who || n < 1 || n > c.members+1 {
		return Wrong(l.Seq, "pseudonym %q is out of order", l.Who)
	}
	if n == c.members+1 {
		if l.Kind == Revealed {
			return Wrong(l.Seq, "pseudonym %q appears first in a revealed line", l.Who)
		}
		c.members = n
	}
	return nil
}

func (c *chain) checkKind(l Line) error {
	if reason, ok := l.Body["reason"]; ok {
		s, _ := reason.(string)
		if !slices.Contains(Reasons(), Reason(s)) {
			return Wrong(l.Seq, "unknown reason %q", reason)
		}
	}
	switch l.Kind {
	case Opened:
		return nil
	case Entered:
		return c.checkEntered(l)
	case Changed:
		return c.checkChanged(l)
	case Revealed:
		return c.checkRevealed(l)
	case Awarded:
		return c.checkAwarded(l)
	case Closed:
		return c.checkClosed(l)
	default:
		return Wrong(l.Seq, "unknown kind %q", l.Kind)
	}
}

func (c *chain) checkEntered(l Line) error {
	if c.closing {
		return Wrong(l.Seq, "an entry after the closing began")
	}
	if !c.closesAt.IsZero() && !l.At.Before(c.closesAt) {
		return Wrong(l.Seq, "entered at or after closesAt %s", FormatTime(c.closesAt))
	}
	return c.moveDeadline(l)
}

func (c *chain) checkChanged(l Line) error {
	fallThrough := l.Body["act"] == string(FallThrough)
	if c.closing && (!c.closed || !fallThrough) {
		return Wrong(l.Seq, "a change after the closing began")
	}
	if of, ok := l.Body["of"]; ok {
		if n, isInt := of.(int64); !isInt || n < 0 || n >= l.Seq {
			return Wrong(l.Seq, "`of` names no earlier line")
		}
	}
	if c.closed {
		return c.checkFallThrough(l)
	}
	return c.moveDeadline(l)
}

// checkFallThrough checks a change after the close: it names an award, and is followed by awards and a closed line.
func (c *chain) checkFallThrough(l Line) error {
	of, ok := l.Body["of"].(int64)
	if !ok || c.t.Lines[of].Kind != Awarded {
		return Wrong(l.Seq, "`of` names no award")
	}
	if c.again {
		return Wrong(l.Seq, "the closing after the last fall_through is missing")
	}
	c.again = true
	return nil
}

// moveDeadline follows a deadline that a line moved. Entries only move it later; an owner may end early.
func (c *chain) moveDeadline(l Line) error {
	after, _ := l.Body["after"].(Body)
	moved, err := optionalTime(after, "closesAt")
	if err != nil {
		return Wrong(l.Seq, "%v", err)
	}
	if moved.IsZero() {
		return nil
	}
	if l.Kind == Entered && !moved.After(c.closesAt) {
		return Wrong(l.Seq, "closesAt in after is not later than %s", FormatTime(c.closesAt))
	}
	c.closesAt = moved
	return nil
}

func (c *chain) checkRevealed(l Line) error {
	if err := OnlyKeys(l, l.Body, "of", "field", "salt", "value"); err != nil {
		return err
	}
	if c.closed || c.awards > 0 && c.reveal.Kind == Revealed && c.reveal.Seq != l.Seq-1 {
		return Wrong(l.Seq, "revealed out of order")
	}
	if c.closing && !l.At.Equal(c.last) {
		return Wrong(l.Seq, "the lines of a closing share their at")
	}
	of, ok1 := l.Body["of"].(int64)
	field, ok2 := l.Body["field"].(string)
	salt, ok3 := l.Body["salt"].(string)
	value, ok4 := l.Body["value"].(int64)
	if !ok1 || !ok2 || !ok3 || !ok4 || of < 0 || of >= l.Seq {
		return Wrong(l.Seq, "a revealed line has of, field, salt and value")
	}
	if c.closing && !c.after(of, field) {
		return Wrong(l.Seq, "revealed lines stand by of, then field")
	}
	s := Secret{Field: field, Salt: salt, Value: value}
	if err := c.t.open(l, of, s); err != nil {
		return err
	}
	c.closing, c.reveal = true, l
	return nil
}

// after says whether (of, field) comes after the last revealed line.
func (c *chain) after(of int64, field string) bool {
	last, _ := c.reveal.Body["of"].(int64)
	lastField, _ := c.reveal.Body["field"].(string)
	return of > last || of == last && field > lastField
}

// open holds a revealed secret against its commitment and keeps it.
func (t *Transcript) open(l Line, of int64, s Secret) error {
	target := t.Lines[of]
	body := target.Body
	if target.Kind == Opened {
		body = t.Terms
	}
	c, _ := body[s.Field].(Body)
	if c == nil || c["c"] != Commitment(t.Deal, target.Who, s) {
		return Wrong(l.Seq, "does not open the commitment %q of line %d", s.Field, of)
	}
	if target.Who != l.Who {
		return Wrong(l.Seq, "`who` is not whose secret it was")
	}
	if t.Opened[of] == nil {
		t.Opened[of] = map[string]Secret{}
	}
	t.Opened[of][s.Field] = s
	return nil
}

func (c *chain) checkAwarded(l Line) error {
	if err := OnlyKeys(l, l.Body, "to", "quantity", "unitPrice", "total"); err != nil {
		return err
	}
	if l.Who != pseudonymSite {
		return Wrong(l.Seq, "awards are written by the site")
	}
	if err := c.checkClosing(l); err != nil {
		return err
	}
	quantity, ok1 := l.Body["quantity"].(int64)
	unit, ok2 := l.Body["unitPrice"].(int64)
	total, ok3 := l.Body["total"].(int64)
	product, err := money.Mul(money.Amount(unit), quantity)
	if !ok1 || !ok2 || !ok3 || quantity < 1 || unit < 0 || err != nil || int64(product) != total {
		return Wrong(l.Seq, "total is not quantity × unitPrice")
	}
	c.awards++
	return nil
}

func (c *chain) checkClosed(l Line) error {
	if l.Who != pseudonymSite {
		return Wrong(l.Seq, "a deal is closed by the site")
	}
	if err := c.checkClosing(l); err != nil {
		return err
	}
	if n, ok := l.Body["awards"].(int64); !ok || n != c.awards {
		return Wrong(l.Seq, "awards is not %d, the number of awarded lines", c.awards)
	}
	if !c.closed {
		c.t.End = int(l.Seq)
	}
	c.closing, c.closed, c.again, c.awards = true, true, false, 0
	return nil
}

// checkClosing checks the place of an awarded or closed line: of a closing's one time, and after the first closing
// only where an award fell through.
func (c *chain) checkClosing(l Line) error {
	switch {
	case c.closed && !c.again:
		return Wrong(l.Seq, "nothing fell through after the close")
	case c.closing && !c.closed && !l.At.Equal(c.last):
		return Wrong(l.Seq, "the lines of a closing share their at")
	}
	return nil
}
