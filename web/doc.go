// Package web is haggle as people see it: pages drawn by the server that work without scripts, in English and
// Traditional Chinese. [Pages] is the site map; each page or act has a file of its own, named as the act is named in
// every other layer.
//
// A page reads through the market and draws with package view. An act takes a form: it parses what was typed, gives it
// to the market under the form's idempotency key, and leads on to a page that says what was done. A refusal draws the
// same page again with the message beside the field and everything that was typed kept.
//
// Every form carries a token bound to the reader's session and is refused when its browser says that it came from
// another site. Pages hold no inline script or style, and their content policy forbids both.
package web
