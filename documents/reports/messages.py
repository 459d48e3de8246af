"""Sentences of months."""

SENTENCES = {
    "month.closed": "{month}结账，截至{cut_off}",
}
