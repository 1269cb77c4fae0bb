package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// graphError is an error body of the Graph API. (support/error-codes)
type graphError struct {
	status    int
	code      int
	kind      string
	title     string
	details   string
	transient bool
	subcode   int    // rarely given
	message   string // instead of the code and its title
}

func (e *graphError) Error() string { return fmt.Sprintf("(#%d) %s: %s", e.code, e.title, e.details) }

type errorRow struct {
	status  int
	title   string
	details string
}

// errorTable is Meta's list of codes with the HTTP status printed beside each.
var errorTable = map[int]errorRow{
	0:      {401, "AuthException", "We were unable to authenticate the app user."},
	1:      {400, "API Unknown", "Invalid request or possible server error."},
	2:      {503, "API Service", "Temporary due to downtime or due to being overloaded."},
	3:      {500, "API Method", "Capability or permissions issue."},
	4:      {400, "API Too Many Calls", "The app has reached its API call rate limit."},
	10:     {403, "Permission Denied", "Permission is either not granted or has been removed."},
	33:     {400, "Parameter value is not valid", "The business phone number has been deleted."},
	100:    {400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."},
	190:    {401, "Invalid OAuth access token", "Your access token has expired or is invalid."},
	200:    {403, "API Permission", "Permission is either not granted or has been removed."},
	368:    {403, "Temporarily blocked for policies violations", "The WhatsApp Business Account has been restricted or disabled for violating a platform policy."},
	470:    {400, "Re-engagement message", "Message failed to send because more than 24 hours have passed since the customer last replied to this number."},
	2200:   {400, "Callback verification failed", "The callback did not answer the handshake."},
	2500:   {400, "Unknown path components", "The path names nothing this API serves."},
	2635:   {400, "You are calling a deprecated version of the API", "Use v20.0 or later."},
	80007:  {400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."},
	130429: {400, "Rate limit hit", "Cloud API message throughput has been reached."},
	130472: {400, "User's number is part of an experiment", "Message was not sent as part of an experiment."},
	130497: {403, "Business account is restricted from messaging users in this country", "The recipient's country is not allowed."},
	131000: {500, "Something went wrong", "Message failed to send due to an unknown error."},
	131005: {403, "Access denied", "Permission is either not granted or has been removed."},
	131008: {400, "Required parameter is missing", "The request is missing a required parameter."},
	131009: {400, "Parameter value is not valid", "One or more parameter values are invalid."},
	131016: {500, "Service unavailable", "A service is temporarily unavailable."},
	131021: {400, "Recipient cannot be sender", "Sender and recipient phone number is the same."},
	131026: {400, "Message undeliverable", "Message Undeliverable."},
	131030: {400, "Recipient phone number not in allowed list", "Recipient phone number not in allowed list."},
	131031: {403, "Account has been locked", "The WhatsApp Business Account has been restricted or disabled."},
	131035: {400, "Message content is no longer available", "The content was lost under No Storage."},
	131036: {400, "Receipt could not be delivered", "The receipt was lost under No Storage."},
	131037: {400, "Display name needs approval", "The number's display name is not approved."},
	131042: {400, "Business eligibility payment issue", "There was an error related to your payment method."},
	131045: {500, "Incorrect certificate", "Message failed to send due to a phone number registration error."},
	131047: {400, "Re-engagement message", "Message failed to send because more than 24 hours have passed since the customer last replied to this number."},
	131048: {400, "Spam rate limit hit", "Message failed to send because there are restrictions on how many messages can be sent from this phone number."},
	131049: {400, "Meta chose not to deliver", "This message was not delivered to maintain healthy ecosystem engagement."},
	131050: {400, "User has stopped marketing messages", "The recipient has chosen to stop receiving marketing messages from your business."},
	131051: {400, "Unsupported message type", "Message type is not currently supported."},
	131052: {400, "Media download error", "Unable to download the media sent by the user."},
	131053: {400, "Media upload error", "Unable to upload the media used in the message."},
	131055: {400, "Method not allowed", "This method of sending is not allowed for the account."},
	131056: {400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages sent from the sender phone number to the same recipient phone number in a short period of time."},
	131057: {500, "Account in maintenance mode", "Business Account is in maintenance mode."},
	131060: {400, "This message is currently unavailable", "The message is not available."},
	131062: {400, "Recipient identifier not allowed", "This message needs the phone number of the recipient."},
	132000: {400, "Number of parameters does not match the expected number of params", "The number of variable parameter values did not match the template."},
	132001: {404, "Template name does not exist in the translation", "The template does not exist in the specified language or has not been approved."},
	132005: {400, "Translated text too long", "The hydrated text is too long."},
	132007: {400, "Template content policy violated", "The template content violates a WhatsApp policy."},
	132012: {400, "Parameter format does not match format in the created template", "Variable parameter values formatted incorrectly."},
	132015: {400, "Template is paused", "The template is paused due to low quality."},
	132016: {400, "Template is disabled", "The template has been disabled permanently."},
	132018: {400, "Template parameters invalid", "There is an issue with the parameters in your template."},
	132068: {400, "Flow is blocked", "The flow is in blocked state."},
	132069: {400, "Flow is throttled", "The flow is in throttled state and 10 messages using it were already sent in the last hour."},
	133000: {500, "Incomplete deregistration", "A previous deregistration attempt failed."},
	133004: {503, "Server temporarily unavailable", "Server is temporarily unavailable."},
	133005: {400, "Two step verification PIN mismatch", "Two-step verification PIN incorrect."},
	133006: {400, "Phone number re-verification needed", "Phone number needs to be verified before registering."},
	133007: {400, "Phone number temporarily blocked", "Too many incorrect PIN entries."},
	133008: {400, "Too many two step verification PIN guesses", "Too many PIN guesses for this phone number."},
	133009: {400, "Two step verification PIN guessed too fast", "PIN was entered too quickly."},
	133010: {400, "Phone number not registered", "The account is not registered on the WhatsApp Business Platform."},
	133015: {400, "Please wait a few minutes before attempting to register", "The number was recently deleted."},
	133016: {400, "Account register deregister rate limit exceeded", "Registration or deregistration failed: too many attempts in 72 hours."},
	134011: {400, "Payments terms of service not accepted", "The account has not accepted the terms of payments."},
	134100: {400, "Only marketing messages supported", "This endpoint takes marketing messages alone."},
	134101: {400, "Template syncing", "The template is being prepared; try again in ten minutes."},
	134102: {400, "Marketing messages not available", "The template is not available for marketing messages."},
	135000: {400, "Generic user error", "Message failed to send because of an unknown error with the request parameters."},
	137000: {400, "Identity key mismatch", "The recipient's identity key hash does not match."},
	139100: {400, "Failed to block/unblock users", "Some users could not be blocked or unblocked."},
	139101: {400, "Blocklist limit reached", "The blocklist holds as many users as it may."},
	139102: {400, "Blocklist concurrent update", "The block list is being changed."},
	139103: {400, "Internal error", "The block list could not be changed."},
	147001: {400, "Username is not available", "The business username is not available."},
	147002: {400, "Username invalid", "The business username breaks the rules for usernames."},
	147003: {400, "Username not allowed", "The business username is not allowed."},
	147004: {400, "Username already set", "The business has this username."},
	147005: {400, "Username change limit", "The business username was changed too often."},

	2388019: {400, "Message template limit exceeded", "The account has as many templates as it may."},
	2388040: {400, "Character limit exceeded", "A field of the template is too long."},
	2388047: {400, "Message header format is incorrect", "The header of the template is malformed."},
	2388072: {400, "Message body format is incorrect", "The body of the template is malformed."},
	2388073: {400, "Message footer format is incorrect", "The footer of the template is malformed."},
	2388293: {400, "Variables and words ratio", "The template has too many variables for its length."},
	2388299: {400, "Leading or trailing variables", "Variables cannot stand at the start or end of the template."},
	2593107: {400, "Synchronization request limit exceeded", "Syncing was asked for too often."},
	2593108: {400, "Synchronization request outside of time window", "Syncing must be asked for within 24 hours."},
}

// ErrorView is a code that a Fault can bring.
type ErrorView struct {
	Code  int    `json:"code"`
	Title string `json:"title"`
	HTTP  int    `json:"http"` // of a refused request
}

// errorViews lists what is in the table, by code.
func errorViews() []ErrorView {
	out := make([]ErrorView, 0, len(errorTable))
	for code, row := range errorTable {
		out = append(out, ErrorView{code, row.title, row.status})
	}
	slices.SortFunc(out, func(a, b ErrorView) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// newError is the error of a code. Empty details take the table's.
func newError(code int, details string) *graphError {
	row, ok := errorTable[code]
	if !ok {
		row = errorRow{status: http.StatusBadRequest, title: "Error", details: "Simulated error."}
	}
	if details == "" {
		details = row.details
	}
	kind := "OAuthException"
	if code == 2500 {
		kind = "GraphMethodException"
	}
	return &graphError{
		status: row.status, code: code, kind: kind, title: row.title, details: details,
		transient: row.status >= 500 && code != 131045,
	}
}

func missing(param string) *graphError {
	return newError(131008, fmt.Sprintf("The parameter %s is required.", param))
}

func invalid(format string, args ...any) *graphError {
	return newError(131009, fmt.Sprintf(format, args...))
}

func unsupported(format string, args ...any) *graphError {
	return newError(100, fmt.Sprintf(format, args...))
}

// body is the JSON of the error, with a trace id of its own.
func (e *graphError) body() []byte {
	message := fmt.Sprintf("(#%d) %s", e.code, e.title)
	if e.code == 190 {
		message = e.title // authentication errors carry no number in front
	}
	if e.message != "" {
		message = e.message
	}
	inner := map[string]any{"message": message, "type": e.kind, "code": e.code, "fbtrace_id": traceID()}
	if e.subcode != 0 {
		inner["error_subcode"] = e.subcode
	} else if e.code != 190 {
		inner["error_data"] = map[string]any{"messaging_product": "whatsapp", "details": e.details}
	}
	if e.transient {
		inner["is_transient"] = true
	}
	raw, err := json.Marshal(map[string]any{"error": inner})
	if err != nil {
		return []byte(`{"error":{"message":"An unknown error occurred","type":"OAuthException","code":1}}`)
	}
	return raw
}

// inStatus is the error as a failed status carries it.
func (e *graphError) inStatus() statusError {
	out := statusError{Code: e.code, Title: e.title, Message: e.title,
		Href: "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes/"}
	out.Data.Details = e.details
	return out
}
