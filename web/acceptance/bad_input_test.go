package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
)

// TestBadInput sends broken values into every field of every operation that the served OpenAPI document names, one at
// a time in a request that is right otherwise. Each is refused as a problem with a stable code, and the store is as it
// was. A new field is tested the day it is added; a new operation fails here until it has a right request below.
func TestBadInput(t *testing.T) {
	t.Parallel()
	m := start(t)
	b := &badInput{T: t, m: m, doc: m.document(), status: m.refusals(), world: newWorld(m)}
	b.bases = b.world.bases()
	before := m.digest()
	for _, op := range b.doc.operations() {
		if len(b.bases[op.ID]) == 0 && op.takes() {
			t.Errorf("%s has no right request to start from: add one to bases", op)
		}
		for _, base := range b.bases[op.ID] {
			b.params(op, base)
			b.fields(op, base)
			b.bodies(op, base)
		}
		b.anonymous(op)
	}
	b.paths()
	b.photos()
	t.Logf("%d operations × %d fields: %d requests, all refused", len(b.doc.operations()), b.tried, b.sent)
	for table, now := range m.digest() {
		if now != before[table] {
			t.Errorf("refusals changed table %s: %s before, %s now", table, before[table], now)
		}
	}
	b.oddValues()
	b.rightRequests()
	after := m.digest()
	for _, table := range []string{"accounts", "deals", "orders", "journal", "standings", "holds"} {
		if after[table] == before[table] {
			t.Errorf("right requests left table %s as it was: would a change be noticed?", table)
		}
	}
	m.balanced()
}

// badInput is the walk through the document.
type badInput struct {
	*testing.T
	m      *market
	doc    document
	status map[string]int // by code, as GET /refusals says
	world  *world
	bases  map[string][]base
	tried  int
	sent   int
	odd    []oddRequest
}

// oddRequest may be taken or refused, never break anything.
type oddRequest struct {
	who          person
	method, path string
	body         string
}

// bad is one broken value, as JSON.
type bad struct {
	json string
	rule bool // fits the schema: refused by a rule, where the field is used
}

// broken gives what a field of this schema must not take.
func broken(s *schema, required bool) []bad {
	var out []bad
	add := func(values ...string) {
		for _, v := range values {
			out = append(out, bad{json: v})
		}
	}
	rule := func(values ...string) {
		for _, v := range values {
			out = append(out, bad{json: v, rule: true})
		}
	}
	switch {
	case s.is("integer"):
		add(`"x"`, `"100"`, `true`, `[1]`, `{"a":1}`, `1.5`, `1e309`, `-1e309`, `9223372036854775808`, `-9223372036854775809`)
		rule(`-1`, `0`, `-9223372036854775808`, `9223372036854775807`)
	case s.is("boolean"):
		add(`"true"`, `1`, `[]`, `{}`)
	case s.is("string"):
		add(`1`, `true`, `["x"]`, `{"a":"b"}`, `"\ud800"`, `"a\udc00b"`, "\"\xff\xfe\"")
		rule(`"`+strings.Repeat("x", 30_000)+`"`, `"a\u0000b"`, `"a\u202eb"`)
	case s.is("array"):
		add(`"x"`, `1`, `{"0":1}`)
	case s.is("object"):
		add(`"x"`, `1`, `[]`)
	}
	if required && !s.is("null") && s.Type != nil {
		add(`null`)
	}
	return out
}

// fields breaks the body, field by field.
func (b *badInput) fields(op operation, base base) {
	if op.body == nil {
		return
	}
	for _, f := range b.doc.fields(op.body) {
		b.tried++
		for _, v := range broken(f.schema, f.required) {
			body, ok := with(base.body, f.path, v.json)
			switch {
			case !ok:
				b.Errorf("%s: the right request lacks what is around %s: add it to bases", op, f.name)
				return
			case v.rule && base.mayTake(f.name, v.json):
				b.odd = append(b.odd, oddRequest{base.who, op.Method, base.path(op), body})
			default:
				b.refused(op, base, f.name+"="+short(v.json), body).names(f)
			}
		}
		if f.required {
			body, _ := with(base.body, f.path, "")
			b.refused(op, base, f.name+" missing", body).names(f)
		}
		if markup, ok := with(base.body, f.path, `"<script>alert(1)</script>"`); ok && f.schema.is("string") {
			b.odd = append(b.odd, oddRequest{base.who, op.Method, base.path(op), markup})
		}
	}
}

