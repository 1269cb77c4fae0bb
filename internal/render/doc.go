// Package render turns a document into a page of HTML and into a PDF, on our own server.
//
// It promises that both say the same, to the letter, to everybody: headings, lists and
// tables are told to screen readers as what they are (WCAG 2.2; the PDF carries the tags,
// the title, the language and the bookmarks that PDF/UA-1 asks for), fonts come from a
// module and are part of the PDF, and the same document gives the same bytes. Neither
// output contains a script or asks anybody for anything, except for the page's own style.
//
// It refuses a document without a title or a language, and writes nothing of one that it
// cannot write whole. It does not shape scripts that join or reorder letters, such as Arabic:
// a character that the PDF's font lacks is drawn as a box and read aloud as itself.
package render
