"""What must always hold of what the office keeps."""

from projects.office.invariants.custody import INVARIANTS_OF_CUSTODY

INVARIANTS = (*INVARIANTS_OF_CUSTODY,)
