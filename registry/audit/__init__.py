"""Append-only record of every act."""
