package ledger

import "haggle/internal/money"

// pair is one sum told by two sources that must agree.
type pair struct{ want, got money.Amount }

// pairs are sums told by two sources, by what they are of. Where both say nothing, nothing is kept.
type pairs map[string]pair

func (p pairs) want(of string, a money.Amount) { p.set(of, pair{p[of].want + a, p[of].got}) }

func (p pairs) got(of string, a money.Amount) { p.set(of, pair{p[of].want, p[of].got + a}) }

func (p pairs) set(of string, v pair) {
	if v == (pair{}) {
		delete(p, of)
		return
	}
	p[of] = v
}

// differences adds a finding for every sum on which the sources disagree.
func (p pairs) differences(list []Finding, code Code, detail string) []Finding {
	for of, v := range p {
		if v.want != v.got {
			list = append(list, Finding{Code: code, Subject: of, Want: v.want, Got: v.got, Detail: detail})
		}
	}
	return list
}
