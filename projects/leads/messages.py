"""Event messages of the leads, none of which names a caller, and what the leads lay on desks."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "ticket.received": "登记工单{number}（{source}）{matter}",
    "ticket.matched": "{by}认定工单{number}反映{place}",
    "ticket.unmatched": "{by}取消工单{number}的项目认定",
    "ticket.unknown_project": "认定工单{number}反映的项目不在台账内",
    "ticket.kept_out": "认定工单{number}为非本事项",
    "ticket.dispatched": "派单：工单{number}由{lead}主办{assists}",
    "ticket.contacted": "{organisation}就工单{number}联系了诉求人",
    "ticket.returned": "{organisation}退回工单{number}，第{round}轮，历时{lost}个工作日",
    "ticket.answered": "{organisation}反馈工单{number}{late}",
    "ticket.called_back": "工单{number}{result}",
    "ticket.history_kept": "补记工单{number}的{what}",
    "ticket.excluded": "剔除工单{number}（{proposer}提请）",
    "ticket.opening_told": "就工单{number}告知诉求人楼栋可以办证：{result}",
    "tickets.proposed": "按现有名称重新计算{count}件工单的候选项目",
    "openings.laid": "告知名单送{project}所在街道、乡镇：{count}个诉求待告知",
    "ticket.restored": "恢复工单{number}的考核",
    "ticket.taken_up": "改认定工单{number}为本事项，待派单",
}

INBOX = (
    InboxKind("opening", ("告知",), ("ticket.opening_told",)),
    InboxKind(
        "ticket",
        ("派单", "办理", "重派", "回访"),
        (
            "ticket.dispatched",
            "ticket.returned",
            "ticket.answered",
            "ticket.called_back",
            "ticket.excluded",
            "ticket.kept_out",
            "ticket.history_kept",
        ),
    ),
)
