// Package chaos lets a real site fail under load and has a program of its own judge what is left.
//
// The judge is scripts/chaos/check: it reads the store itself and the clients' journal of acknowledgements, and shares no
// code with the program that it judges. The faults and the load are the tests of this package:
//
//	go test ./scripts/chaos               a small sample: two of each fault (HAGGLE_CHAOS=n: about n of each)
//	HAGGLE_SEED=n go test ./scripts/chaos the same moments again
//	HAGGLE_CHAOS_ONLY=mongod              only faults of a farm whose names contain it
//	make chaos                            all of it; its result is RESULT.md
package chaos
