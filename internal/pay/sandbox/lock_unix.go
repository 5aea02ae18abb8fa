//go:build unix

package sandbox

import (
	"os"
	"syscall"
)

// lock waits for the file's lock between processes. The system frees it when its holder dies.
func lock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != syscall.EINTR {
			return err
		}
	}
}

func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
