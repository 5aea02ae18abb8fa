package web

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readme is what both READMEs must have in common.
type readme struct {
	headings, rows int
	code           []string // commands, variables, files: whatever stands in code, in order of the alphabet
	links          []string
}

var (
	fence   = regexp.MustCompile("(?s)```\n(.*?)```")
	quoted  = regexp.MustCompile("`([^`\n]+)`")
	linkTo  = regexp.MustCompile(`\]\(([^)]+)\)`)
	comment = regexp.MustCompile(`\s+#.*`)
)

func readReadme(t *testing.T, name string) (readme, string) {
	t.Helper()
	raw, err := os.ReadFile("../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return parseReadme(string(raw)), string(raw)
}

func parseReadme(text string) (r readme) {
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			r.code = append(r.code, strings.TrimSpace(comment.ReplaceAllString(line, "")))
		}
	}
	prose := fence.ReplaceAllString(text, "")
	for _, m := range quoted.FindAllStringSubmatch(prose, -1) {
		r.code = append(r.code, m[1])
	}
	for _, m := range linkTo.FindAllStringSubmatch(prose, -1) {
		r.links = append(r.links, m[1])
	}
	for _, line := range strings.Split(prose, "\n") {
		if strings.HasPrefix(line, "#") {
			r.headings++
		}
		if strings.HasPrefix(line, "|") {
			r.rows++
		}
	}
	slices.Sort(r.code)
	slices.Sort(r.links)
	return r
}

// TestBothReadmesSayTheSame holds the Chinese README against the English one: the same commands, settings, files, tables and
// number of headings; each names the other; and the Chinese is Taiwan's.
func TestBothReadmesSayTheSame(t *testing.T) {
	en, _ := readReadme(t, "README.md")
	zh, text := readReadme(t, "README.zh-TW.md")
	if en.headings != zh.headings || en.rows != zh.rows || en.headings < 6 || en.rows < 10 {
		t.Errorf("%d headings and %d rows, in Chinese %d and %d", en.headings, en.rows, zh.headings, zh.rows)
	}
	for _, c := range en.code {
		if !slices.Contains(zh.code, c) {
			t.Errorf("the Chinese one does not name %s", c)
		}
	}
	for _, c := range zh.code {
		if !slices.Contains(en.code, c) {
			t.Errorf("only the Chinese one names %s", c)
		}
	}
	if !slices.Contains(en.links, "README.zh-TW.md") || !slices.Contains(zh.links, "README.md") {
		t.Error("the two do not link to each other")
	}
	for _, l := range en.links {
		if l != "README.zh-TW.md" && !slices.Contains(zh.links, l) {
			t.Errorf("the Chinese one does not link to %s", l)
		}
		if _, err := os.Stat("../" + l); err != nil && !strings.HasPrefix(l, "http") {
			t.Errorf("%s is not there", l)
		}
	}
	prose := quoted.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
	if marks := badChinese(simplifiedOnly(t), prose); len(marks) > 0 {
		t.Errorf("an editor marks %q", marks)
	}
}
