"""Organisations, people, assignments, sign-in, approvals by a second person, each person's inbox."""
