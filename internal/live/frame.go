package live

import (
	"bytes"
	"errors"
	"strconv"
)

var errFrame = errors.New("live: malformed frame")

// frame is an event on its way between processes: sender, topic, seq and kind, a line each, then the data.
type frame struct {
	sender, topic string
	Event
}

func (f frame) encode() []byte {
	b := make([]byte, 0, len(f.sender)+len(f.topic)+len(f.Kind)+len(f.Data)+24)
	b = append(append(b, f.sender...), '\n')
	b = append(append(b, f.topic...), '\n')
	b = append(strconv.AppendInt(b, f.Seq, 10), '\n')
	b = append(append(b, f.Kind...), '\n')
	return append(b, f.Data...)
}

func decode(b []byte) (frame, error) {
	parts := bytes.SplitN(b, []byte{'\n'}, 5)
	if len(parts) != 5 {
		return frame{}, errFrame
	}
	seq, err := strconv.ParseInt(string(parts[2]), 10, 64)
	if err != nil {
		return frame{}, errFrame
	}
	return frame{string(parts[0]), string(parts[1]), Event{seq, string(parts[3]), parts[4]}}, nil
}
