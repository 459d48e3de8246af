"""Sentences of casework."""

SENTENCES = {
    "holiday.kept": "放假安排：{on}{name}{kind}（{notice}）",
    "leverage.counted": "算先解哪个：截至{on}，{projects}个项目的{blockers}个堵点",
}
