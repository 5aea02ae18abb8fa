package oauth

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"haggle/internal/fault"
)

// forged refuses an answer that does not hold; why is for the log.
func forged(why string) error {
	return fault.New(fault.CodeSignInFailed, nil).Because(errors.New("oauth: " + why))
}

// away says that the provider does not answer.
func away(err error) error {
	return fault.New(fault.CodeProviderDown, fault.Params{"retryAfter": int64(retryAfter.Seconds())}).Because(err)
}

// failed reads an error of an exchange with a provider. Of what the provider wrote nothing is kept: it may repeat the code.
func failed(step string, err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		status := 0
		if refused.Response != nil {
			status = refused.Response.StatusCode
		}
		why := fmt.Sprintf("%s: the provider answers %d %s", step, status, knownError(refused.ErrorCode))
		if status >= http.StatusInternalServerError {
			return away(errors.New("oauth: " + why))
		}
		return forged(why)
	}
	var broken *url.Error
	if errors.As(err, &broken) {
		return away(fmt.Errorf("oauth: %s: %w", step, broken.Err))
	}
	return forged(step + ": the provider's answer makes no sense")
}

// knownError is an error code of RFC 6749; what is none is not repeated.
func knownError(code string) string {
	switch code {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope":
		return code
	}
	return "otherwise"
}
