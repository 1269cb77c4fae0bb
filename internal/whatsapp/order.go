package whatsapp

// maxProducts bounds the products of an order.
const maxProducts = 512

// Order is a cart the person sent from a catalogue.
// Source: Meta, "Webhooks: order messages".
type Order struct {
	CatalogID string
	// Text is what the person wrote with it.
	Text     string
	Products []Product
}

// Product is one line of an Order. Quantity and Price are decimal numbers as
// received; Currency is an ISO 4217 code.
type Product struct{ ID, Quantity, Price, Currency string }

func (r *reader) order() *Order {
	if !r.at('{') {
		return nil
	}
	o := &Order{}
	for key := range r.members("order") {
		switch string(key) {
		case "catalog_id":
			o.CatalogID = r.text()
		case "text":
			o.Text = r.text()
		case "product_items":
			o.Products = list(r, maxProducts, r.product)
		}
	}
	return o
}

func (r *reader) product() *Product {
	p := &Product{}
	for key := range r.members("product_items") {
		switch string(key) {
		case "product_retailer_id":
			p.ID = r.text()
		case "quantity":
			p.Quantity = r.text()
		case "item_price":
			p.Price = r.text()
		case "currency":
			p.Currency = r.text()
		}
	}
	return p
}
