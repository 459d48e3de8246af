"""Messages of months."""

EVENT_MESSAGES = {
    "month.drafted": "{month}提请结账，截至{cut_off}",
    "month.closed": "{month}结账，截至{cut_off}，由{proposer}提请",
}
