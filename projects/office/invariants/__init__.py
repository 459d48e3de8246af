"""What must always hold of what the office keeps."""

from projects.office.invariants.counter import INVARIANTS_OF_COUNTER

INVARIANTS = (*INVARIANTS_OF_COUNTER,)
