"""Messages of papers."""

EVENT_MESSAGES = {
    "paper.issued": "出具{kind}{number}",
    "paper.opened": "打开{kind}{number}",
    "paper.voided": "作废{kind}{number}",
}
