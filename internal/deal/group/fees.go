package group

import "haggle/internal/money"

// Hold is what must be held for a pledge of so many pieces (tolerance included) at a ceiling: the dearest price it can
// come to, and fees that no outcome can exceed. money.ErrRange where it is too large to write.
func (t *Terms) Hold(c money.Currency, pieces int64, ceiling money.Amount) (money.Amount, error) {
	goods, err := money.Mul(min(ceiling, t.first()), pieces)
	if err != nil {
		return 0, err
	}
	perPiece, err := money.Mul(t.Fees.PerPiece, pieces)
	if err != nil {
		return 0, err
	}
	all := goods + perPiece + t.Fees.PerMember + t.billAtMost(c, pieces)
	if all > money.Max {
		return 0, money.ErrRange
	}
	return all, nil
}

// billAtMost is ⌈bill · pieces / minimum⌉ in cash units, at most the bill: the largest share that so many pieces can
// carry, for a group that clears has at least its minimum.
func (t *Terms) billAtMost(c money.Currency, pieces int64) money.Amount {
	if pieces >= t.Minimum {
		return t.Fees.Bill
	}
	return t.BillShare(c, pieces, t.Minimum)
}

// BillShare is ⌈bill · pieces / all⌉ in cash units: the most that so many pieces of all carry of the bill. all ≥ 1.
func (t *Terms) BillShare(c money.Currency, pieces, all int64) money.Amount {
	n := money.Amount(all)
	exact := t.Fees.Bill * money.Amount(pieces) // ≤ maxPrice · 2 · maxQuantity: no overflow
	return money.CeilTo((exact+n-1)/n, c.CashUnit)
}

// shares are the fees of each member by the pieces awarded: per piece, per member, and his part of the bill by largest
// remainder in cash units, ties to the older. Who gets nothing pays nothing.
func (t *Terms) shares(c money.Currency, pieces []int64) []money.Amount {
	out := money.Split(t.Fees.Bill, pieces, c.CashUnit)
	for i, n := range pieces {
		if n > 0 {
			out[i] += t.Fees.PerPiece*money.Amount(n) + t.Fees.PerMember
		}
	}
	return out
}
