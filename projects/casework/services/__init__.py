"""Services of casework, by subject."""
