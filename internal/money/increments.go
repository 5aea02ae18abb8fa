package money

// Increments is the default bid increment table of the currency: `[below, step]` rows, rising; below 0 = from there on.
//
// USD and TWD have tables of their own; another currency takes the USD table in its own major units, each step lifted
// to the cash unit.
func (c Currency) Increments() [][2]Amount {
	if c.Code == "TWD" {
		return scaled(c, 1, [][2]Amount{{100, 5}, {500, 10}, {1_000, 20}, {5_000, 50}, {10_000, 100}, {50_000, 500}, {0, 1_000}})
	}
	return scaled(c, 100, [][2]Amount{{100, 5}, {500, 25}, {2_500, 50}, {10_000, 100}, {25_000, 250}, {50_000, 500},
		{100_000, 1_000}, {250_000, 2_500}, {500_000, 5_000}, {0, 10_000}})
}

// scaled turns a table in 1/per of a major unit into minor units of the currency.
func scaled(c Currency, per Amount, table [][2]Amount) [][2]Amount {
	out := make([][2]Amount, len(table))
	for i, row := range table {
		out[i] = [2]Amount{row[0] * c.major() / per, max(CeilTo(row[1]*c.major()/per, c.CashUnit), c.CashUnit)}
	}
	return out
}
