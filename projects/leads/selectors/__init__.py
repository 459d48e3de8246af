"""Selectors of the leads."""