// bodies breaks the body as a whole.
func (b *badInput) bodies(op operation, base base) {
	if op.body == nil {
		return
	}
	right, _ := with(base.body, nil, "")
	unknown, _ := with(base.body, []any{"noSuchField"}, "1")
	for what, body := range map[string]string{"cut": strings.TrimSuffix(right, "}"), "two values": right + right, "text": "hello", "latin": "{\"a\":\"\xe9\"}",
		"deep list": strings.Repeat("[", 50_000), "deep object": strings.Repeat(`{"a":`, 20_000), "a bare word": "{a:1}"} {
		b.refused(op, base, "body: "+what, body).is(400, "malformed")
	}
	for what, body := range map[string]string{"unknown field": unknown, "list": "[]", "string": `"x"`, "number": "1", "closed deep list": strings.Repeat("[", 500) + strings.Repeat("]", 500)} {
		b.refused(op, base, "body: "+what, body).is(422, "invalid")
	}
	if op.required {
		b.refused(op, base, "no body", "").is(400, "malformed")
		b.refused(op, base, "null body", "null").is(422, "invalid")
	}
	b.refused(op, base, "1 MiB and more", `{"a":"`+strings.Repeat("x", 1<<20)+`"}`).is(413, "too_large")
	for _, kind := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded"} {
		b.refused(op, base, kind, right, "Content-Type", kind).is(415, "unsupported_media_type")
	}
}

// params breaks what stands in path, query and headers.
func (b *badInput) params(op operation, base base) {
	for _, p := range op.params {
		b.tried++
		switch p.In {
		case "path":
			for _, v := range []string{"nope", "01900000-0000-7000-8000-000000000000", "%00", "%ff%fe", "..%2f..%2fme", "%F0%9F%8D%B5", "%3Cscript%3E", strings.Repeat("x", 201), "-1"} {
				b.path(op, base, p.Name, v)
			}
		case "query":
			for _, v := range brokenQuery(p) {
				b.refused(op, base.at("?"+p.Name+"="+v), p.Name+"="+short(v), base.json()).is(422, "invalid")
			}
		case "header":
			b.header(op, base, p)
		}
	}
	if !base.private {
		return
	}
	stranger := base
	stranger.who = b.world.stranger
	b.refused(op, stranger, "as a stranger", base.json())
}

func (b *badInput) path(op operation, base base, name, value string) {
	wrong := base
	wrong.ids = map[string]string{}
	for k, v := range base.ids {
		wrong.ids[k] = v
	}
	wrong.ids[name] = value
	got := b.refused(op, wrong, name+"="+short(value), base.json())
	if got.status != 404 && got.status != 422 {
		b.Errorf("%s %s=%s: %d, want 404 or 422", op, name, short(value), got.status)
	}
}

func brokenQuery(p param) []string {
	switch {
	case p.Schema.is("integer"):
		return []string{"x", "1.5", "-2", "9223372036854775808", "1e309", "1e5", "%00", "-9223372036854775808"}
	case len(p.Schema.Enum) > 0:
		return []string{"nope", "%00", "%3Cscript%3E"}
	case p.Name == "cursor":
		return []string{"nope", "%00%01", "-1", "eyJ9", strings.Repeat("x", 2001)}
	case p.Schema.MaxLength != nil:
		return []string{strings.Repeat("x", *p.Schema.MaxLength+1)}
	}
	return nil
}

// header knows what each header must not be; one that it does not know fails.
func (b *badInput) header(op operation, base base, p param) {
	switch p.Name {
	case "Idempotency-Key":
		b.refused(op, base, "a long key", base.json(), p.Name, strings.Repeat("k", 201)).is(422, "invalid")
	case "Last-Event-ID":
		b.refused(op, base, "a long event id", base.json(), p.Name, strings.Repeat("1", 21)).is(422, "invalid")
	case "Accept": // whatever is asked for, there is an answer
	default:
		b.Errorf("%s: what must the header %s not be?", op, p.Name)
	}
}

