// Package acceptance tries the market from outside: the built binary as a child process, over HTTP, in a browser, and
// under SIGKILL. Nothing here reaches into a package of the market; what it knows is the promised API.
//
// Most tests need two functions: [start], which runs a market of its own, and [market.person], who can act in it.
package acceptance
