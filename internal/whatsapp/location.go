package whatsapp

import "math"

// Location is a place the person shared.
// Source: Meta, "Webhooks: location messages".
type Location struct {
	// Latitude and Longitude in degrees (WGS 84).
	Latitude, Longitude float64
	// Placed is false if one of them is missing or absurd: there is no place on the map then.
	Placed bool
	// Name, Address and URL are mostly set for places of business.
	Name, Address, URL string
}

func (r *reader) location() *Location {
	if !r.at('{') {
		return nil
	}
	l := &Location{}
	latitude, longitude := false, false
	for key := range r.members("location") {
		switch string(key) {
		case "latitude":
			l.Latitude, latitude = r.degrees(90)
		case "longitude":
			l.Longitude, longitude = r.degrees(180)
		case "name":
			l.Name = r.text()
		case "address":
			l.Address = r.text()
		case "url":
			l.URL = r.text()
		}
	}
	l.Placed = latitude && longitude
	return l
}

// degrees reads an angle, and whether it is one.
func (r *reader) degrees(most float64) (float64, bool) {
	start := r.i
	f := r.float()
	if r.i == start || !(math.Abs(f) <= most) {
		return 0, false
	}
	return f, true
}
