package market

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"haggle/internal/blob/photo"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// unsentFor is how long a photo waits for the message that it was uploaded for.
const unsentFor = 24 * time.Hour

// UploadMessagePhoto stores a photo for a message: decoded and encoded anew like any other, but under a random id, where
// nobody finds it who is not shown it.
func (m *Market) UploadMessagePhoto(ctx context.Context, a Actor, r io.Reader) (PhotoView, error) {
	p, sizes, err := m.takePhoto(ctx, a, r)
	if err != nil {
		return PhotoView{}, err
	}
	now := m.Now()
	expires := now.Add(unsentFor)
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	row := MessagePhotoRow{ID: hex.EncodeToString(id), Version: 1, Owner: a.Account, Sizes: sizes, At: now, Expires: &expires}
	if err := m.rows.pictures.Insert(ctx, row); err != nil { // first: what is stored can then be swept
		return PhotoView{}, err
	}
	for _, v := range p.Variants {
		if err := m.cfg.Blobs.Put(ctx, messageFolder(row.ID)+photo.File(v.Name), v.Bytes); err != nil {
			return PhotoView{}, err
		}
	}
	return messagePhotoView("", engine.Photo{ID: row.ID, Sizes: row.Sizes}), nil
}

// messageFolder is where its sizes are stored; no address of the site leads there.
func messageFolder(id string) string { return "messages/" + id + "/" }

// messagePhotoView names the photo's addresses, which work for the two people of its thread; before it is sent it has none.
func messagePhotoView(thread string, p engine.Photo) PhotoView {
	v := photoView(p)
	address := func(variant string) string {
		if thread == "" {
			return ""
		}
		return fmt.Sprintf("/messages/%s/photos/%s/%s", thread, p.ID, photo.File(variant))
	}
	v.URL = address(photo.Full)
	for i := range v.Thumbnails {
		v.Thumbnails[i].URL = address(v.Thumbnails[i].Name)
	}
	return v
}

// sendPhotos binds photos to the thread in which they are sent; inside a transaction. Each is its sender's own, and sent
// once.
func (m *Market) sendPhotos(ctx context.Context, a Actor, thread string, ids []string) (out []engine.Photo, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := m.rows.pictures.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	changed := make([]store.Changed[MessagePhotoRow], 0, len(ids))
	for _, id := range ids {
		i := slices.IndexFunc(rows, func(r MessagePhotoRow) bool { return r.ID == id && r.Owner == a.Account && r.Thread == "" })
		if i < 0 {
			return nil, fault.Invalidf("photos", "no photo %q waits to be sent", id)
		}
		r := rows[i]
		r.Thread, r.Expires, r.Version = thread, nil, r.Version+1
		changed = append(changed, store.Changed[MessagePhotoRow]{ID: r.ID, Version: r.Version - 1, Doc: r})
		out = append(out, engine.Photo{ID: r.ID, Sizes: r.Sizes})
	}
	return out, m.rows.pictures.Replace(ctx, changed...)
}

// OpenMessagePhoto opens one size of a photo for the two people of its thread; not_found for anybody else.
func (m *Market) OpenMessagePhoto(ctx context.Context, a Actor, thread, id, variant string) (io.ReadCloser, string, int64, error) {
	if a.Guest() || a.permit(ScopeRead) != nil || strings.ContainsAny(id+variant, "/.") {
		return nil, "", 0, fault.New(fault.CodeNotFound, nil)
	}
	if _, err := m.threadFor(ctx, a, thread); err != nil {
		return nil, "", 0, err
	}
	row, err := m.rows.pictures.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.Thread != thread {
		return nil, "", 0, fault.New(fault.CodeNotFound, nil)
	}
	if err != nil {
		return nil, "", 0, err
	}
	return m.openPhoto(ctx, messageFolder(id), variant)
}

// SweepMessagePhotos removes photos that were never sent, at most limit of them.
func (m *Market) SweepMessagePhotos(ctx context.Context, limit int) (n int, err error) {
	page, err := m.rows.pictures.Find(ctx, expired(m.Now(), limit))
	if err != nil {
		return 0, err
	}
	for _, r := range page.Docs {
		for _, size := range r.Sizes {
			for _, file := range photo.Files(size.Name) {
				if err := m.cfg.Blobs.Delete(ctx, messageFolder(r.ID)+file); err != nil {
					return 0, err
				}
			}
		}
	}
	return deleteAll(ctx, m.rows.pictures, page.Docs, func(r MessagePhotoRow) string { return r.ID })
}
