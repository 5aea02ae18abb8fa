package engine

import (
	"strconv"

	"github.com/google/uuid"
)

// NewID draws an id that sorts by the time of its making (UUID version 7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// entryPart is the id of an entry's i-th line.
func entryPart(id string, i int) string { return id + "." + strconv.Itoa(i) }
