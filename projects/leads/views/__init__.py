"""Pages of the leads."""
