"""Pages of papers and imports."""
