"""Messages of months."""

EVENT_MESSAGES = {
    "month.counted": "计算{month}月报，{projects}个项目",
    "month.drafted": "{month}提请结账，截至{cut_off}",
    "bulletin.issued": "出具{month}{kind}{number}",
    "bulletin.instructed": "{number}有{leader}的批示",
    "month.signed": "{month}{unit}{kind}",
    "month.restated": "{month}重述为第{version}版，由{proposer}提请",
    "month.closed": "{month}结账，截至{cut_off}，由{proposer}提请",
}
