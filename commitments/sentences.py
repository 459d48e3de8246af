"""Sentences of instruments and obligations."""

SENTENCES = {
    "clause.lapsed": "{number}条款{ordinal}逾期失效，自{on}起：未办的环节停办，已办、已受理、已发证的不动",
    "clause.returned": "{number}条款{ordinal}恢复效力，自{on}起",
    "instrument.drafted": "起草{kind}：{title}",
    "instrument.effective": "{kind}{number}生效：打通住宅{cleared}套，其他{others}户",
    "instrument.returned": "退回{kind}：{title}",
    "instrument.revoked": "撤销{kind}{number}，自{on}起",
    "instrument.signed": "签署{kind}{number}",
    "instrument.withdrawn": "作废{kind}草稿：{title}",
    "lapse_rule.decided": "{district}自{on}起：承诺逾期宽限{grace}天，失效后暂停受理：{pauses}",
    "letter.closed": "{number}销号，解决堵点{blockers}",
    "obligation.extended": "承诺第{ordinal}项展期：{old}改为{new}",
    "obligation.reported": "报承诺第{ordinal}项：{text}",
    "obligation.verified": "核验承诺第{ordinal}项：{text}",
}
