"""Reading papers, months and imports."""
