"""Screens of the accounts: the door, people, organisations, approvals."""
