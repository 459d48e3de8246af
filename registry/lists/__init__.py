"""Rows that come in and lists that go out: what a kind of list is, declared by the app that owns the rows."""
