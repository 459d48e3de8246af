"""Bugs that somebody might make, each planted alone and looked for by the narrowest tests: `make mutants`."""
