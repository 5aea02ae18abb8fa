// Package identity holds what proves who somebody is: passwords, tokens, e-mail addresses, and the keys that haggle
// derives from its one secret.
//
// Nothing here knows accounts or a store. What is stored is never enough to sign in: a password as its argon2id hash, a
// token as its SHA-256.
//
// Most callers need [Hasher].Hash and Verify, [NewToken] and [HashToken], and [OpenSecret].
package identity
