"""Sentences of the progress of units."""

SENTENCES = {
    "unit.corrected": "更正{unit}：由「{frm}」改回「{to}」，{proposer}提请",
    "units.advanced": "{track}：{count}户办到「{stage}」（{on}），退回{refused}户",
    "units.placed": "{source}：新增{added}户，变更{changed}户，相同{unchanged}户，退回{refused}户",
    "units.standing_changed": "{count}户改为「{standing}」（{why}），自{on}起",
}
