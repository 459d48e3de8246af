"""Hotline leads: tickets of 12345 and visits, matched to projects, handled, called back, counted."""
