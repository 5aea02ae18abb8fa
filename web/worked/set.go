package worked

import "haggle/internal/money"

// Set is all examples of a site.
type Set struct {
	Auction Auction
	Fixed   Fixed
	Request Request
	Group   Group
	Order   Order
	Trust   []Trust
}

// New plays all examples in the site's currency, with its fee in basis points.
func New(c money.Currency, feeBasis int64) (s Set, err error) {
	for _, play := range []func() error{
		func() (err error) { s.Auction, err = playAuction(c); return err },
		func() (err error) { s.Fixed, err = playFixed(c); return err },
		func() (err error) { s.Request, err = playRequest(c); return err },
		func() (err error) { s.Group, err = playGroup(c); return err },
		func() (err error) { s.Order, err = playOrder(c, s.Auction.Price, feeBasis); return err },
	} {
		if err := play(); err != nil {
			return s, err
		}
	}
	s.Trust = playTrust(c)
	return s, nil
}

// people of the examples, by the number of their name in the catalogues.
const (
	first  = "1"
	second = "2"
	third  = "3"
	fourth = "4"
)
