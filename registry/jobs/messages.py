"""Messages of the jobs' events."""

EVENT_MESSAGES = {
    "demo.moved": "拨动演示时钟：{step}",
    "job.failed": "告知任务失败：{label}",
    "job.seen": "看过失败的任务：{label}",
}
