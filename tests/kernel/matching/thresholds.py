"""What the matcher is held to (issue of the leads); laid down before it was written, and never loosened for it."""

AUTO_PRECISION = 0.995  # accepted without a person: right
AUTO_RECALL = 0.75  # of the tickets that a careful human could tell: accepted without a person
TOP_ONE = 0.98  # of the same: the first candidate is right; what blocking misses counts as missed
NOBODY_ACCEPTED = 0  # tickets that nobody could tell
TWINS_WRONG = 0  # accepted for the twin
NONE_RIGHT = 0.97  # tickets of estates that the ledger does not know: no candidate is named
OTHER_OUT = 0.99  # other matters of a known estate: kept out
QUOTES_FOLLOWED = 0.99  # tickets that only quote an earlier number
UNIT_RIGHT = 0.98  # building and room, of what was accepted and states them
B_CUBED = 0.90  # F1 of the clusters of unknown estates

FLOORS = {
    "precision": AUTO_PRECISION, "recall": AUTO_RECALL, "top one": TOP_ONE, "none right": NONE_RIGHT,
    "other out": OTHER_OUT,
}  # fmt: skip
