package deal

// FallThrough is the act of an award that came to nothing.
const FallThrough Act = "fall_through"

// Fall is an award that came to nothing after the close.
type Fall struct {
	Award  int64  // the number of its line
	Entry  int64  // the number of the entry that had won
	Reason Reason // why
}

// Fallen is what follows from it: to whom the thing goes now, and everything that is written for that.
type Fallen struct {
	State    any
	Struck   Standing // of the one whose award fell through, as it will be
	Decision Decision
	Award    Award       // the next one
	Backup   bool        // whoever gets it asked to get it at once
	Lines    []LineDraft // fall_through, awarded, closed
}

// FallsThrough is implemented by mechanisms whose awards may fall through after the close.
type FallsThrough interface {
	// FallThrough strikes the winner of a settled deal and says who is next; v.Crowd must be given. It is pure and gives
	// the same for the same arguments. next is false where nobody is left to whom it could go, and where the entry named
	// does not win any more: then nothing follows.
	FallThrough(v View, f Fall) (fallen Fallen, next bool, err error)
}
