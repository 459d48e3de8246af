"""What is done to units: place, advance, hold, correct; each posts to the ledger and refreshes readiness."""