// anonymous tries an operation without and with a wrong token.
func (b *badInput) anonymous(op operation) {
	path := strings.NewReplacer("{id}", "nope", "{what}", "bids").Replace(op.Path)
	for _, header := range []string{"Bearer nope", "Bearer ", "Basic eDp5", "Bearer " + strings.Repeat("x", 5000)} {
		b.send(op.String()+" with "+short(header), b.m.guest(), op.Method, path, "{", "Authorization", header).is(401, "unauthenticated")
	}
	if op.secured {
		b.send(op.String()+" as a guest", b.m.guest(), op.Method, path, "{").is(401, "unauthenticated")
	}
}

// paths tries every path with every method that it does not know, and paths that are not there.
func (b *badInput) paths() {
	for path, known := range b.doc.Paths {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if _, ok := known[strings.ToLower(method)]; ok || b.doc.knows(method, path) {
				continue
			}
			at := strings.NewReplacer("{id}", "nope", "{what}", "bids").Replace(path)
			b.send(method+" "+path, b.world.buyer, method, at, "").is(405, "method_not_allowed")
		}
	}
	for _, path := range []string{"/api/v1/nope", "/api/v1", "/api/v2/site", "/api/v1/listings/x/y/z", "/api/v1/deals/x/nope"} {
		b.send("GET "+path, b.world.buyer, "GET", path, "").is(404, "not_found")
		b.send("POST "+path, b.world.buyer, "POST", path, "{}").is(404, "not_found")
	}
	long := `{"title":"` + strings.Repeat("x", 10<<20) + `"}`
	b.send("10 MiB", b.world.seller, "POST", "/api/v1/listings", long).is(413, "too_large")
}

// photos uploads what is no picture, and pictures that declare more pixels than memory holds.
func (b *badInput) photos() {
	for name, file := range badPhotos() {
		body, kind := upload("photo", file)
		b.send("photo: "+name, b.world.seller, "POST", "/api/v1/photos", body, "Content-Type", kind).is(422, "invalid")
	}
	body, kind := upload("picture", []byte("x"))
	b.send("photo under another name", b.world.seller, "POST", "/api/v1/photos", body, "Content-Type", kind).is(422, "invalid")
	b.send("photo as JSON", b.world.seller, "POST", "/api/v1/photos", `{"photo":"x"}`).is(415, "unsupported_media_type")
	body, kind = upload("photo", bytes.Repeat([]byte{0xFF}, 12<<20+1<<17))
	b.send("photo above 12 MiB", b.world.seller, "POST", "/api/v1/photos", body, "Content-Type", kind).is(413, "too_large")
}

func upload(field string, file []byte) (body, contentType string) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	part, _ := w.CreateFormFile(field, "photo.jpg")
	_, _ = part.Write(file)
	_ = w.Close()
	return buf.String(), w.FormDataContentType()
}

