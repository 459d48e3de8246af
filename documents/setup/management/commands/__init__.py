"""Code lists of a new installation, the demo, a generated city."""
