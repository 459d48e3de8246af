"""Messages of the gates' events."""

EVENT_MESSAGES = {
    "blocker.described": "更正堵点{number} {title}的{what}",
    "blocker.raised": "登记堵点{number} {title}，涉及{units}户，其中过错{at_fault}户",
    "blocker.resolved": "解决堵点{number} {title}（{resolution}）",
    "blocker.withdrawn": "撤销误登的堵点{number} {title}",
    "blocker.reopened": "{number} {title}自{on}起重新列为未解决，涉及{units}户，列入关注{watched}户",
    "blocker.rescoped": "{how}堵点{number} {title}的范围，自{on}起涉及{units}户，列入关注{watched}户",
    "condition.checked": "核查{number}的条件“{condition}”已满足，凭{document}，{on}",
    "blocker_type.kept": "变更堵点类型{code} {label}",
    "figures.counted": "{projects}个项目的数是按口径{rules}算的",
    "figures.recounted": "按口径{rules}重算{projects}个项目的数",
    "gate_plan.stated": "{housing_type}自{on}起须办{count}个环节",
    "pause.decided": "{organ}决定自{starts}起暂停受理，涉及{units}户",
    "pause.ended": "{organ}自{ends}起恢复受理",
    "steps.recorded": "依据{document}登记“{gate}”{status}：{buildings}栋{part}，办结{passing}户，未列入{left_out}户",
    "steps.revoked": "撤销{document}，{count}个环节自{on}起不再有效",
}
