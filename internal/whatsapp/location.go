package whatsapp

// Location is a place the person shared.
// Source: Meta, "Webhooks: location messages".
type Location struct {
	// Latitude and Longitude in degrees (WGS 84).
	Latitude, Longitude float64
	// Name, Address and URL are mostly set for places of business.
	Name, Address, URL string
}

func (r *reader) location() *Location {
	if !r.at('{') {
		return nil
	}
	l := &Location{}
	for key := range r.members("location") {
		switch string(key) {
		case "latitude":
			l.Latitude = r.float()
		case "longitude":
			l.Longitude = r.float()
		case "name":
			l.Name = r.text()
		case "address":
			l.Address = r.text()
		case "url":
			l.URL = r.text()
		}
	}
	return l
}
