"""doctor and serve."""
