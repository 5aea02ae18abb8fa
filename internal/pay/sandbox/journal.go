package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// journalName is the file of a Journal in its folder.
const journalName = "sandbox-gateway.jsonl"

// Journal is a Storage in one append-only file of JSON lines, synced before a record counts. Processes that share the
// file take turns under a file lock and read what the others added. A line cut short by a crash was never answered to
// anybody and is cut off. The file only grows, by some 250 bytes a record.
type Journal struct {
	mu   sync.Mutex
	file *os.File
	read int64 // bytes of the file that are in ix
	ix   *index
}

// OpenJournal opens the journal in a folder, which must exist, or begins one.
func OpenJournal(dir string) (*Journal, error) {
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sandbox gateway: %w", err)
	}
	j := &Journal{file: f, ix: newIndex()}
	if err := j.locked(syncDir(dir)); err != nil {
		_ = f.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) Chain(_ context.Context, intent string) (out []Record, err error) {
	err = j.locked(func() error { out = j.ix.chain(intent); return nil })
	return out, err
}

func (j *Journal) Append(_ context.Context, r Record) error {
	return j.locked(func() error {
		if j.ix.taken(r) {
			return ErrTaken
		}
		return j.append(r)
	})
}

func (j *Journal) Late(_ context.Context, from, to time.Time) (out []Record, err error) {
	err = j.locked(func() error { out = j.ix.between(from, to); return nil })
	return out, err
}

func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}

// locked runs do while no other process is at the file and everything in it has been read.
func (j *Journal) locked(do func() error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := lock(j.file); err != nil {
		return fmt.Errorf("sandbox gateway: lock: %w", err)
	}
	defer func() { _ = unlock(j.file) }()
	if err := j.catchUp(); err != nil {
		return fmt.Errorf("sandbox gateway: %w", err)
	}
	return do()
}

// append writes a record behind the last whole line. After a failed write the next catchUp reads, or cuts, what there is.
func (j *Journal) append(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := j.file.WriteAt(line, j.read); err != nil {
		return fmt.Errorf("sandbox gateway: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("sandbox gateway: %w", err)
	}
	j.read += int64(len(line))
	j.ix.add(r)
	return nil
}

// catchUp reads the lines that were added since, and cuts a torn last one off. What another process wrote is synced
// before it is believed: its writer may have died before it could.
func (j *Journal) catchUp() error {
	info, err := j.file.Stat()
	if err != nil || info.Size() == j.read {
		return err
	}
	added, err := io.ReadAll(io.NewSectionReader(j.file, j.read, info.Size()-j.read))
	if err != nil {
		return err
	}
	for len(added) > 0 {
		line, rest, whole := bytes.Cut(added, []byte{'\n'})
		var r Record
		err := json.Unmarshal(line, &r)
		switch torn := !whole || (err != nil && len(rest) == 0); {
		case torn:
			return j.file.Truncate(j.read) // nobody was told
		case err != nil:
			return fmt.Errorf("%s is damaged at byte %d: %w", journalName, j.read, err)
		}
		j.ix.add(r)
		j.read += int64(len(line)) + 1
		added = rest
	}
	return j.file.Sync()
}

// syncDir makes a new file's name outlive a crash.
func syncDir(dir string) func() error {
	return func() error {
		d, err := os.Open(dir)
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Sync()
	}
}
