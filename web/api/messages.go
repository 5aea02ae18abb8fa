package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"haggle/internal/market"
)

// picture is the answer of an operation that gives a photo.
type picture struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// messages registers what two people write to each other.
func (s *server) messages() {
	handle(s, op(http.MethodGet, "/messages", "listThreads", "Your threads, the one written in last first", signedIn, tag("messages"), also(403)),
		func(ctx context.Context, in *PageQuery) (*body[market.Page[market.ThreadView]], error) {
			return answer(s.Market.Threads(ctx, actor(ctx), in.Limit, in.Cursor))
		})
	type sendIn struct {
		Keyed
		Body market.MessageInput
	}
	handle(s, op(http.MethodPost, "/messages", "sendMessage", "Write in a thread, to the other side of an order, or to the owner of a deal", signedIn, tag("messages"), also(403, 409)),
		func(ctx context.Context, in *sendIn) (*body[market.MessageView], error) {
			return answerOnce(s.Market.SendMessage(ctx, actor(ctx), in.key(), in.Body))
		})
	type threadIn struct {
		IDPath
		PageQuery
	}
	handle(s, op(http.MethodGet, "/messages/{id}", "getThread", "A thread of yours, the newest message first", signedIn, tag("messages"), also(403)),
		func(ctx context.Context, in *threadIn) (*body[market.MessagesView], error) {
			return answer(s.Market.Thread(ctx, actor(ctx), in.ID, in.Limit, in.Cursor))
		})
	handle(s, op(http.MethodPost, "/messages/{id}/read", "readThread", "Note that you have read a thread", signedIn, status(204), tag("messages"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.ReadThread(ctx, actor(ctx), in.ID)
		})
	handle(s, op(http.MethodDelete, "/messages/{id}", "hideThread", "Take a thread out of your list until somebody writes in it again", signedIn, status(204), tag("messages"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.HideThread(ctx, actor(ctx), in.ID)
		})
	s.messagePhotos()
}

func (s *server) messagePhotos() {
	s.takesPhoto(op(http.MethodPost, "/messages/photos", "uploadMessagePhoto", "Store a photo for a message: it is sent within a day, or removed", signedIn, tag("messages")),
		s.Market.UploadMessagePhoto)
	type openIn struct {
		IDPath
		Photo string `path:"photo" maxLength:"100"`
		Size  string `query:"size" enum:"full,1280,640,320" default:"full"`
	}
	g := op(http.MethodGet, "/messages/{id}/photos/{photo}", "getMessagePhoto", "A photo of a thread of yours", signedIn, tag("messages"), also(403))
	bytes := huma.Schema{Type: "string", Format: "binary"}
	g.Responses = map[string]*huma.Response{"200": {Description: "The photo: a JPEG in full, else WebP.", Content: map[string]*huma.MediaType{"image/jpeg": {Schema: &bytes}, "image/webp": {Schema: &bytes}}}}
	handle(s, g, func(ctx context.Context, in *openIn) (*picture, error) {
		r, kind, _, err := s.Market.OpenMessagePhoto(ctx, actor(ctx), in.ID, in.Photo, in.Size)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		return &picture{ContentType: kind, CacheControl: "private, max-age=86400", Body: b}, err
	})
}
