"""The ledger of legacy projects: small Django apps under one roof."""
