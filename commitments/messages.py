"""Messages of instruments and obligations."""

from typing import Final

from registry.kernel.inbox import InboxKind
from registry.kernel.ladder import Rung

EVENT_MESSAGES = {
    "project.succeeded": "自{on}起由{name}承接{former}的工作（{kind}）：结束授权{cut}人，改由其整改{promises}项{manifest}",
    "clause.lapsed": "自{on}起，{number}条款{ordinal}逾期失效：未办环节停止办理，已办结、已受理、已发证的不受影响",
    "clause.returned": "{number}条款{ordinal}恢复效力，自{on}起",
    "clause.freed": "{number}条款{ordinal}所依承诺事项均已核验，不再设失效日期",
    "clause.projected": "{number}条款{ordinal}：承诺如不兑现，自{on}起失效",
    "countersign.answered": "{organisation}会签{title}：{answer}",
    "countersign.opened": "{title}送{organisations}会签，{due}前答复",
    "credit.waived": "{title}：{kind}，经{leader}特别批准签署",
    "exposure.counted": "统计承诺兑现情况：截至{on}，{letters}份承诺函，凭未兑现承诺已发证{homes}套",
    "exposure_cap.set": "{organisation}凭未兑现承诺发证上限自{on}起：{homes}",
    "instrument.changed": "修改{kind}草稿：{title}",
    "instrument.drafted": "起草{kind}：{title}",
    "instrument.effective": "{kind}{number}生效：打通住宅{cleared}套，商业、配套等{others}间",
    "instrument.returned": "退回{kind}：{title}",
    "instrument.revoked": "撤销{kind}{number}，自{on}起",
    "instrument.signed": "签署{kind}{number}{silent}",
    "instrument.superseded": "{number}由{by}替代，自{on}起",
    "instrument.withdrawn": "作废{kind}草稿：{title}",
    "ladder.laid": "{number}的督促和检查列入待办：{what}",
    "ladder_rule.decided": "{district}自{on}起：逐级督促的工作日{days}",
    "lapse_rule.decided": "{district}自{on}起：承诺逾期宽限{grace}日，失效后暂停受理：{pauses}，须先会签：{countersigns}",
    "letter.breached": "认定{number}违约，自{on}起：未办的环节停办",
    "letter.closed": "{number}销号，解决堵点{blockers}",
    "letter.closing_requested": "{number}申请销号：{note}",
    "letter.closing_returned": "退回{number}的销号申请",
    "letter.closing_verified": "核验{number}的销号申请：{evidence}",
    "letter.cured": "{number}已改正，恢复履行",
    "obligation.extended": "承诺第{ordinal}项延期：{old}改为{new}",
    "obligation.inspected": "现场检查承诺第{ordinal}项，{finding}：{text}",
    "obligation.pressed": "就承诺第{ordinal}项对{to}{rung}，{number}",
    "obligation.reopened": "承诺第{ordinal}项自{on}起重新列入整改：{text}",
    "obligation.refused": "核验承诺第{ordinal}项，不通过，退回整改：{text}",
    "obligation.reported": "报送承诺第{ordinal}项进展：{text}",
    "obligation.verified": "核验承诺第{ordinal}项：{text}",
}

ENDED: Final = ("instrument.revoked", "instrument.superseded")
RUNGS: Final = tuple(rung.label for rung in Rung)
INBOX = (
    InboxKind(
        "commitments_instrument",
        ("确认生效", "核验销号", "销号", "补正后再申请销号"),
        (
            "instrument.effective",
            "instrument.returned",
            "letter.closing_requested",
            "letter.closing_verified",
            "letter.closing_returned",
            "letter.closed",
            "letter.breached",
            *ENDED,
        ),
    ),
    InboxKind(
        "commitments_instrument:countersigned",
        ("签署或修改",),
        ("instrument.signed", "instrument.returned", "countersign.answered"),
    ),
    InboxKind(
        "commitments_countersign", ("会签",), ("countersign.answered", "instrument.signed", "instrument.returned")
    ),
    InboxKind(
        "commitments_obligation",
        ("核验承诺",),
        ("obligation.verified", "obligation.refused", "obligation.reported", *ENDED),
    ),
    InboxKind(
        "commitments_pressed",
        (*(f"答复{label}" for label in RUNGS), "约谈", "重新整改"),
        ("obligation.reported", "obligation.pressed", "ladder.laid", *ENDED),
    ),
    InboxKind("commitments_inspection", ("现场检查",), ("obligation.inspected", "ladder.laid", *ENDED)),
    InboxKind(
        "commitments_ladderstep",
        RUNGS,
        ("obligation.pressed", "obligation.verified", "obligation.extended", "ladder.laid", *ENDED),
    ),
)
