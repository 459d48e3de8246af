"""Reading months, closed and running."""
