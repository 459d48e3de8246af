"""Reading months, imports and exports."""
