"""Event messages of the leads. None names a caller."""

EVENT_MESSAGES = {
    "ticket.received": "登记工单{number}（{source}）{matter}",
    "ticket.matched": "{by}认定工单{number}反映{place}",
    "ticket.unmatched": "{by}取消工单{number}的项目认定",
    "ticket.kept_out": "认定工单{number}为非本事项",
    "ticket.taken_up": "改认定工单{number}为本事项，待派单",
}
