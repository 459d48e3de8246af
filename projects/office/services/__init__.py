"""Acts of the office."""