func badPhotos() map[string][]byte {
	header := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	png := func(width, height string) []byte {
		return append(slices.Clone(header), []byte(width+height+"\x08\x06\x00\x00\x00\x00\x00\x00\x00")...)
	}
	return map[string][]byte{
		"empty": nil, "text": []byte("no picture"), "html": []byte("<!doctype html><script>alert(1)</script>"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"cut JPEG": []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"), "JPEG of one marker": []byte("\xff\xd8\xff"), "cut PNG": header,
		"a PNG of 2³¹ by 2³¹ pixels": png("\x7f\xff\xff\xff", "\x7f\xff\xff\xff"), "a PNG without pixels": png("\x00\x00\x00\x00", "\x00\x00\x00\x00"),
		"a PNG of 50,000 by 50,000 pixels": png("\x00\x00\xc3\x50", "\x00\x00\xc3\x50"),
		"a GIF of 65,535 by 65,535 pixels": []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"), "cut WebP": []byte("RIFF\xff\xff\xff\xffWEBPVP8 "),
	}
}

// oddValues sends values that fit the schema and may be taken: markup is text, a term that the format does not use is
// left out. Nothing breaks.
func (b *badInput) oddValues() {
	taken := 0
	for _, o := range b.odd {
		a := o.who.doAt(o.method, o.path, o.body)
		if a.status < 400 {
			taken++
			continue
		}
		outcome{b, a}.wellFormed()
	}
	b.Logf("%d odd values, %d of them taken", len(b.odd), taken)
}

// rightRequests proves that each request was right but for its one broken value.
func (b *badInput) rightRequests() {
	fresh := newWorld(b.m)
	bases := fresh.bases()
	for _, op := range b.doc.operations() {
		if op.ID == "watchDeal" || op.ID == "watchNotices" { // their answers do not end
			continue
		}
		for _, base := range bases[op.ID] {
			if a := base.who.doAt(op.Method, base.path(op), base.json()); a.status >= 300 {
				b.Errorf("%s: the right request is refused: %d %s", op, a.status, a.body)
			}
		}
	}
}

// refused sends a broken request and holds the answer against what every refusal is.
func (b *badInput) refused(op operation, base base, what, body string, headers ...string) outcome {
	return b.send(op.String()+" "+what, base.who, op.Method, base.path(op), body, headers...)
}

func (b *badInput) send(what string, who person, method, path, body string, headers ...string) outcome {
	b.sent++
	a := who.doAt(method, path, body, headers...)
	a.what = what
	o := outcome{b, a}
	o.wellFormed()
	return o
}

// doAt is do for a path in full.
func (p person) doAt(method, path, body string, headers ...string) answer {
	var content any
	if body != "" {
		content = body
	}
	return p.do(method, strings.TrimPrefix(path, "/api/v1"), content, headers...)
}

// outcome is the answer to a broken request.
type outcome struct {
	b *badInput
	answer
}

type problem struct {
	Type, Title, Code string
	Status            int
	Errors            []struct{ Field, Code, Detail string }
}

func (o outcome) problem() (p problem) {
	_ = json.Unmarshal(o.body, &p)
	return p
}

// wellFormed holds what is true of every refusal: a 4xx, a problem, a code of the table with the table's status, and
// no word of the program's insides.
func (o outcome) wellFormed() {
	p := o.problem()
	kind := o.header.Get("Content-Type")
	switch {
	case o.status < 400 || o.status >= 500:
		o.b.Errorf("%s: %d, want 4xx: %s", o.what, o.status, short(string(o.body)))
	case !strings.HasPrefix(kind, "application/problem+json") || p.Status != o.status || p.Type == "" || p.Title == "":
		o.b.Errorf("%s: %d is no problem (%s): %s", o.what, o.status, kind, short(string(o.body)))
	case o.b.status[p.Code] != o.status:
		o.b.Errorf("%s: code %q with status %d", o.what, p.Code, o.status)
	}
	for _, inside := range []string{"Go value", "Go struct", "goroutine", "runtime error", ".go:", "sqlite", "bson"} {
		if bytes.Contains(o.body, []byte(inside)) {
			o.b.Errorf("%s tells of the insides: %s", o.what, short(string(o.body)))
		}
	}
}

func (o outcome) is(status int, code string) {
	if got := o.problem().Code; o.status != status || got != code {
		o.b.Errorf("%s: %d %s, want %d %s: %s", o.what, o.status, got, status, code, short(string(o.body)))
	}
}

// names holds that a refusal by schema or range names the broken field, and only it.
func (o outcome) names(f field) {
	p := o.problem()
	if p.Code != "invalid" {
		return
	}
	top, _, _ := strings.Cut(strings.SplitN(f.name, "[", 2)[0], ".")
	for _, e := range p.Errors {
		if strings.HasPrefix(e.Field, top) || slices.Contains(related[top], e.Field) {
			return
		}
	}
	o.b.Errorf("%s: errors do not name %s: %s", o.what, f.name, short(string(o.body)))
}

// related are fields that one value concerns together.
var related = map[string][]string{"durationSeconds": {"closesAt"}, "closesAt": {"durationSeconds"}, "method": {"card"}, "card": {"method"},
	"startPrice": {"reservePrice", "buyNowPrice"}, "namedPrice": {"floor"}, "password": {"oldPassword"}, "tiers": {"minimum", "cap"}, "caseSize": {"cap", "tolerance"}}

// refusals is the table of codes as the site serves it.
func (m *market) refusals() map[string]int {
	var rows []struct {
		Code   string
		Status int
	}
	m.guest().do("GET", "/refusals", nil).want(200).into(&rows)
	out := map[string]int{}
	for _, r := range rows {
		out[r.Code] = r.Status
	}
	if len(out) < 20 {
		m.t.Fatalf("the table of refusals has %d rows", len(out))
	}
	return out
}

func short(s string) string {
	if len(s) <= 200 {
		return s
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(s[:200], "?"), len(s))
}
