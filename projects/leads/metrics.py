"""The figures of tickets, declared once: pages, exports and sheets take label and definition from here."""

from typing import Any, Final

from registry.kernel.figures import Figure

VERSION: Final = "2022-1"


def _hundredths(value: Any) -> int:
    return -1 if value is None else int(value * 100)


FIGURES: Final = (
    Figure("tickets", "工单", "件", "按首次派单时间归入统计期的工单，非本事项和已剔除的除外；重复来电各计一件", lambda row: row.tickets),
    Figure("demands", "诉求", "个", "同一来电号码反映同一项目的工单计一个诉求", lambda row: row.demands),
    Figure(
        "contact_rate", "按时联系率", "%", "系统记录按时联系诉求人的工单÷联系期限已到或已联系的工单；退回不重新计时",
        lambda row: _hundredths(row.contacted.value),
    ),
    Figure(
        "response_rate", "响应率（诉求人）", "%", "回访时诉求人认可已联系的工单÷有效回访的工单",
        lambda row: _hundredths(row.responded.value),
    ),
    Figure(
        "solved_rate", "解决率", "%", "最后一次有效回访答复已解决的工单÷有效回访的工单",
        lambda row: _hundredths(row.solved.value),
    ),
    Figure(
        "satisfied_rate", "满意率", "%", "最后一次有效回访答复满意（含按设置计入的基本满意）的工单÷有效回访的工单",
        lambda row: _hundredths(row.satisfied.value),
    ),
)  # fmt: skip
BY_CODE: Final = {figure.code: figure for figure in FIGURES}
