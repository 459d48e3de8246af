"""Sentences of casework."""

SENTENCES = {
    "holiday.kept": "放假安排：{on}{name}{kind}（{notice}）",
}
