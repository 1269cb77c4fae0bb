package private

// shortTail is how much of a short text is shown.
const shortTail = 4

// Masked shows the first head and the last tail characters of t and hides the rest:
// enough to tell two apart, too little to use. Of a text too short for that it shows
// the end alone, and never more than half.
func (t Text) Masked(head, tail int) Text {
	v := []rune(t.Reveal())
	if head == 0 || head+tail > len(v)/2 {
		return NewText("••• " + string(v[len(v)-min(shortTail, len(v)/2):]))
	}
	return NewText(string(v[:head]) + " ••• " + string(v[len(v)-tail:]))
}
