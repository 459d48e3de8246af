"""Messages of months and of schedules, and what schedules lay on desks."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "month.counted": "计算{month}月报，{projects}个项目",
    "month.drafted": "{month}提请结账，截至{cut_off}",
    "bulletin.issued": "出具{month}{kind}{number}",
    "bulletin.instructed": "{number}有{leader}的批示",
    "month.signed": "{month}{unit}{kind}",
    "month.restated": "{month}重述为第{version}版，由{proposer}提请",
    "month.closed": "{month}结账，截至{cut_off}，由{proposer}提请",
    "schedule.added": "设置定期报表“{title}”",
    "schedule.asked": "要求现在生成定期报表“{title}”",
    "schedule.changed": "修改定期报表“{title}”",
    "schedule.paused": "暂停定期报表“{title}”",
    "schedule.ran": "定期报表“{title}”{outcome}",
    "schedule.resumed": "启用定期报表“{title}”，以启用人的权限生成",
    "schedule.taken": "取阅定期报表“{title}”",
}

INBOX = (InboxKind("reports_scheduledelivery", ("查看",), ("schedule.taken", "schedule.ran")),)
