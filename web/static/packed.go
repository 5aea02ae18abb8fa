package static

import (
	"sync"

	"github.com/valyala/fasthttp"
)

// effort is how hard assets are packed, of 11: the last step takes six times as long as all before for two parts in a hundred.
const effort = 10

var packs sync.Map // address → func() []byte

// Packed is an asset in brotli. Unlike a page it stays what it is, so it is packed well, once a process, when it is first
// asked for: a style sheet comes out a third smaller than what can be done while somebody waits.
func Packed(address string, f File) []byte {
	once, _ := packs.LoadOrStore(address, sync.OnceValue(func() []byte { return fasthttp.AppendBrotliBytesLevel(nil, f.Body, effort) }))
	return once.(func() []byte)()
}
