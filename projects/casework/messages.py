"""Messages of casework."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "tasks.succeeded": "{former}的{count}项任务改由{name}办理",
    "meeting.kept": "登记{what}“{title}”，确定{tasks}项任务",
    "task.accepted": "核定{code}完成：{title}。{note}",
    "task.cancelled": "撤销{code}：{title}。{note}",
    "task.extended": "{code}延期：{title}。{note}",
    "task.finished": "{code}报完成：{title}。{note}",
    "task.reported": "{code}报送进展：{title}。{note}",
    "task.returned": "退回{code}：{title}。{note}",
    "lift.declined": "堵点{number}不适用{policy}",
    "policy.changed": "修改政策草稿{policy}，可解除{types}",
    "policy.drafted": "起草政策{policy}，可解除{types}",
    "policy.ended": "{on}废止政策{policy}，{dropped}条适用建议随之撤回",
    "policy.proposed": "对新登记的{blockers}个堵点提出政策{policy}的适用建议",
    "policy.issued": "{on}发布政策{policy}，向{projects}个项目的{blockers}个堵点提出适用建议",
    "ball.handed": "{on}将堵点{number}由{from}移交{to}，办理时限{limit}个工作日",
    "ball.returned": "{on}将堵点{number}由{from}退回{to}，历时{lost}个工作日",
    "clock.paused": "堵点{number}{on}起暂停计时",
    "clock.resumed": "堵点{number}{on}起恢复计时，由{to}继续办理，剩余{limit}个工作日",
    "whistle.answered": "{organisation}答复{code}{late}：{answer}",
    "whistle.blown": "吹哨{code}，堵点{number}：请{organisations}于{meet_at}到{place}报到",
    "whistle.closed": "{code}办结：{note}",
    "whistle.reported": "{organisation}到{code}报到{late}",
    "whistle.returned": "{code}退回{organisation}的答复，第{round}轮，历时{lost}个工作日",
    "holiday.kept": "放假安排：{on}{name}{kind}（{notice}）{moved}",
    "leverage.counted": "计算优先化解次序：截至{on}，{projects}个项目的{blockers}个堵点",
}

INBOX = (
    InboxKind("whistle_call", ("报到", "答复", "重新答复"), ("whistle.reported", "whistle.answered")),
    InboxKind("task", ("办理", "核定", "重办"), ("task.finished", "task.accepted", "task.returned", "task.cancelled")),
)
