package market_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/blob"
	"haggle/internal/fault"
	"haggle/internal/limit"
	"haggle/internal/market"
)

// shelves gives a door a folder for photos.
func shelves(t *testing.T) func(*market.Config) {
	b, err := blob.At(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { _ = b.Close() })
	return func(c *market.Config) { c.Blobs = b }
}

func (d *door) write(who market.Actor, in market.MessageInput) market.MessageView {
	d.t.Helper()
	v, _, err := d.SendMessage(d.t.Context(), who, market.Key{}, in)
	must(d.t, err)
	return v
}

func (d *door) cannotWrite(what string, who market.Actor, in market.MessageInput, code fault.Code) {
	d.t.Helper()
	_, _, err := d.SendMessage(d.t.Context(), who, market.Key{}, in)
	d.refused(what, err, code)
}

func TestTwoPeopleWrite(t *testing.T) {
	d := newDoor(t, ears(t))
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	d.mails()
	id := d.auction(seller, 48)
	first := d.write(ann, market.MessageInput{Deal: id, Text: " Does it work?\r\nHonestly? "})
	if !first.Mine || first.Seq != 1 || first.Text != "Does it work?\nHonestly?" {
		t.Errorf("%+v", first)
	}
	if got, unread := d.whats(seller); !slices.Equal(got, []string{"message"}) || unread != 1 {
		t.Errorf("the seller has %q, %d unread", got, unread)
	}
	d.later(time.Minute)
	d.write(seller, market.MessageInput{Thread: first.Thread, Text: "It does."})
	d.write(bob, market.MessageInput{Deal: id, Text: "Is it heavy?"})

	mine, err := d.Threads(t.Context(), seller, 0, "")
	must(t, err)
	if len(mine.Items) != 2 || mine.Items[0].Unread+mine.Items[1].Unread != 1 { // he has answered ann
		t.Errorf("the seller's threads: %+v", mine.Items)
	}
	v, err := d.Thread(t.Context(), ann, first.Thread, 0, "")
	must(t, err)
	if len(v.Items) != 2 || v.Items[0].Text != "It does." || v.Items[0].Mine || v.Thread.Other.Name != "seller" || v.Thread.Unread != 1 {
		t.Errorf("ann reads %+v", v)
	}
	for _, who := range []market.Actor{bob, d.member("eve")} {
		_, err = d.Thread(t.Context(), who, first.Thread, 0, "")
		d.refused("somebody else reads it", err, fault.CodeNotFound)
		d.cannotWrite("somebody else writes in it", who, market.MessageInput{Thread: first.Thread, Text: "hi"}, fault.CodeNotFound)
		d.refused("somebody else hides it", d.HideThread(t.Context(), who, first.Thread), fault.CodeNotFound)
	}
	_, err = d.Thread(t.Context(), market.Actor{}, first.Thread, 0, "")
	d.refused("a guest reads it", err, fault.CodeUnauthenticated)

	// Reading reads the notice, too, and then no mail is sent; an unread one is mailed once.
	must(t, d.ReadThread(t.Context(), ann, first.Thread))
	must(t, d.ReadThread(t.Context(), ann, first.Thread))
	if _, unread := d.whats(ann); unread != 0 {
		t.Errorf("ann has read, and %d are unread", unread)
	}
	var sent []string
	for _, l := range d.mails() {
		sent = append(sent, l.What+" to "+l.Name+" from "+l.Who)
	}
	if !slices.Equal(sent, []string{"message to seller from bob"}) {
		t.Errorf("sent %q: ann has read hers, and the seller has answered ann", sent)
	}
	must(t, d.HideThread(t.Context(), ann, first.Thread))
	if mine, _ := d.Threads(t.Context(), ann, 0, ""); len(mine.Items) != 0 {
		t.Errorf("hidden, and listed: %+v", mine.Items)
	}
	d.write(seller, market.MessageInput{Thread: first.Thread, Text: "Still there?"})
	if mine, _ := d.Threads(t.Context(), ann, 0, ""); len(mine.Items) != 1 || mine.Items[0].Unread != 1 {
		t.Errorf("written to again: %+v", mine.Items)
	}
}

