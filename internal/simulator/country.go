package simulator

import "strings"

// twoDigitCodes are the country calling codes of two digits (ITU E.164); 1 and
// 7 have one digit, all others three.
const twoDigitCodes = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 " +
	"60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"

var countries = map[string]string{
	"1": "US", "7": "RU", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "39": "IT",
	"40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK", "46": "SE", "47": "NO", "48": "PL",
	"49": "DE", "52": "MX", "55": "BR", "90": "TR", "91": "IN", "234": "NG", "352": "LU", "380": "UA",
}

// callingCode is the country calling code at the front of a number's digits.
func callingCode(number string) string {
	switch {
	case number == "":
		return ""
	case number[0] == '1' || number[0] == '7':
		return number[:1]
	case len(number) < 3:
		return number
	}
	for two := range strings.FieldsSeq(twoDigitCodes) {
		if number[:2] == two {
			return two
		}
	}
	return number[:3]
}

// countryOf names the country of a number's digits; Germany when unknown.
func countryOf(number string) string {
	if c, ok := countries[callingCode(number)]; ok {
		return c
	}
	return "DE"
}

// dialled reads the "to" of a send as Meta documents it: separators are
// ignored; without a plus sign the calling code of the business is put in
// front, whatever the number begins with. (business-phone-numbers/phone-numbers)
func dialled(to, business string) string {
	if strings.HasPrefix(strings.TrimSpace(to), "+") {
		return digits(to)
	}
	return callingCode(business) + digits(to)
}
