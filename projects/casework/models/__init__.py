"""Models of casework, by subject."""
