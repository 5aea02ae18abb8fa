package recent_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/recent"
)

// entry is one value of the model: a list, the one used last at its end.
type entry struct {
	key, value int
	weight     int64
}

func TestItKeepsWhatWasUsedLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 40).Draw(t, "most")
		c := recent.New[int, int](most)
		var model []entry
		find := func(key int) int { return slices.IndexFunc(model, func(e entry) bool { return e.key == key }) }
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			key := rapid.IntRange(0, 9).Draw(t, "key")
			at := find(key)
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				got, ok := c.Get(key)
				if ok != (at >= 0) || ok && got != model[at].value {
					t.Fatalf("Get(%d) = %d, %v; the model has %v", key, got, ok, model)
				}
				if ok {
					used := model[at]
					model = append(slices.Delete(model, at, at+1), used)
				}
			case 1:
				c.Drop(key)
				if at >= 0 {
					model = slices.Delete(model, at, at+1)
				}
			default:
				e := entry{key, rapid.Int().Draw(t, "value"), rapid.Int64Range(0, 50).Draw(t, "weight")}
				c.Put(e.key, e.value, e.weight)
				if at >= 0 {
					model = slices.Delete(model, at, at+1)
				}
				if e.weight <= most {
					model = append(model, e)
				}
				for total(model) > most {
					model = model[1:]
				}
			}
			if weight, n := c.Weight(); weight != total(model) || n != len(model) || weight > most {
				t.Fatalf("%d values weigh %d of %d; the model has %v", n, weight, most, model)
			}
		}
	})
}

func total(model []entry) (n int64) {
	for _, e := range model {
		n += e.weight
	}
	return n
}

func TestSeveralAtOnce(t *testing.T) {
	c := recent.New[string, int](10)
	c.Put("a", 1, 1)
	c.Put("c", 3, 1)
	var got []any
	c.GetEach([]string{"a", "b", "c"}, func(i, v int, ok bool) { got = append(got, i, v, ok) })
	if !slices.Equal(got, []any{0, 1, true, 1, 0, false, 2, 3, true}) {
		t.Error(got)
	}
}

func TestAChangeSeesWhatIsThere(t *testing.T) {
	c := recent.New[string, int](10)
	for want := range 3 {
		c.Change("a", func(old int, ok bool) (int, int64) {
			if old != want || ok != (want > 0) {
				t.Errorf("change %d sees %d, %v", want, old, ok)
			}
			return old + 1, 1
		})
	}
}
