package locale

// Replace puts other messages in the place of a language's, in the form of its file, and gives the way back. It is for
// tests that must see which words of a page come out of the catalogue; a printer made before keeps the words it had.
func Replace(l Lang, raw []byte) (restore func(), err error) {
	c, err := parse(raw)
	if err != nil {
		return nil, err
	}
	before := catalogues[l]
	catalogues[l] = c
	return func() { catalogues[l] = before }, nil
}
