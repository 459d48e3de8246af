"""Processes that die in the middle: nothing lost, nothing doubled."""
