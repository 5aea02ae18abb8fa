// Package acks is the journal of what clients asked and were told. It outlives every process that dies meanwhile.
package acks

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// Ack is the end of one request. A request that was repeated under its key may have several.
type Ack struct {
	Account string          `json:"account"`
	Key     string          `json:"key,omitempty"` // "": sent without one
	Path    string          `json:"path"`          // of the POST, below /api/v1
	Body    json.RawMessage `json:"body,omitempty"`
	Status  int             `json:"status"` // 0: nobody knows; the connection broke, or 503
	Answer  json.RawMessage `json:"answer,omitempty"`
}

// Known says whether the client was told what became of the request.
func (a Ack) Known() bool { return a.Status != 0 }

// Accepted says whether the client was told that it was done.
func (a Ack) Accepted() bool { return a.Status/100 == 2 }

// ID names the request: account and key, as the store does.
func (a Ack) ID() string { return a.Account + ":" + a.Key }

// Journal is a journal that is being written, one JSON object a line. It is safe for concurrent use.
type Journal struct {
	mu   sync.Mutex
	file *os.File
}

// Create begins a journal in a file.
func Create(path string) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return &Journal{file: f}, err
}

// Add writes one line.
func (j *Journal) Add(a Ack) error {
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = j.file.Write(append(line, '\n'))
	return err
}

// Close ends the journal.
func (j *Journal) Close() error { return j.file.Close() }

// maxLine bounds one line of a journal, in bytes.
const maxLine = 4 << 20

// Read reads a journal. A last line that its writer had not finished is left out.
func Read(path string) (all []Ack, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	raw = raw[:bytes.LastIndexByte(raw, '\n')+1]
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var a Ack
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, len(all)+1, err)
		}
		all = append(all, a)
	}
	return all, lines.Err()
}
