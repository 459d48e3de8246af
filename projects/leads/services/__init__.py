"""Services of the leads."""
