"""City-wide commands of the registry."""
