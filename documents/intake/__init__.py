"""What comes in as files: read, tried beside the ledger, staged, carried out, taken back."""
