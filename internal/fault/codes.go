package fault

import "slices"

// Code names one refusal for ever: clients and translations rely on it.
type Code string

const (
	CodeRateLimited          Code = "rate_limited"
	CodeUnauthenticated      Code = "unauthenticated"
	CodeNotFound             Code = "not_found"
	CodeMethodNotAllowed     Code = "method_not_allowed"
	CodeMalformed            Code = "malformed"
	CodeTooLarge             Code = "too_large"
	CodeUnsupportedMedia     Code = "unsupported_media_type"
	CodeInvalid              Code = "invalid"
	CodeEmailTaken           Code = "email_taken"
	CodeWrongCredentials     Code = "wrong_credentials"
	CodeSecondStep           Code = "second_step_required"
	CodeWrongCode            Code = "wrong_code"
	CodeSignInFailed         Code = "sign_in_failed"
	CodePasskeyFailed        Code = "passkey_failed"
	CodeProviderDown         Code = "provider_down"
	CodeConfirmIdentity      Code = "confirm_identity"
	CodeLinkTaken            Code = "link_taken"
	CodeLastWayIn            Code = "last_way_in"
	CodeKeyInUse             Code = "idempotency_key_in_use"
	CodeKeyReused            Code = "idempotency_key_reused"
	CodeForbidden            Code = "forbidden"
	CodeCrossSite            Code = "cross_site"
	CodeUnconfirmed          Code = "unconfirmed"
	CodeOwnDeal              Code = "own_deal"
	CodeConflict             Code = "conflict"
	CodeBlocked              Code = "blocked"
	CodeNotOpen              Code = "not_open"
	CodeClosed               Code = "closed"
	CodeNotCash              Code = "not_cash"
	CodeOverPersonLimit      Code = "over_person_limit"
	CodeOutOfStock           Code = "out_of_stock"
	CodeOverCap              Code = "over_cap"
	CodeNotOffered           Code = "not_offered"
	CodePriceChanged         Code = "price_changed"
	CodeBelowMinimum         Code = "below_minimum"
	CodeAboveNamedPrice      Code = "above_named_price"
	CodeNotLowerThanOwn      Code = "not_lower_than_own"
	CodeCeilingBelowBestTier Code = "ceiling_below_best_tier"
	CodeWithdrawalLocked     Code = "withdrawal_locked"
	CodeAlreadyUsed          Code = "already_used"
	CodeLimit                Code = "limit"
	CodeInsufficientFunds    Code = "insufficient_funds"
	CodeCardDeclined         Code = "card_declined"
	CodeCardExpired          Code = "card_expired"
	CodeCardChallenge        Code = "card_challenge_required"
	CodeUnavailable          Code = "unavailable"
	CodeInternal             Code = "internal"
)

// Meaning is one row of the table of refusals.
type Meaning struct {
	Code   Code
	Class  Class
	Status int      // the HTTP status of this code
	Params []string // names of the numbers it carries
	Text   string   // what it means, for a client's author
}

