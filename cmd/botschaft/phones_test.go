package main_test

import (
	"context"
	"net/http"
	"net/http/httptest"

	"botschaft/internal/simulator"
)

// faces puts WhatsApp's side beside the house, behind a door of the test's own, with one number
// that leads to an Inbox of the house. It gives where the Inbox's webhooks go.
func (h *house) faces(sim *simulator.Simulator, door http.Handler, n simulator.Number) (webhook string) {
	h.t.Helper()
	graph := httptest.NewServer(door)
	_, webhook = h.inbox(phoneNumberID, graph.URL)
	n.PhoneNumberID, n.WABA, n.DisplayPhone, n.VerifiedName = phoneNumberID, wabaID, "+49 30 0000001", "Muster"
	n.WebhookURL = "http://" + h.listen + webhook
	must(h.t, sim.AddNumber(n))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	h.t.Cleanup(func() {
		sim.Close()
		stop()
		must(h.t, <-ended)
		graph.CloseClientConnections()
		graph.Close()
	})
	return webhook
}
