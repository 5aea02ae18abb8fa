package web

import (
	"context"
	"errors"
	"io"

	"haggle/internal/market"
)

// errPaused is what every act answers on a page that only shows a form again.
var errPaused = errors.New("nothing is done here: the form is only shown")

// paused is a market in which everything can be looked at and nothing can be done. A test holds that it has every act.
type paused struct{ Market }

func (paused) Register(context.Context, market.RegisterInput) (market.Grant, error) {
	return market.Grant{}, errPaused
}

func (paused) SignIn(context.Context, market.SignInInput) (market.Grant, error) {
	return market.Grant{}, errPaused
}

func (paused) SignOut(context.Context, market.Actor) error {
	return errPaused
}

func (paused) RevokeSession(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) CreateToken(context.Context, market.Actor, market.TokenInput) (market.TokenView, error) {
	return market.TokenView{}, errPaused
}

func (paused) RevokeToken(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) UpdateMe(context.Context, market.Actor, market.MePatch) (market.MeView, error) {
	return market.MeView{}, errPaused
}

func (paused) SignInStep(context.Context, market.SignInInput, string) (market.SignedIn, error) {
	return market.SignedIn{}, errPaused
}

func (paused) SecondStep(context.Context, string, string, string) (market.SignedIn, error) {
	return market.SignedIn{}, errPaused
}

func (paused) BeginSignInWith(context.Context, market.WithInput) (string, error) {
	return "", errPaused
}

func (paused) BeginLink(context.Context, market.Actor, market.WithInput) (string, error) {
	return "", errPaused
}

func (paused) FinishSignInWith(context.Context, market.Actor, market.AnswerInput) (market.SignedIn, error) {
	return market.SignedIn{}, errPaused
}

func (paused) Join(context.Context, string, market.JoinInput) (market.SignedIn, error) {
	return market.SignedIn{}, errPaused
}

func (paused) Unlink(context.Context, market.Actor, string, string) error {
	return errPaused
}

func (paused) BeginPasskeySignIn(context.Context) (market.Ceremony, error) {
	return market.Ceremony{}, errPaused
}

func (paused) PasskeySignIn(context.Context, string, []byte, string) (market.Grant, error) {
	return market.Grant{}, errPaused
}

func (paused) BeginPasskey(context.Context, market.Actor, string) (market.Ceremony, error) {
	return market.Ceremony{}, errPaused
}

func (paused) AddPasskey(context.Context, market.Actor, string, []byte, string) error {
	return errPaused
}

func (paused) RemovePasskey(context.Context, market.Actor, string, string) error {
	return errPaused
}

func (paused) SetPassword(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) BeginTwoFactor(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) TurnOnTwoFactor(context.Context, market.Actor, string) ([]string, error) {
	return nil, errPaused
}

func (paused) NewRecoveryCodes(context.Context, market.Actor, string) ([]string, error) {
	return nil, errPaused
}

func (paused) TurnOffTwoFactor(context.Context, market.Actor, string, string) error {
	return errPaused
}

func (paused) OpenListing(context.Context, market.Actor, market.Key, market.ListingInput) (market.DealView, bool, error) {
	return market.DealView{}, false, errPaused
}

func (paused) OpenRequest(context.Context, market.Actor, market.Key, market.RequestInput) (market.DealView, bool, error) {
	return market.DealView{}, false, errPaused
}

func (paused) OpenGroup(context.Context, market.Actor, market.Key, market.GroupInput) (market.DealView, bool, error) {
	return market.DealView{}, false, errPaused
}

func (paused) UploadPhoto(context.Context, market.Actor, io.Reader) (market.PhotoView, error) {
	return market.PhotoView{}, errPaused
}

