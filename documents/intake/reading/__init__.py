"""Files that are read: the guard, the process with limits, the parsers, typed rows. Knows no Django."""
