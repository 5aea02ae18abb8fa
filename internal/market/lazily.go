package market

import "sync"

// lazily is a value that is made once, by whoever asks first.
type lazily[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (l *lazily[T]) get(make func() (T, error)) (*T, error) {
	l.once.Do(func() { l.value, l.err = make() })
	return &l.value, l.err
}