func (paused) PlaceBid(context.Context, market.Actor, market.Key, string, market.BidInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) Buy(context.Context, market.Actor, market.Key, string, market.PurchaseInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) SubmitQuote(context.Context, market.Actor, market.Key, string, market.QuoteInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) AwardRequest(context.Context, market.Actor, market.Key, string, market.AwardInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) Pledge(context.Context, market.Actor, market.Key, string, market.PledgeInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) Withdraw(context.Context, market.Actor, market.Key, string, market.ReasonInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) Retract(context.Context, market.Actor, market.Key, string, market.ReasonInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) CancelBids(context.Context, market.Actor, market.Key, string, market.ReasonInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) EndEarly(context.Context, market.Actor, market.Key, string, market.ReasonInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) CancelDeal(context.Context, market.Actor, market.Key, string, market.ReasonInput) (market.EntryView, error) {
	return market.EntryView{}, errPaused
}

func (paused) AnswerChance(context.Context, market.Actor, market.Key, string, market.ChanceInput) (market.AnsweredView, bool, error) {
	return market.AnsweredView{}, false, errPaused
}

func (paused) StepOrder(context.Context, market.Actor, market.Key, string, string, market.OrderInput) (market.OrderView, bool, error) {
	return market.OrderView{}, false, errPaused
}

func (paused) LeaveFeedback(context.Context, market.Actor, market.Key, string, market.FeedbackInput) (market.FeedbackView, bool, error) {
	return market.FeedbackView{}, false, errPaused
}

func (paused) Deposit(context.Context, market.Actor, market.Key, market.DepositInput) (market.TransferView, bool, error) {
	return market.TransferView{}, false, errPaused
}

func (paused) WithdrawMoney(context.Context, market.Actor, market.Key, market.WithdrawalInput) (market.TransferView, bool, error) {
	return market.TransferView{}, false, errPaused
}

func (paused) ConfirmEmail(context.Context, market.MailedToken) error {
	return errPaused
}

func (paused) ResendConfirmation(context.Context, market.Actor) error {
	return errPaused
}

func (paused) ChangeEmail(context.Context, market.Actor, market.EmailInput) error {
	return errPaused
}

func (paused) ForgotPassword(context.Context, market.ForgottenInput) error {
	return errPaused
}

func (paused) ResetPassword(context.Context, market.NewPasswordInput) error {
	return errPaused
}

func (paused) MailOff(context.Context, string, string, string) error {
	return errPaused
}

func (paused) BlockPerson(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) UnblockPerson(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) ReadNotices(context.Context, market.Actor, market.ReadNoticesInput) (market.UnreadView, error) {
	return market.UnreadView{}, errPaused
}

func (paused) SaveDraft(context.Context, market.Actor, market.DraftInput) (market.DraftView, error) {
	return market.DraftView{}, errPaused
}

func (paused) DeleteDraft(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) KeepForm(context.Context, string, string, market.KeptForm) (string, error) {
	return "", errPaused
}

func (paused) DropForm(context.Context, market.Actor, string) error {
	return errPaused
}

func (paused) WatchDeal(context.Context, market.Actor, market.WatchInput) (market.WatchView, error) {
	return market.WatchView{}, errPaused
}

func (paused) UnwatchDeal(context.Context, market.Actor, string) error { return errPaused }

func (paused) SaveSearch(context.Context, market.Actor, market.Key, market.SavedInput) (market.SavedView, bool, error) {
	return market.SavedView{}, false, errPaused
}

func (paused) DropSearch(context.Context, market.Actor, string) error { return errPaused }

func (paused) SendMessage(context.Context, market.Actor, market.Key, market.MessageInput) (market.MessageView, bool, error) {
	return market.MessageView{}, false, errPaused
}

func (paused) ReadThread(context.Context, market.Actor, string) error { return errPaused }

func (paused) HideThread(context.Context, market.Actor, string) error { return errPaused }

func (paused) AddDevice(context.Context, market.Actor, market.DeviceInput) (market.DeviceView, error) {
	return market.DeviceView{}, errPaused
}

func (paused) DropDevice(context.Context, market.Actor, string) error { return errPaused }

func (paused) UploadMessagePhoto(context.Context, market.Actor, io.Reader) (market.PhotoView, error) {
	return market.PhotoView{}, errPaused
}
