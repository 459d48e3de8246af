"""The architecture page as tests."""
