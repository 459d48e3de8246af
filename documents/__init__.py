"""Everything that leaves or enters the registry as a file: papers, sheets, imports."""
