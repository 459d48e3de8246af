"""Jobs: long work with a lease, a checkpoint and a face."""
