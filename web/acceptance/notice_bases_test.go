package acceptance

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
)

// subscription is what a browser gives that takes pushes.
func subscription(endpoint string) obj {
	key, _ := ecdh.P256().GenerateKey(rand.Reader)
	encode := base64.RawURLEncoding.EncodeToString
	return obj{"endpoint": endpoint, "keys": obj{"p256dh": encode(key.PublicKey().Bytes()), "auth": encode(make([]byte, 16))}, "name": "phone"}
}

// messagePhoto uploads a photo for a message.
func (p person) messagePhoto() string {
	p.m.t.Helper()
	body, kind := upload("photo", picture())
	return p.do("POST", "/messages/photos", body, "Content-Type", kind).want(201).obj().str("id")
}

func (w *world) noticeBases() map[string][]base {
	w.m.t.Helper()
	request, auction := w.buyer.request(days, nil), w.seller.auction(days, nil)
	sent := w.rival.do("POST", "/messages", obj{"deal": request, "text": "New or used?", "photos": []string{w.rival.messagePhoto()}}).want(201).obj()
	thread, photo := sent.str("thread"), sent.str("photos.0.id")
	notice := w.buyer.do("GET", "/notifications", nil).want(200).obj().str("items.0.id")
	search := obj{"name": "Lamps", "q": "lamp", "kind": "english", "category": "home-lighting", "condition": "good", "priceMin": 100, "priceMax": 200_000}
	saved := w.buyer.do("POST", "/saved-searches", search).want(201).obj().str("id")
	device := w.buyer.do("POST", "/devices", subscription("https://push.example/"+w.buyer.id)).want(201).obj().str("id")
	w.buyer.do("POST", "/watchlist", obj{"deal": auction}).want(201)
	return map[string][]base{
		"listNotices": one(base{who: w.buyer}), "watchNotices": one(base{who: w.buyer}), "listThreads": one(base{who: w.buyer}), "listWatched": one(base{who: w.buyer}),
		"readNotices": one(base{who: w.rival, body: obj{"ids": []string{"paid-0123"}}}),
		"dropNotice":  one(base{who: w.buyer, ids: id(notice), private: true}),
		"sendMessage": {
			{who: w.buyer, body: obj{"deal": auction, "text": "Does it work?", "photos": []string{w.buyer.messagePhoto()}}},
			{who: w.buyer, body: obj{"thread": thread, "text": "New.", "photos": []string{w.buyer.messagePhoto()}}, private: true},
		},
		"getThread": one(base{who: w.buyer, ids: id(thread), private: true}), "readThread": one(base{who: w.buyer, ids: id(thread), private: true}),
		"getMessagePhoto": one(base{who: w.buyer, ids: map[string]string{"id": thread, "photo": photo}, private: true}),
		"hideThread":      one(base{who: w.rival, ids: id(thread), private: true}),
		"watchADeal":      one(base{who: w.rival, body: obj{"deal": auction}}), "unwatchDeal": one(base{who: w.buyer, ids: id(auction)}),
		"saveSearch": one(base{who: w.buyer, body: search}), "dropSavedSearch": one(base{who: w.buyer, ids: id(saved), private: true}),
		"addDevice": one(base{who: w.rival, body: subscription("https://push.example/new")}), "dropDevice": one(base{who: w.buyer, ids: id(device), private: true}),
	}
}
