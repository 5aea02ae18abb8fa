package market

import (
	"context"
	"errors"
	"io"
	"time"

	"haggle/internal/blob/photo"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// looseLife is how long a photo waits for a deal, or a draft, that uses it.
const looseLife = 7 * 24 * time.Hour

// A photo is loose until a deal uses it. Its id is the hash of its content, so that two people may have uploaded it: what
// one of them has used stays.

// holdPhotos lets loose photos wait longer, inside a transaction.
func (m *Market) holdPhotos(ctx context.Context, ids []string, until time.Time) error {
	return m.changePhotos(ctx, ids, func(p *PhotoRow) bool {
		if p.Loose == nil || !p.Loose.Before(until) {
			return false
		}
		p.Loose = &until
		return true
	})
}

// usePhotos says that a deal has these photos, inside the transaction that opens it. One that was swept meanwhile is
// refused.
func (m *Market) usePhotos(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := m.dealPhotos(ctx, ids); err != nil {
		return err
	}
	return m.changePhotos(ctx, ids, func(p *PhotoRow) bool {
		was := p.Loose != nil
		p.Loose = nil
		return was
	})
}

func (m *Market) changePhotos(ctx context.Context, ids []string, change func(*PhotoRow) bool) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := m.rows.photos.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	var changed []PhotoRow
	for _, r := range rows {
		if change(&r) {
			changed = append(changed, r)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return m.rows.photos.Put(ctx, changed...)
}

// storePhoto stores an upload: bytes, then row, and the bytes again where the sweep took them in between.
func (m *Market) storePhoto(ctx context.Context, row PhotoRow, bytes map[string][]byte) error {
	if err := m.putPhoto(ctx, row.ID, bytes); err != nil {
		return err
	}
	if err := m.placePhoto(ctx, row); err != nil {
		return err
	}
	there, err := m.cfg.Blobs.Exists(ctx, photo.Folder(row.ID)+photo.File(photo.Full))
	if err != nil || there {
		return err
	}
	return m.putPhoto(ctx, row.ID, bytes)
}

// placePhoto stores the row of an upload. Of one that is there already, a longer life stays.
func (m *Market) placePhoto(ctx context.Context, row PhotoRow) error {
	return m.tx(ctx, func(ctx context.Context) error {
		until := row.At.Add(looseLife)
		row.Loose = &until
		switch old, err := m.rows.photos.Get(ctx, row.ID); {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return err
		case old.Loose == nil || old.Loose.After(until):
			row.Loose = old.Loose
		}
		return m.rows.photos.Put(ctx, row)
	})
}

// SweepPhotos removes photos that nobody used in time, at most limit, and says how many.
func (m *Market) SweepPhotos(ctx context.Context, limit int) (n int, err error) {
	page, err := m.rows.photos.Find(ctx, store.Query{Index: "loose", To: store.AtMost(m.Now()), Limit: limit})
	if err != nil {
		return 0, err
	}
	for _, p := range page.Docs {
		gone, err := m.sweepPhoto(ctx, p)
		if err != nil {
			return n, err
		}
		if gone {
			n++
		}
	}
	return n, nil
}

// sweepPhoto removes the row, then the bytes. Somebody may upload the same picture in between: his upload looks for its
// bytes once its row is there, and here they are put back where the row came back, so that one of the two restores them.
func (m *Market) sweepPhoto(ctx context.Context, p PhotoRow) (gone bool, err error) {
	bytes, err := m.photoBytes(ctx, p)
	if err != nil {
		return false, err
	}
	err = m.tx(ctx, func(ctx context.Context) error {
		now, err := m.rows.photos.Get(ctx, p.ID)
		if gone = err == nil && now.Loose != nil && !now.Loose.After(m.Now()); !gone {
			return nil // used meanwhile, or uploaded again
		}
		return m.rows.photos.Delete(ctx, p.ID)
	})
	if err != nil || !gone {
		return false, err
	}
	for file := range bytes {
		if err := m.cfg.Blobs.Delete(ctx, photo.Folder(p.ID)+file); err != nil {
			return true, err
		}
	}
	if _, err := m.rows.photos.Get(ctx, p.ID); err == nil {
		return false, m.putPhoto(ctx, p.ID, bytes)
	}
	return true, nil
}

// photoBytes reads every file of a photo, by its name.
func (m *Market) photoBytes(ctx context.Context, p PhotoRow) (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, s := range p.Sizes {
		for _, file := range photo.Files(s.Name) {
			o, err := m.cfg.Blobs.Get(ctx, photo.Folder(p.ID)+file)
			if fault.Is(err, fault.CodeNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all[file], err = io.ReadAll(o.Body)
			if err = errors.Join(err, o.Body.Close()); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func (m *Market) putPhoto(ctx context.Context, id string, bytes map[string][]byte) error {
	for file, b := range bytes {
		if err := m.cfg.Blobs.Put(ctx, photo.Folder(id)+file, b); err != nil {
			return err
		}
	}
	return nil
}
