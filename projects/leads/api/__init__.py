"""Tickets to and from other platforms."""
