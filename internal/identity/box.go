package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// boxVersion begins every sealed text.
const boxVersion = "1."

// ErrBox says that a sealed text was not made by this box for this place, or was changed.
var ErrBox = errors.New("identity: the sealed text does not open")

// Box seals small values that we keep or hand out and must read back ourselves: AES-256-GCM with a random nonce.
type Box struct{ aead cipher.AEAD }

// Box gives the site's box for one purpose. Sealed for another purpose, a text does not open.
func (s Secret) Box(purpose string) Box {
	block, err := aes.NewCipher(s.Derive("haggle box 1 "+purpose, 32))
	if err != nil {
		panic(err) // the key's length is right
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES fits GCM
	}
	return Box{aead}
}

// Seal encrypts plain, bound to place (an account's id, a field's name): moved to another place it does not open. The
// text is URL-safe.
func (b Box) Seal(plain []byte, place string) string {
	return boxVersion + token64.EncodeToString(b.aead.Seal(nil, nil, plain, []byte(place)))
}

// Open decrypts what Seal made for the same place; else ErrBox.
func (b Box) Open(sealed, place string) ([]byte, error) {
	if len(sealed) < len(boxVersion) || sealed[:len(boxVersion)] != boxVersion {
		return nil, ErrBox
	}
	raw, err := token64.DecodeString(sealed[len(boxVersion):])
	if err != nil {
		return nil, ErrBox
	}
	plain, err := b.aead.Open(nil, nil, raw, []byte(place))
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}
