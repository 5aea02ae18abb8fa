package market

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"haggle/internal/blob/photo"
	"haggle/internal/engine"
	"haggle/internal/fault"
)

// photosPerHour is how many photos a person may upload in an hour.
const photosPerHour = 240

// PhotoRow is a stored photo: whose it is and what sizes there are. Its bytes are blobs.
type PhotoRow struct {
	ID    string             `bson:"_id"` // SHA-256 of the largest stored form
	Owner string             `bson:"owner"`
	Sizes []engine.PhotoSize `bson:"sizes"`
	At    time.Time          `bson:"at"`

	// Loose is when it is removed; absent once a deal has it, and in rows of before photos were loose.
	Loose *time.Time `bson:"loose,omitempty"`
}

// takePhoto decodes a photo that somebody sends, strips all it says beside its pixels, and encodes it in several sizes.
func (m *Market) takePhoto(ctx context.Context, a Actor, r io.Reader) (p photo.Photo, sizes []engine.PhotoSize, err error) {
	if err := m.begins(ctx, a); err != nil {
		return p, nil, err
	}
	if err := m.limited(ctx, "photo:"+a.Account, photosPerHour, time.Hour); err != nil {
		return p, nil, err
	}
	if p, err = m.photos.Process(ctx, r); err == nil {
		err = a.permit(ScopeTrade)
	}
	for _, v := range p.Variants {
		sizes = append(sizes, engine.PhotoSize{Name: v.Name, Width: v.Width, Height: v.Height})
	}
	return p, sizes, err
}

// UploadPhoto stores a photo for deals; see takePhoto.
func (m *Market) UploadPhoto(ctx context.Context, a Actor, r io.Reader) (PhotoView, error) {
	p, sizes, err := m.takePhoto(ctx, a, r)
	if err != nil {
		return PhotoView{}, err
	}
	row := PhotoRow{ID: p.ID, Owner: a.Account, Sizes: sizes, At: m.Now()}
	bytes := map[string][]byte{}
	for _, v := range p.Variants {
		bytes[photo.File(v.Name)] = v.Bytes
	}
	if err := m.storePhoto(ctx, row, bytes); err != nil {
		return PhotoView{}, err
	}
	return photoView(engine.Photo{ID: row.ID, Sizes: row.Sizes}), nil
}

func photoURL(id, variant string) string { return "/photos/" + id + "/" + photo.File(variant) }

// PhotoVariant is the size that a photo's file name stands for; false where it stands for none.
func PhotoVariant(file string) (variant string, ok bool) { return photo.VariantOf(file) }

func photoView(p engine.Photo) PhotoView {
	v := PhotoView{ID: p.ID, URL: photoURL(p.ID, photo.Full), Thumbnails: []VariantView{}}
	for _, x := range p.Sizes {
		if x.Name == photo.Full {
			v.Width, v.Height = x.Width, x.Height
			continue
		}
		v.Thumbnails = append(v.Thumbnails, VariantView{Name: x.Name, URL: photoURL(p.ID, x.Name), Width: x.Width, Height: x.Height})
	}
	return v
}

func (m *Market) photoViews(photos []engine.Photo) []PhotoView {
	out := make([]PhotoView, len(photos))
	for i, p := range photos {
		out[i] = photoView(p)
	}
	return out
}

// Photos gives photos by id, in this order; those that are not there are left out.
func (m *Market) Photos(ctx context.Context, ids []string) ([]PhotoView, error) {
	rows, err := m.rows.photos.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []PhotoView{}
	for _, id := range ids {
		if i := slices.IndexFunc(rows, func(r PhotoRow) bool { return r.ID == id }); i >= 0 {
			out = append(out, photoView(engine.Photo{ID: id, Sizes: rows[i].Sizes}))
		}
	}
	return out, nil
}

// dealPhotos checks the photos that a new deal names: each must have been uploaded.
func (m *Market) dealPhotos(ctx context.Context, ids []string) ([]engine.Photo, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := m.rows.photos.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]PhotoRow{}
	for _, r := range rows {
		byID[r.ID] = r
	}
	out := make([]engine.Photo, len(ids))
	for i, id := range ids {
		r, ok := byID[id]
		if !ok {
			return nil, fault.Invalidf("photos", "no photo %q was uploaded", id)
		}
		out[i] = engine.Photo{ID: r.ID, Sizes: r.Sizes}
	}
	return out, nil
}

// OpenPhoto opens one size of a photo; not_found where there is none.
func (m *Market) OpenPhoto(ctx context.Context, id, variant string) (io.ReadCloser, string, int64, error) {
	if strings.ContainsAny(id+variant, "/.") || id == "" {
		return nil, "", 0, fault.New(fault.CodeNotFound, nil)
	}
	return m.openPhoto(ctx, photo.Folder(id), variant)
}

// openPhoto opens one size of the photo in a folder, however the version that stored it wrote it.
func (m *Market) openPhoto(ctx context.Context, folder, variant string) (body io.ReadCloser, mediaType string, bytes int64, err error) {
	for _, file := range photo.Files(variant) {
		o, err := m.cfg.Blobs.Get(ctx, folder+file)
		if err == nil {
			return o.Body, o.Type, o.Size, nil
		}
		if !fault.Is(err, fault.CodeNotFound) {
			return nil, "", 0, err
		}
	}
	return nil, "", 0, fault.New(fault.CodeNotFound, nil)
}
