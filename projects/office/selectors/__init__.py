"""Reading what the office keeps."""
