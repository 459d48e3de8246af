"""Views of casework, by subject."""
