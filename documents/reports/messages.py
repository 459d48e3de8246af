"""Messages of months."""

EVENT_MESSAGES = {
    "month.closed": "{month}结账，截至{cut_off}",
}
