"""The rules of the field in pure Python: no framework, no clock, no input or output."""
