"""Rows for tests: the fixed cast, and what they work on."""
