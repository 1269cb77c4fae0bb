package api_test

// newInbox is the body that makes an Inbox of the north, with a number of its own.
func (w *world) newInbox() map[string]any {
	return map[string]any{
		"controller": w.north.controller.String(), "name": "Postfach", "phone_number_id": "900" + w.next(), "waba_id": "2",
		"app_secrets": []string{"secret"}, "access_token": "token", "verify_tokens": []string{"word"},
	}
}
