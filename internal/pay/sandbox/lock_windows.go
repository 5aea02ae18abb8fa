package sandbox

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock waits for the file's lock between processes. The system frees it when its holder dies. The lock lies on a byte
// far behind the end, so that it bars no reader.
func lock(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, place())
}

func unlock(f *os.File) error { return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, place()) }

func place() *windows.Overlapped { return &windows.Overlapped{OffsetHigh: 1 << 30} }
