package market

import (
	"context"
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// news is what a deal's log says since its mark.
type news struct {
	leader, who string           // who leads now, as an account and as a pseudonym
	displaced   map[string]int64 // accounts that led and do not now, with the line that did it
	quote       *deal.Line       // the newest quote
	standing    money.Amount     // the price now
	minimum     money.Amount
}

// linesOf reads the lines behind the marks of those deals in which they are news.
func (m *Market) linesOf(ctx context.Context, deals []engine.Deal, marks map[string]MarkRow) (map[string][]deal.Line, error) {
	var spans []engine.Span
	for _, d := range deals {
		if d.Kind == deal.English || d.Kind == deal.Request {
			spans = append(spans, engine.Span{Deal: d.ID, From: marks[d.ID].Seq + 1, To: d.Seq})
		}
	}
	return m.eng.LinesOf(ctx, spans)
}

// newsOf finds the news in the lines behind a mark. Only a bid, or a purchase, displaces a leader in a way that he must hear
// of: whoever took his own bid back knows it.
func (m *Market) newsOf(ctx context.Context, d engine.Deal, mark MarkRow, lines []deal.Line) (news, error) {
	n := news{displaced: map[string]int64{}}
	if d.Kind != deal.English && d.Kind != deal.Request {
		return n, nil
	}
	if d.Kind == deal.Request {
		for i, l := range lines {
			if l.Kind == deal.Entered {
				n.quote = &lines[i]
			}
		}
		return n, nil
	}
	p, err := m.eng.Public(d)
	if err != nil {
		return n, err
	}
	if p.Standing != nil && p.Minimum != nil {
		n.standing, n.minimum = *p.Standing, *p.Minimum
	}
	return n, m.addLeaders(ctx, d, mark, lines, &n)
}

// addLeaders finds who led since the mark, and who of them does not now.
func (m *Market) addLeaders(ctx context.Context, d engine.Deal, mark MarkRow, lines []deal.Line, n *news) error {
	n.who = mark.Who
	lost := map[string]int64{} // by pseudonym
	for _, l := range lines {
		after, ok := l.Body["after"].(deal.Body)
		if !ok {
			continue
		}
		next, _ := after["leader"].(string)
		if next != n.who && n.who != "" && l.Kind == deal.Entered {
			lost[n.who] = l.Seq
		}
		n.who = next
	}
	delete(lost, n.who)
	account, err := m.accountsIn(ctx, d, mark, lines, append(keys(lost), n.who))
	if err != nil {
		return err
	}
	n.leader = account[n.who]
	for who, seq := range lost {
		n.displaced[account[who]] = seq
	}
	return nil
}

func keys[V any](of map[string]V) []string {
	all := make([]string, 0, len(of))
	for k := range of {
		all = append(all, k)
	}
	return all
}

// accountsIn finds the accounts behind pseudonyms: from the mark, from what was read before, from the entries since, else from
// the whole crowd.
func (m *Market) accountsIn(ctx context.Context, d engine.Deal, mark MarkRow, lines []deal.Line, whos []string) (map[string]string, error) {
	found := map[string]string{"": "", mark.Who: mark.Leader}
	for _, who := range whos {
		if account, ok := m.members.get(d.ID+":"+who, m.Now()); ok {
			found[who] = account
		}
	}
	if missing(found, whos) && len(lines) > 0 {
		if err := m.addEntered(ctx, d, lines, found); err != nil {
			return nil, err
		}
	}
	if !missing(found, whos) {
		return found, nil
	}
	crowd, err := m.eng.Crowd(ctx, d.ID)
	for _, s := range crowd {
		found[s.Pseudonym] = s.Account
	}
	if err == nil && missing(found, whos) {
		err = fmt.Errorf("deal %s: one of %v is nobody", d.ID, whos)
	}
	return found, err
}

// memberFor is how long a process remembers whose a pseudonym is, which never changes.
const memberFor = time.Hour

func missing(found map[string]string, whos []string) bool {
	for _, who := range whos {
		if _, ok := found[who]; !ok {
			return true
		}
	}
	return false
}

// addEntered adds who made the entries of some lines.
func (m *Market) addEntered(ctx context.Context, d engine.Deal, lines []deal.Line, found map[string]string) error {
	entered := make(map[int64]deal.Line, len(lines))
	for _, l := range lines {
		if l.Kind == deal.Entered {
			entered[l.Seq] = l
		}
	}
	q := store.Query{Index: "deal", Eq: []any{d.ID}, From: store.AtLeast(lines[0].Seq), To: store.AtMost(lines[len(lines)-1].Seq)}
	for {
		page, err := m.rows.entries.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range page.Docs {
			if l, ok := entered[r.Seq]; ok && l.Body["act"] == string(r.Act) { // what wrote no line has the number of the one before
				found[l.Who] = r.Account
				m.members.put(d.ID+":"+l.Who, r.Account, m.Now().Add(memberFor))
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// mails are those of an open deal.
func (n news) mails(d engine.Deal) (mails []MailRow) {
	f := Facts{Deal: d.ID, Title: d.Title, Amount: n.standing, Minimum: n.minimum}
	for account, seq := range n.displaced {
		mails = append(mails, newMail(fmt.Sprintf("outbid-%s-%s-%d", d.ID, account, seq), "outbid", account, f, d.LastAt))
	}
	if n.quote != nil && n.quote.At.After(d.LastAt.Add(-mailWindow)) {
		mails = append(mails, quoteMail(d, n.quote))
	}
	return mails
}

// quoteMail tells a buyer of a quote; its price only where everybody sees it.
func quoteMail(d engine.Deal, l *deal.Line) MailRow {
	f, what := Facts{Deal: d.ID, Title: d.Title}, "quote_hidden"
	if price, seen := l.Body["unitPrice"].(int64); seen {
		f.Amount, what = money.Amount(price), "quote"
	}
	return newMail(fmt.Sprintf("quote-%s-%d", d.ID, l.Seq), what, d.Owner, f, l.At)
}
