"""The books: projects, buildings, units, holders; moves and tallies; what everyone reads."""
