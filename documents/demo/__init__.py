"""The demo: three projects of the story, loaded by the real services and the real importer."""
