package money

var (
	twdIncrements = [][2]Amount{{100_00, 5_00}, {500_00, 10_00}, {1_000_00, 20_00}, {5_000_00, 50_00}, {10_000_00, 100_00},
		{50_000_00, 500_00}, {0, 1_000_00}}
	usdIncrements = [][2]Amount{{1_00, 5}, {5_00, 25}, {25_00, 50}, {100_00, 1_00}, {250_00, 2_50}, {500_00, 5_00}, {1_000_00, 10_00},
		{2_500_00, 25_00}, {5_000_00, 50_00}, {0, 100_00}}
)

// Increments is the default bid increment table of the currency: `[below, step]` rows, bounds and steps rising; below 0
// = from there on.
//
// USD and TWD have tables of their own. Another currency takes the numbers of the USD table in its own minor units (a
// yen stands where a cent does), each step lifted to the cash unit.
func (c Currency) Increments() [][2]Amount {
	table := usdIncrements
	if c.Code == "TWD" {
		table = twdIncrements
	}
	out := make([][2]Amount, len(table))
	for i, row := range table {
		out[i] = [2]Amount{row[0], CeilTo(row[1], c.CashUnit)}
	}
	return out
}