func TestWhoMayNotWrite(t *testing.T) {
	d := newDoor(t, func(c *market.Config) { c.Limiter = limit.New(nil, c.Clock) })
	seller, ann := d.member("seller"), d.member("ann")
	id := d.auction(seller, 48)
	d.cannotWrite("to oneself", seller, market.MessageInput{Deal: id, Text: "hm"}, fault.CodeOwnDeal)
	d.cannotWrite("about nothing", ann, market.MessageInput{Text: "hm"}, fault.CodeInvalid)
	d.cannotWrite("about two things", ann, market.MessageInput{Deal: id, Order: "o", Text: "hm"}, fault.CodeInvalid)
	d.cannotWrite("about no deal", ann, market.MessageInput{Deal: "nothing", Text: "hm"}, fault.CodeNotFound)
	d.cannotWrite("about no order", ann, market.MessageInput{Order: "nothing", Text: "hm"}, fault.CodeNotFound)
	d.cannotWrite("nothing", ann, market.MessageInput{Deal: id, Text: "  \n"}, fault.CodeInvalid)
	d.cannotWrite("too much", ann, market.MessageInput{Deal: id, Text: strings.Repeat("字", 2001)}, fault.CodeInvalid)
	d.cannotWrite("what turns the text around", ann, market.MessageInput{Deal: id, Text: "a\u202eb"}, fault.CodeInvalid)
	d.cannotWrite("as a guest", market.Actor{}, market.MessageInput{Deal: id, Text: "hm"}, fault.CodeUnauthenticated)
	reader := ann
	reader.Scopes = []string{market.ScopeRead}
	d.cannotWrite("with a token that reads", reader, market.MessageInput{Deal: id, Text: "hm"}, fault.CodeForbidden)
	d.write(ann, market.MessageInput{Deal: id, Text: strings.Repeat("字", 2000)})
	must(t, d.BlockPerson(t.Context(), seller, ann.Account))
	d.cannotWrite("to who has blocked her", ann, market.MessageInput{Deal: id, Text: "hm"}, fault.CodeBlocked)
	must(t, d.UnblockPerson(t.Context(), seller, ann.Account))
	var err error
	n := 0
	for ; err == nil && n < 200; n++ {
		_, _, err = d.SendMessage(t.Context(), ann, market.Key{}, market.MessageInput{Deal: id, Text: "hm"})
	}
	d.refused("too often", err, fault.CodeRateLimited)
	if n < 20 {
		t.Errorf("refused after %d", n)
	}
}

func TestAMessageIsSentOnceUnderItsKey(t *testing.T) {
	d := newDoor(t)
	seller, ann := d.member("seller"), d.member("ann")
	in := market.MessageInput{Deal: d.auction(seller, 48), Text: "Does it work?"}
	k := market.Key{Value: "k", Hash: "h"}
	first, replayed, err := d.SendMessage(t.Context(), ann, k, in)
	if must(t, err); replayed {
		t.Error("the first is a replay")
	}
	must(t, d.BlockPerson(t.Context(), seller, ann.Account)) // a replay decides nothing
	again, replayed, err := d.SendMessage(t.Context(), ann, k, in)
	if must(t, err); !replayed || again.ID != first.ID {
		t.Errorf("%+v, replayed %v", again, replayed)
	}
	_, _, err = d.SendMessage(t.Context(), ann, market.Key{Value: "k", Hash: "another"}, in)
	d.refused("another message under the key", err, fault.CodeKeyReused)
	if v, _ := d.Thread(t.Context(), ann, first.Thread, 0, ""); len(v.Items) != 1 {
		t.Errorf("%d messages", len(v.Items))
	}
}

func pixels(t *testing.T) io.Reader {
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))))
	return &b
}

func TestPhotosOfMessagesAreForTwo(t *testing.T) {
	d := newDoor(t, shelves(t))
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	id := d.auction(seller, 48)
	upload := func(who market.Actor) string {
		p, err := d.UploadMessagePhoto(t.Context(), who, pixels(t))
		must(t, err)
		if p.URL != "" {
			t.Errorf("before it is sent it is at %s", p.URL)
		}
		return p.ID
	}
	p := upload(ann)
	d.cannotWrite("bob sends ann's photo", bob, market.MessageInput{Deal: id, Photos: []string{p}}, fault.CodeInvalid)
	d.cannotWrite("twice the same", ann, market.MessageInput{Deal: id, Photos: []string{p, p}}, fault.CodeInvalid)
	d.cannotWrite("five", ann, market.MessageInput{Deal: id, Photos: []string{p, upload(ann), upload(ann), upload(ann), upload(ann)}}, fault.CodeInvalid)
	sent := d.write(ann, market.MessageInput{Deal: id, Photos: []string{p}})
	if len(sent.Photos) != 1 || sent.Photos[0].URL != "/messages/"+sent.Thread+"/photos/"+p+"/full.jpg" {
		t.Fatalf("%+v", sent)
	}
	d.cannotWrite("again", ann, market.MessageInput{Deal: id, Photos: []string{p}}, fault.CodeInvalid)
	open := func(who market.Actor, thread, id string) error {
		body, kind, size, err := d.OpenMessagePhoto(t.Context(), who, thread, id, "full")
		if err == nil {
			if body.Close(); kind != "image/jpeg" || size == 0 {
				t.Errorf("%s of %d bytes", kind, size)
			}
		}
		return err
	}
	must(t, open(seller, sent.Thread, p))
	must(t, open(ann, sent.Thread, p))
	other := d.write(bob, market.MessageInput{Deal: id, Text: "hm"})
	d.refused("bob", open(bob, sent.Thread, p), fault.CodeNotFound)
	d.refused("bob, by his own thread", open(bob, other.Thread, p), fault.CodeNotFound)
	d.refused("a guest", open(market.Actor{}, sent.Thread, p), fault.CodeNotFound)
	_, _, _, err := d.OpenPhoto(t.Context(), p, "full")
	d.refused("among the photos of deals", err, fault.CodeNotFound)
	waiting := upload(bob)
	d.refused("a photo that was not sent", open(bob, other.Thread, waiting), fault.CodeNotFound)
	d.later(25 * time.Hour)
	if n, err := d.SweepMessagePhotos(t.Context(), 100); err != nil || n != 5 {
		t.Errorf("swept %d, %v; four of ann's five and bob's were not sent", n, err)
	}
	must(t, open(seller, sent.Thread, p))
}
