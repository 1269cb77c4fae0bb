package auth

import "testing"

func TestClientOf(t *testing.T) {
	t.Parallel()
	const webkit = "AppleWebKit/537.36 (KHTML, like Gecko) "
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:135.0) Gecko/20100101 Firefox/135.0":                      "Firefox · Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0":                                "Firefox · Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + "Chrome/133.0.0.0 Safari/537.36 Edg/133.0.0.0":  "Edge · Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + "Chrome/132.0.0.0 Safari/537.36 OPR/117.0.0.0":  "Opera · Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + webkit + "Chrome/133.0.0.0 Safari/537.36":          "Chrome · macOS",
		"Mozilla/5.0 (Linux; Android 14; SM-S921B) " + webkit + "SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile":   "Samsung Internet · Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 Version/18.3 Safari/604.1": "Safari · iPhone",
		"Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) AppleWebKit/605.1.15 CriOS/133.0.6943.33 Safari/604.1":   "Chrome · iPad",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + webkit + "Chrome/133.0.0.0 Safari/537.36":                 "Chrome · ChromeOS",
		"curl/8.5.0": "", "": "", "Erika Muster's machine, inventory 4711": "", "Something (Windows)": "Windows",
	} {
		if got := ClientOf(agent); got != want {
			t.Errorf("%s is %q, want %q", agent, got, want)
		}
	}
}
