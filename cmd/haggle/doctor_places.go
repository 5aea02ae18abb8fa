package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"haggle/internal/blob"
)

// probeKey is a blob that doctor writes, reads and removes.
const probeKey = "doctor/probe.txt"

// lookAtPhotos writes, reads and removes a small blob where the photos are.
func (c *doctor) lookAtPhotos(ctx context.Context) finding {
	folder := !strings.Contains(c.Photos, "://")
	if _, err := os.Stat(c.PhotosAt()); folder && errors.Is(err, fs.ErrNotExist) {
		if c.Photos != "" {
			return wrong("photos", "there is no folder "+c.Photos, "make it, or mount it")
		}
		return well("photos", "none yet; their folder is made with the first")
	}
	b, err := blob.At(ctx, c.PhotosAt())
	if err != nil {
		return wrong("photos", err.Error(), "look at --photos")
	}
	defer b.Close()
	if err := tryBlob(ctx, b); err != nil {
		return wrong("photos", "they cannot be kept: "+err.Error(), "look at --photos and, of a bucket, at its keys and rights (list, get, put, delete); the market trades on without photos")
	}
	if folder && !c.Embedded() {
		return should("photos", "are in the folder "+c.PhotosAt(), "see to it that every process has the same folder, or set --photos=s3://…")
	}
	return well("photos", "can be kept and read")
}

func tryBlob(ctx context.Context, b *blob.Bucket) error {
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	if err := b.Put(ctx, probeKey, []byte("?")); err != nil {
		return err
	}
	o, err := b.Get(ctx, probeKey)
	if err != nil {
		return err
	}
	return errors.Join(o.Body.Close(), b.Delete(ctx, probeKey))
}

// fewLetters is how many different ones a good secret has at least: 32 random letters of 16 have fewer once in millions.
const fewLetters = 8

// lookAtSecret looks at how good the secret is.
func (c *doctor) lookAtSecret() finding {
	secret := c.Secret
	if secret == "" {
		path := c.Path("secret")
		info, err := os.Stat(path)
		if err != nil {
			return wrong("secret", "there is none yet", "it is made when the site first starts; or set --secret")
		}
		if info.Mode().Perm()&0o077 != 0 {
			return should("secret", fmt.Sprintf("others of this machine may read %s (%v)", path, info.Mode().Perm()), "chmod 600 "+path)
		}
		return well("secret", "is kept in %s", path)
	}
	seen := map[byte]bool{}
	for i := range len(secret) {
		seen[secret[i]] = true
	}
	if len(seen) < fewLetters {
		return should("secret", fmt.Sprintf("can be guessed: %d different letters", len(seen)), "draw one (openssl rand -hex 32) before the site is open; a new one ends sessions and signs logs anew")
	}
	return well("secret", "is set")
}

// lookAtAddress holds against each other what people type, where the site listens and whom it believes.
func (c *doctor) lookAtAddress() finding {
	address := c.Address(c.Listen)
	switch {
	case c.Private():
		return well("url", "%s, for this machine alone", address)
	case c.URL == "":
		return should("url", "mail and redirects say "+address, "set --url to what people type")
	case !strings.HasPrefix(c.URL, "https://"):
		return should("url", "passwords and cookies go over the wire readable: "+address, "put a proxy with TLS before it, and set --url=https://…")
	case len(c.Proxies) == 0:
		return should("url", "it is https, so a proxy stands before this process, but none is believed: all people share one address and its rate limits", "set --proxies to the proxy's address")
	}
	return well("url", "%s, behind %s", address, strings.Join(c.Proxies, ", "))
}

// Bounds of free space, in bytes.
const (
	littleSpace = 2 << 30
	noSpace     = 200 << 20
)

// lookAtDisk looks at how much room --data has.
func (c *doctor) lookAtDisk() finding {
	free, err := freeSpace(c.Data)
	if err != nil {
		return wrong("disk", "there is no folder "+c.Data, "it is made when the site first starts; or set --data")
	}
	return judgeSpace(free)
}

func judgeSpace(free uint64) finding {
	note := fmt.Sprintf("%d MiB are free", free>>20)
	switch {
	case free < noSpace:
		return wrong("disk", note, "make room: the store cannot commit without")
	case free < littleSpace:
		return should("disk", note, "make room soon")
	}
	return well("disk", "%s", note)
}
