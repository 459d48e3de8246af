"""How rows are read and written at all."""
