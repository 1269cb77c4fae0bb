package whatsapp

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// What a number may send in a second, received messages included.
// Source: Meta, "Throughput"; "Onboarding WhatsApp Business app users", limitations.
const (
	PerSecondStandard = 80
	PerSecondHigh     = 1000
	PerSecondOnApp    = 20 // while the number is used in the WhatsApp Business app, too
)

// Capacity is what a number may do; 0 of anything if the provider does not say.
type Capacity struct {
	PerSecond int // messages in a second, received ones included
	People    int // whom the portfolio may write to outside of windows within 24 hours; 0: everybody, too
}

// Capacity asks what a number may do. Every error is a *MediaError.
// Source: Meta, "Business phone numbers", fields throughput, is_on_biz_app and
// whatsapp_business_manager_messaging_limit.
func (c *Client) Capacity(ctx context.Context, phoneNumberID, token string) (Capacity, error) {
	if c.Provider == Dialog360 { // has no node of the number
		return Capacity{}, nil
	}
	var v struct {
		Throughput struct {
			Level string `json:"level"`
		} `json:"throughput"`
		OnApp bool   `json:"is_on_biz_app"`
		Tier  string `json:"whatsapp_business_manager_messaging_limit"`
	}
	if err := c.numberField(ctx, phoneNumberID, token, "throughput", &v); err != nil {
		return Capacity{}, err
	}
	out := Capacity{PerSecond: map[string]int{"STANDARD": PerSecondStandard, "HIGH": PerSecondHigh}[v.Throughput.Level]}
	// A version that does not know a field answers with an error; the level stands all the same.
	if err := c.numberField(ctx, phoneNumberID, token, "is_on_biz_app", &v); err == nil && v.OnApp {
		out.PerSecond = PerSecondOnApp
	}
	if err := c.numberField(ctx, phoneNumberID, token, "whatsapp_business_manager_messaging_limit", &v); err == nil {
		out.People = peopleOf(v.Tier)
	}
	return out, nil
}

// peopleOf reads a tier: TIER_250, TIER_2K, TIER_10K, TIER_100K; 0 for TIER_UNLIMITED and what else
// has no number.
func peopleOf(tier string) int {
	digits, thousands := strings.CutSuffix(strings.TrimPrefix(tier, "TIER_"), "K")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	if thousands {
		n *= 1000
	}
	return n
}

// numberField reads one field of the number's node.
func (c *Client) numberField(ctx context.Context, phoneNumberID, token, field string, into any) error {
	u, err := c.base()
	version := either(c.Version, DefaultVersion)
	if err != nil || !isVersion(version) || !isDigits(phoneNumberID) {
		return &MediaError{Err: ErrOutgoing}
	}
	u = u.JoinPath(version, phoneNumberID)
	u.RawQuery = url.Values{"fields": {field}}.Encode()
	resp, err := c.get(ctx, u.String(), token)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &MediaError{Status: resp.StatusCode, Err: discreet(err, token)}
	}
	if json.Unmarshal(body, into) != nil {
		return &MediaError{Status: resp.StatusCode, Err: errGarbage}
	}
	return nil
}
