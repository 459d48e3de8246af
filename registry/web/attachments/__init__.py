"""Scans and photos that prove what the books say: sealed, hashed, seen by those who see the row they hang on."""
