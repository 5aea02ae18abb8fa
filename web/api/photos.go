package api

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// MaxPhoto bounds an uploaded photo, in bytes; the request around it may be a little longer.
const MaxPhoto = 12 << 20

type photoIn struct {
	RawBody huma.MultipartFormFiles[struct {
		Photo huma.FormFile `form:"photo" required:"true" doc:"A JPEG, PNG, GIF or WebP of at most 12 MiB."`
	}]
}

// photos registers uploading; the bytes are served at the addresses that the answer names.
func (s *server) photos() {
	s.takesPhoto(op(http.MethodPost, "/photos", "uploadPhoto", "Store a photo", signedIn, tag("photos")), s.Market.UploadPhoto)
}

// takesPhoto registers an operation whose body is a photo.
func (s *server) takesPhoto(o huma.Operation, store func(ctx context.Context, a market.Actor, r io.Reader) (market.PhotoView, error)) {
	o.MaxBodyBytes = MaxPhoto + 1<<16
	o.Middlewares = huma.Middlewares{s.onlyForms}
	handle(s, o, func(ctx context.Context, in *photoIn) (*body[market.PhotoView], error) {
		file := in.RawBody.Data().Photo
		if !file.IsSet {
			return nil, fault.Invalidf("photo", "is required")
		}
		defer func(f multipart.File) { _ = f.Close() }(file.File)
		return answer(store(ctx, actor(ctx), file))
	})
}

// onlyForms refuses a body that is no multipart form.
func (s *server) onlyForms(ctx huma.Context, next func(huma.Context)) {
	if kind, _, err := mime.ParseMediaType(ctx.Header("Content-Type")); err != nil || kind != "multipart/form-data" {
		s.refuse(ctx, fault.New(fault.CodeUnsupportedMedia, nil))
		return
	}
	next(ctx)
}
