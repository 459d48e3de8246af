"""Screens of the accounts: sign-in, people, organisations, approvals."""
