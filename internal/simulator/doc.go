// Package simulator is a WhatsApp Cloud API in one process, with phones to
// type on.
//
// It is an independent reading of Meta's documentation: it imports nothing of
// ours, so that a misreading in our client or parser meets a second opinion
// instead of its own mirror. It is deliberately strict: whatever Meta documents
// as an error is an error here, with Meta's code and HTTP status.
//
// Three faces share one state, all behind [Simulator.Handler]:
//
//   - the Graph API below /v20.0 and later, for the product under test;
//   - /sim/… for tests and for the page;
//   - the page at /, which shows the phones.
//
// Signed webhooks leave while [Simulator.Run] runs: batched, repeated, shuffled
// and repeated after a refusal as [Settings] and the receiver's answers say.
//
// # In a test
//
//	set := simulator.Settings{} // statuses follow at once
//	sim := simulator.New(simulator.Config{
//		WebhookURL: receiver.URL, AppSecret: []byte("secret"), Settings: &set,
//		Numbers:   []simulator.Number{{PhoneNumberID: "106540352242922", WABA: "102290129340398", DisplayPhone: "+49 30 0000001"}},
//		Customers: []simulator.NewCustomer{{ID: "anna", Name: "Anna Muster", Phone: "+49 1570 0000001"}},
//	})
//	defer sim.Close()
//	go sim.Run(ctx)
//	graph := httptest.NewServer(sim.Handler())
//	sim.Say("anna", "", "Guten Tag")                              // a webhook leaves
//	sim.AddFault(simulator.Fault{Kind: simulator.FailTimeout})    // the next answer is lost
//	sim.Advance(25 * time.Hour)                                   // the window closes
//	sent, _ := sim.Outbox()                                       // what was accepted
//
// [Open] instead of [New] gives it a memory in a file: killed at any moment and
// opened again, the phones show what they showed, and what the receiver has not
// acknowledged is delivered, at worst twice. No answer, webhook or event leaves
// before what it tells of is safe.
//
// Its clock is that of [Config], moved forward by [Simulator.Advance]. It
// measures windows, limits, delays of statuses and waits between repetitions;
// what concerns the network (batch windows, shuffling, a slow answer) takes
// real time.
//
// # Over HTTP
//
// JSON in, JSON out; an error is {"error":"…"} with 400, 403, 404, 409 or 503.
//
//	GET    /sim/state                      everything the page shows
//	GET    /sim/events                     server-sent events: message, customer, numbers, clock, settings, faults, typing
//	GET    /sim/numbers                    POST adds one; PATCH /sim/numbers/{id} changes one
//	POST   /sim/numbers/{id}/handshake     asks the receiver for the challenge
//	GET    /sim/customers                  POST adds one: {"name","phone"} or {"name","username"}
//	GET    /sim/customers/{id}/messages    ?number=; POST an Inbound writes
//	POST   /sim/customers/{id}/read        the phone is opened
//	PUT    /sim/customers/{id}/behaviour   {"offline","auto_deliver","auto_read","deliver_after","read_after","blocked"}
//	POST   /sim/customers/{id}/device      the customer has another device
//	POST   /sim/clock                      {"advance":"25h"}
//	PUT    /sim/customers/{id}/phone       {"phone"}: another number; an empty one changes the user ids alone
//	GET    /sim/errors                     the codes that a Fault can bring, with Meta's titles
//	POST   /sim/faults                     a Fault; GET lists, DELETE clears
//	PATCH  /sim/settings                   Settings; GET shows
//	GET    /sim/outbox                     ?callback_data=&customer=&number=&requests
//	GET    /sim/deliveries                 ?bodies; POST /sim/redeliveries posts all of them again
//	GET    /sim/pending                    what the receiver has not answered with 200
//	POST   /sim/scripts                    {"steps":[Step…]}
//	POST   /sim/answers                    an AutoAnswer; DELETE clears
//	POST   /sim/bursts                     a Burst
//
// Messages, bodies, queues and media that it keeps are bounded by [Config], so
// that it may run under load for days; customers stay until the end.
//
// Pages of Meta's documentation are named by their path below
// developers.facebook.com/documentation/business-messaging/whatsapp.
package simulator