// table lists every code in the one order of precedence: where several refusals fit, the first row is the answer.
var table = []Meaning{
	{CodeRateLimited, RateLimited, 429, []string{"retryAfter"}, "Too many tries. Wait retryAfter seconds."},
	{CodeUnauthenticated, Unauthenticated, 401, nil, "No valid token or session came with the request."},
	{CodeWrongCredentials, Unauthenticated, 401, nil, "E-mail and password do not belong together."},
	{CodeSecondStep, Unauthenticated, 401, nil, "The password is right, and the account asks for a second step: sign in on the site, or use a personal access token."},
	{CodeNotFound, NotFound, 404, nil, "There is no such thing, or it is not yours to see."},
	{CodeMethodNotAllowed, Invalid, 405, nil, "This path does not know that method."},
	{CodeMalformed, Invalid, 400, nil, "The body is not JSON."},
	{CodeTooLarge, Invalid, 413, []string{"limit"}, "The body has more than limit bytes."},
	{CodeUnsupportedMedia, Invalid, 415, nil, "The body is not of the media type this path takes."},
	{CodeInvalid, Invalid, 422, nil, "Fields have a wrong type, range or combination; errors names all of them."},
	{CodeEmailTaken, Conflict, 409, nil, "There is an account with this e-mail."},
	{CodeLinkTaken, Conflict, 409, nil, "That account elsewhere is linked to another account here."},
	{CodeKeyInUse, Conflict, 409, nil, "The first request with this Idempotency-Key is still under way."},
	{CodeKeyReused, Conflict, 409, nil, "This Idempotency-Key was used for another request."},
	{CodeForbidden, Forbidden, 403, nil, "This step belongs to somebody else."},
	{CodeCrossSite, Forbidden, 403, nil, "The form did not come from a page of this site, or its page is too old: load it again."},
	{CodeConfirmIdentity, Forbidden, 403, nil, "This changes how one signs in: give the password, or sign in again first."},
	{CodeUnconfirmed, Forbidden, 403, nil, "This site lets people trade once they have confirmed their e-mail address."},
	{CodeOwnDeal, Forbidden, 403, nil, "The owner of a deal cannot enter it."},
	{CodeConflict, Conflict, 409, []string{"status"}, "The state of the thing does not allow this step."},
	{CodeSignInFailed, Refused, 422, nil, "The other site's answer does not hold, was used, or came too late: begin again."},
	{CodePasskeyFailed, Refused, 422, nil, "The passkey's answer does not hold, was used, or came too late: begin again."},
	{CodeWrongCode, Refused, 422, nil, "The code is wrong, over, or was used."},
	{CodeLastWayIn, Refused, 422, nil, "It is the last way to sign in: add another first."},
	{CodeBlocked, Refused, 422, nil, "The owner of the deal has blocked this account."},
	{CodeNotOpen, Refused, 422, []string{"status"}, "The deal does not take entries."},
	{CodeClosed, Refused, 422, []string{"closesAt"}, "The deal's time is over."},
	{CodeNotCash, Refused, 422, []string{"cashUnit"}, "The amount is not a whole multiple of the cash unit."},
	{CodeOverPersonLimit, Refused, 422, []string{"limit", "left"}, "More pieces than one person may take."},
	{CodeOutOfStock, Refused, 422, []string{"left"}, "Fewer pieces are left than asked for."},
	{CodeOverCap, Refused, 422, []string{"cap", "left"}, "The group's cap would be passed."},
	{CodeNotOffered, Refused, 422, nil, "This way to buy is not offered, or no longer."},
	{CodePriceChanged, Refused, 422, []string{"unitPrice"}, "The price is higher than the one you saw."},
	{CodeBelowMinimum, Refused, 422, []string{"minimum"}, "The amount is below the minimum."},
	{CodeAboveNamedPrice, Refused, 422, []string{"namedPrice"}, "The quote is above the named price."},
	{CodeNotLowerThanOwn, Refused, 422, []string{"maximum"}, "A new quote must go below your own last one by the step."},
	{CodeCeilingBelowBestTier, Refused, 422, []string{"minimum"}, "The ceiling is below the cheapest tier: it could never be met."},
	{CodeWithdrawalLocked, Refused, 422, []string{"lockedFrom"}, "It is too late to take this back."},
	{CodeAlreadyUsed, Refused, 422, nil, "This can be done once and was done."},
	{CodeLimit, Refused, 422, []string{"limit", "until"}, "A rule's limit on tries is reached."},
	{CodeInsufficientFunds, Refused, 422, []string{"missing", "needed"}, "The wallet's free money does not cover this; missing is the difference."},
	{CodeCardDeclined, Declined, 402, nil, "The card was declined."},
	{CodeCardExpired, Declined, 402, nil, "The card has expired."},
	{CodeCardChallenge, Declined, 402, nil, "The card's bank asks for a confirmation that this gateway does not show."},
	{CodeProviderDown, Unavailable, 503, []string{"retryAfter"}, "The other site does not answer. Sign in another way, or try again in retryAfter seconds."},
	{CodeUnavailable, Unavailable, 503, []string{"retryAfter"}, "A part of the site is down or the result is not known. Repeat with the same Idempotency-Key."},
	{CodeInternal, Internal, 500, []string{"id"}, "Our mistake. The id finds the log line."},
}

var byCode = func() map[Code]Meaning {
	m := make(map[Code]Meaning, len(table))
	for _, r := range table {
		m[r.Code] = r
	}
	return m
}()

// Table lists every refusal in order of precedence.
func Table() []Meaning { return slices.Clone(table) }

// Class is the class of the code; an unknown code is internal.
func (c Code) Class() Class {
	if m, ok := byCode[c]; ok {
		return m.Class
	}
	return Internal
}

// Status is the HTTP status of the code; an unknown code is 500.
func (c Code) Status() int {
	if m, ok := byCode[c]; ok {
		return m.Status
	}
	return 500
}
