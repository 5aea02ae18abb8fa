package web

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark"

	"haggle/web/locale"
	"haggle/web/view"
)

// Texts are the operator's own terms and privacy texts, by name and language.
type Texts map[string]templ.Component

// maxText is how long a text of the operator may be.
const maxText = 256 << 10

// ReadTexts reads the operator's texts from a folder: terms.en.md, terms.zh-TW.md, privacy.en.md, privacy.zh-TW.md, in
// Markdown; HTML in them is left out. Those that are missing are ours. No folder: none.
func ReadTexts(folder string) (Texts, error) {
	texts := Texts{}
	if folder == "" {
		return texts, nil
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--texts: %q is no folder", folder)
	}
	for _, t := range view.Topics() {
		for _, l := range locale.Langs() {
			name := textName(t.ID, l)
			raw, err := os.ReadFile(filepath.Join(folder, name))
			if !t.Law || errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("--texts: %w", err)
			}
			if len(raw) > maxText {
				return nil, fmt.Errorf("--texts: %s is longer than %d bytes", name, maxText)
			}
			var b bytes.Buffer
			if err := goldmark.Convert(raw, &b); err != nil {
				return nil, fmt.Errorf("--texts: %s: %w", name, err)
			}
			texts[name] = templ.Raw(belowTitle.Replace(b.String()))
		}
	}
	return texts, nil
}

// belowTitle makes the text's own title a heading of the page, which has its title already.
var belowTitle = strings.NewReplacer("<h1>", "<h2>", "</h1>", "</h2>")

func textName(topic string, l locale.Lang) string { return topic + "." + string(l) + ".md" }

// find gives the operator's text; nil where there is none.
func (t Texts) find(topic string, l locale.Lang) templ.Component { return t[textName(topic, l)] }
