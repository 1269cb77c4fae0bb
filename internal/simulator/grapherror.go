package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
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
	131031: {403, "Account has been locked", "The WhatsApp Business Account has been restricted or disabled."},
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
	131056: {400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages sent from the sender phone number to the same recipient phone number in a short period of time."},
	131057: {500, "Account in maintenance mode", "Business Account is in maintenance mode."},
	131062: {400, "Recipient identifier not allowed", "This message needs the phone number of the recipient."},
	132000: {400, "Number of parameters does not match the expected number of params", "The number of variable parameter values did not match the template."},
	132001: {404, "Template name does not exist in the translation", "The template does not exist in the specified language or has not been approved."},
	132005: {400, "Translated text too long", "The hydrated text is too long."},
	132007: {400, "Template content policy violated", "The template content violates a WhatsApp policy."},
	132012: {400, "Parameter format does not match format in the created template", "Variable parameter values formatted incorrectly."},
	132015: {400, "Template is paused", "The template is paused due to low quality."},
	132016: {400, "Template is disabled", "The template has been disabled permanently."},
	133004: {503, "Server temporarily unavailable", "Server is temporarily unavailable."},
	133010: {400, "Phone number not registered", "The account is not registered on the WhatsApp Business Platform."},
	135000: {400, "Generic user error", "Message failed to send because of an unknown error with the request parameters."},
	137000: {400, "Identity key mismatch", "The recipient's identity key hash does not match."},
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
