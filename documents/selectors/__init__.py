"""Reading imports and exports."""
