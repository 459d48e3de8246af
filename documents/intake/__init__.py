"""Reading what people send: guarded, typed, every error of every row."""
