"""Reading gates."""
