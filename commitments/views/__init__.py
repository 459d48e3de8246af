"""Pages of letters and decisions: drafted, previewed, countersigned, signed, approved, kept, ended."""
