package live

import (
	"bytes"
	"errors"
	"strconv"
)

var errMessage = errors.New("live: malformed message")

// A message carries the events of one round between processes: its sender, a line, then for each event its topic, seq, kind
// and the length of its data, a line each, and the data.

// pack makes messages of events, each of one event or of at most so many bytes.
func pack(sender string, events map[string]Event, most int) (messages [][]byte) {
	var b []byte
	for topic, e := range events {
		if size := len(topic) + len(e.Kind) + len(e.Data) + 48; b != nil && len(b)+size > most { // two numbers, four line ends
			messages, b = append(messages, b), nil
		}
		if b == nil {
			b = append(append(b, sender...), '\n')
		}
		b = append(append(b, topic...), '\n')
		b = append(strconv.AppendInt(b, e.Seq, 10), '\n')
		b = append(append(b, e.Kind...), '\n')
		b = append(strconv.AppendInt(b, int64(len(e.Data)), 10), '\n')
		b = append(b, e.Data...)
	}
	if b != nil {
		messages = append(messages, b)
	}
	return messages
}

// unpack hands the events of a message out, unless it was sent by the one who reads. Their data are parts of the message.
func unpack(b []byte, reader string, deliver func(topic string, e Event)) error {
	sender, rest, ok := bytes.Cut(b, []byte{'\n'})
	if !ok {
		return errMessage
	}
	if string(sender) == reader {
		return nil
	}
	for len(rest) > 0 {
		head := bytes.SplitN(rest, []byte{'\n'}, 5)
		if len(head) != 5 {
			return errMessage
		}
		seq, err1 := strconv.ParseInt(string(head[1]), 10, 64)
		size, err2 := strconv.Atoi(string(head[3]))
		if err1 != nil || err2 != nil || size < 0 || size > len(head[4]) {
			return errMessage
		}
		deliver(string(head[0]), Event{Seq: seq, Kind: string(head[2]), Data: head[4][:size:size]})
		rest = head[4][size:]
	}
	return nil
}
