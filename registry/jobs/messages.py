"""Messages of the jobs' events."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "demo.moved": "拨动演示时钟：{step}",
    "job.failed": "告知任务失败：{label}",
    "job.seen": "看过失败的任务：{label}",
}

INBOX = (InboxKind("jobs_job", ("查看",), ("job.seen",)),)
