"""Writing the books."""
