"""Selectors of casework, by subject."""
