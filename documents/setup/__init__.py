"""A new installation: code lists; the demo (three projects of the story, by the real services); a generated city."""
