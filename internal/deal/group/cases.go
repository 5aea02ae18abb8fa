package group

// ordered is how many pieces a tier orders for the sums of those who accept it (O_k in the rules): all that they want,
// or whole cases of it.
func (t *Terms) ordered(s Sums) int64 {
	if !t.inCases() {
		return s.Pieces
	}
	return t.cases(s) * t.CaseSize
}

// cases is how many whole cases are ordered for Q wanted pieces and a tolerance of T: ⌊Q/U⌋, and one more where
// tolerance fills a case that wanted pieces opened and the cap leaves room; and as many as the minimum needs where
// wanted pieces and tolerance together cover them. Tolerance alone opens no case otherwise.
//
// The rule is Foodsoft's, with cap and minimum counted in pieces.
func (t *Terms) cases(s Sums) int64 {
	u := t.CaseSize
	n, rest := s.Pieces/u, s.Pieces%u
	if rest > 0 && rest+s.Tolerance >= u && t.fits((n+1)*u) {
		n++
	}
	if s.Pieces > 0 && n*u < t.Minimum && t.Minimum <= s.Pieces+s.Tolerance {
		if least := (t.Minimum + u - 1) / u; least*u <= s.Pieces+s.Tolerance {
			n = least
		}
	}
	return n
}

// fits says whether the cap leaves room for so many pieces.
func (t *Terms) fits(pieces int64) bool { return t.Cap == 0 || pieces <= t.Cap }

// missing is how many pieces would fill the next case: U − (Q mod U + T), 0 where it is covered and where nothing of it
// is there yet.
func (t *Terms) missing(s Sums) int64 {
	begun := s.Pieces%t.CaseSize + s.Tolerance
	if begun == 0 {
		return 0
	}
	return max(t.CaseSize-begun, 0)
}
