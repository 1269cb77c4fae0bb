package render

import (
	"cmp"
	"slices"

	"github.com/carlos7ags/folio/core"
)

// The attributes of cells that name others.
const (
	columnScope = "Column"
	rowScope    = "Row"
)

// node is an element of the structure that is read aloud.
type node struct {
	tag        string
	attributes string // the scope of a cell that names others
	order      int
	kids       []kid
	ref        *core.PdfIndirectReference
}

// kid is a part of an element, in the order of reading: another element, marked content on
// a page, or a link to follow.
type kid struct {
	order   int
	node    *node
	content core.PdfObject
}

// next counts the parts of the structure in the order of reading.
func (s *sheet) next() int {
	s.order++
	return s.order
}

func (s *sheet) node(parent *node, tag string) *node {
	n := &node{tag: tag, order: s.next()}
	parent.kids = append(parent.kids, kid{order: n.order, node: n})
	return n
}

// number gives the element and all within it their places in the file.
func (n *node) number(f *file) {
	n.ref = f.reserve()
	for _, k := range n.kids {
		if k.node != nil {
			k.node.number(f)
		}
	}
}

// write writes the element and all within it.
func (n *node) write(f *file, parent *core.PdfIndirectReference) {
	slices.SortStableFunc(n.kids, func(a, b kid) int { return cmp.Compare(a.order, b.order) })
	kids := core.NewPdfArray()
	for _, k := range n.kids {
		if k.node == nil {
			kids.Add(k.content)
			continue
		}
		kids.Add(k.node.ref)
		k.node.write(f, n.ref)
	}
	element := dict("Type", name("StructElem"), "S", name(n.tag), "P", parent, "K", kids)
	if n.attributes != "" {
		element.Set("A", dict("O", name("Table"), "Scope", name(n.attributes)))
	}
	f.set(n.ref, element)
}

// writeTree writes the structure and the way back to it from every page and link.
func (s *sheet) writeTree(f *file, root *core.PdfIndirectReference) {
	s.tree.write(f, root)
	numbers := core.NewPdfArray()
	for i, p := range s.pages {
		owners := core.NewPdfArray()
		for _, n := range p.marked {
			owners.Add(n.ref)
		}
		numbers.Add(integer(i))
		numbers.Add(owners)
	}
	for i, link := range s.links() {
		numbers.Add(integer(len(s.pages) + i))
		numbers.Add(link.node.ref)
	}
	f.set(root, dict("Type", name("StructTreeRoot"), "K", s.tree.ref,
		"ParentTree", dict("Nums", numbers), "ParentTreeNextKey", integer(len(s.pages)+len(s.links()))))
}

func (s *sheet) links() (all []item) {
	for _, p := range s.pages {
		all = append(all, p.links...)
	}
	return all
}
