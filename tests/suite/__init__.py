"""The tests of what the tests stand on: `tests/factories/laid.py` and `tests/plugins/`."""
