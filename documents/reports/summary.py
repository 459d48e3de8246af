"""The head of a month's page: seven figures, one sentence made by rules, how 剩余 changed. From the month's rows alone.

Each word of the sentence has a rule over numbers that the page prints; what no rule gives is not said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from documents.reports.changes import BY_UNIT, CHANGES, STAGES
from projects.gates.metrics import BY_CODE
from registry.kernel.bridge import Term
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month
from registry.kernel.rates import rate, rate_text, signed

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
IN_THE_WAY: Final = {
    Rest.UNASSESSED: "尚未研判的项目",
    Rest.UNCLEARED: "楼栋环节未打通",
    Rest.UNREGISTERED: "已打通而未首次登记",
    Rest.PAUSED: "暂停受理",
    Rest.UNIT_BLOCKED: "户级堵点",
    Rest.DOABLE: "可办而未办结",
    Rest.HELD: "暂缓",
    Rest.CARRIED: "挂账",
}


@dataclass(frozen=True)
class Moved:
    """A figure at the last close and at the end of the month."""

    opening: int
    closing: int

    @property
    def change(self) -> int:
        """What the month and its corrections did to it."""
        return self.closing - self.opening


NOUGHT: Final = Moved(0, 0)


@dataclass(frozen=True)
class Task:
    """What is to be issued this year, what was, and since which month that is counted."""

    homes: int
    done: int
    since: Month


@dataclass(frozen=True)
class Numbers:
    """The numbers of a month, as its sheets print them."""

    month: Month
    figures: Mapping[str, Moved]
    terms: Mapping[Term, Mapping[str, int]]
    assessed: int
    workdays: int
    task: Task

    def of(self, name: str) -> Moved:
        """Return a figure by its code; an area where nothing is of it has nought."""
        return self.figures.get(name, NOUGHT)

    @property
    def issued(self) -> int:
        """本月发证."""
        return self.terms[Term.ISSUED]["issued"]

    @property
    def corrected(self) -> int:
        """What the corrections add to 已发证."""
        return self.terms[Term.LATE]["issued"] + self.terms[Term.ERROR]["issued"]

    @property
    def rest(self) -> dict[Rest, int]:
        """剩余 by class."""
        return {rest: self.of(rest.value).closing for rest in Rest}

    @property
    def foremost(self) -> Rest | None:
        """The class with the most homes; the first of several, none if nothing is left."""
        most = max(self.rest.values())
        return next(rest for rest, homes in self.rest.items() if homes == most) if most else None


def numbers_of(rows: Rows, *, month: Month, workdays: int, task: int) -> Numbers:
    """Read the numbers of a month from its sheets."""
    figures = {row["code"]: Moved(row["opening"], row["closing"]) for row in rows[STAGES.code]}
    terms = {Term(row["code"]): row for row in rows[CHANGES.code]}
    known = [entry["revisions"] for entry in rows["projects"]]
    done = sum(row["known"][-1] for rows in known for row in rows if row["month"].startswith(f"{month.year}-"))
    done += terms[Term.RETURNED]["issued"]
    since = max(Month.parse(rows["followed"][0]["from"]), Month(month.year, 1), month.plus(-11))
    assessed = figures["due"].closing - sum(entry["figures"].get("unassessed", 0) for entry in rows["projects"])
    return Numbers(month, figures, terms, assessed, workdays, Task(task, done, since))


def _change(moved: Moved, more: str = "") -> str:
    return f"较上月 {signed(moved.change)}{more}"


def figures(numbers: Numbers, links: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the seven figures in their order, each with its share or equation and its change; stocks first."""
    due, issued, left = numbers.of("due"), numbers.of("issued"), numbers.of("remaining")
    daily = f"{numbers.workdays}个工作日，日均{round(numbers.issued / numbers.workdays)}套" if numbers.workdays else ""
    corrected = f"（其中更正 {signed(numbers.corrected)}）" if numbers.corrected else ""
    rest = " ＋ ".join(f"{kind.label} {homes:,}" for kind, homes in numbers.rest.items() if homes)
    involved, excluded = numbers.of("involved").closing, numbers.of("excluded").closing
    shown = (
        ("due", "应办", due.closing, (f"涉及 {involved:,} － 核减 {excluded:,}", _change(due))),
        ("cleared_assessed", "已打通", *_share(numbers, "cleared_assessed", numbers.assessed, "已研判")),
        ("registered", "已首登", *_share(numbers, "registered", due.closing, "应办")),
        ("issued", "已发证", issued.closing,
         (f"{rate_text(issued.closing, due.closing)} 对应办", _change(issued, corrected))),
        ("issued_month", "本月发证", numbers.issued, (daily,)),
        _yearly(numbers),
        ("remaining", "剩余", left.closing, (rest, _change(left))),
    )  # fmt: skip
    return [
        {
            "label": label,
            "value": value if isinstance(value, str) else f"{value:,}",
            "url": links.get(code, ""),
            "notes": [note for note in notes if note],
        }
        for code, label, value, notes in shown
    ]


def _share(numbers: Numbers, code: str, whole: int, of: str) -> tuple[int, tuple[str, str]]:
    moved = numbers.of(code)
    return moved.closing, (f"{rate_text(moved.closing, whole)} 对{of}", _change(moved))


def _yearly(numbers: Numbers) -> tuple[str, str, int | str, tuple[str, ...]]:
    task = numbers.task
    since = "" if task.since.number == 1 and task.since.year == numbers.month.year else f"自{task.since.number}月起计"
    if not task.homes:
        return "year", "本年发证", task.done, (since, "未定年度任务")
    pace = _pace(numbers)
    behind = f"{'慢' if pace < 0 else '快'}{abs(pace)}个百分点" if pace else "与序时一致"
    notes = (f"{task.done:,} / {task.homes:,}套", f"序时 {_due_share(numbers.month)}%，{behind}", since)
    return "year", "年度任务完成率", rate_text(task.done, task.homes), notes


def _due_share(month: Month) -> Decimal:
    share = rate(month.number, 12)
    return share if share is not None else Decimal(0)


def _pace(numbers: Numbers) -> Decimal:
    """By how many percentage points the year's task is ahead, or behind (negative)."""
    done = rate(numbers.task.done, numbers.task.homes)
    return (done or Decimal(0)) - _due_share(numbers.month)


@dataclass(frozen=True)
class Sentence:
    """What the figures say: the verdict, the rest, and a tone for its block."""

    verdict: str
    rest: str
    tone: str


def sentence(numbers: Numbers) -> Sentence:
    """Say how the month went, by four rules in a fixed order; nothing that a number of the page would contradict."""
    verdict = []
    if numbers.task.homes and (pace := _pace(numbers)):
        verdict.append(f"{'慢' if pace < 0 else '快'}于序时进度{abs(pace)}个百分点")
    if (foremost := numbers.foremost) is not None:
        homes = numbers.rest[foremost]
        verdict.append(f"剩余{numbers.of('remaining').closing:,}套，最多的是{IN_THE_WAY[foremost]}，{homes:,}套")
    else:
        verdict.append("已全部办结，没有剩余")
    late = bool(numbers.task.homes) and _pace(numbers) < 0
    rises = numbers.of("remaining").change > 0
    tone = "bad" if late and rises else "warn" if late or rises else "good" if numbers.foremost is None else ""
    return Sentence(f"{'，'.join(verdict)}。", _stock(numbers), tone)


def _stock(numbers: Numbers) -> str:
    issued, change = numbers.issued, numbers.of("remaining").change
    other = issued + change  # what all else did to 剩余: taken in, excluded, corrected
    said = f"本月发证{issued:,}套"
    if change > 0:
        return f"{said}，其他变动使剩余增加{other:,}套，剩余反增{change:,}套。"
    if change == 0:
        return f"{said}，剩余与上月相同。" if issued else "本月没有发证，剩余与上月相同。"
    if other > 0:
        return f"{said}，其他变动又增加{other:,}套，剩余只减{-change:,}套。"
    return (
        f"{said}，剩余减{-change:,}套。" if other == 0 else f"{said}，其他变动再减{-other:,}套，剩余减{-change:,}套。"
    )


def waterfall_steps(rows: Rows) -> list[tuple[str, int, str]]:
    """Return how 剩余 changed, step by step: label, change, and whether it is a correction (fix), up or down."""
    changes = {Term(row["code"]): row["remaining"] for row in rows[CHANGES.code]}
    steps = []
    for name, label, terms in BY_UNIT:
        if name not in ("opening", "closing"):
            change = sum(changes[term] for term in terms)
            kind = "fix" if name in ("late", "error") else "up" if change > 0 else "down"
            steps.append((label, change, kind))
    return steps


def cover_rows(numbers: Numbers) -> list[dict[str, Any]]:
    """Return what the first sheet states: the figures of the head as numbers, then 剩余 class by class."""
    due, issued = numbers.of("due"), numbers.of("issued")
    task = numbers.task
    rows: list[dict[str, Any]] = [
        _line("应办", due, None, f"涉及{numbers.of('involved').closing:,}，核减{numbers.of('excluded').closing:,}"),
        _line("已打通", numbers.of("cleared_assessed"), numbers.assessed, "对已研判"),
        _line("已首登", numbers.of("registered"), due.closing, "对应办"),
        _line("已登簿", numbers.of("recorded"), due.closing, "对应办"),
        _line("已发证", issued, due.closing, f"对应办；较上月含更正{signed(numbers.corrected)}"),
        {"label": "本月发证", "number": numbers.issued, "share": None, "change": None,
         "note": f"{numbers.workdays}个工作日"},
        {"label": "年度任务", "number": task.homes or None, "share": rate(task.done, task.homes) if task.homes else None,
         "change": None, "note": f"本年发证{task.done:,}套，序时{_due_share(numbers.month)}%"},
        _line("剩余", numbers.of("remaining"), due.closing, "对应办"),
    ]  # fmt: skip
    left = numbers.of("remaining").closing
    return [*rows, *(_line(f"　其中：{kind.label}", numbers.of(kind.value), left, "对剩余") for kind in Rest)]


def _line(label: str, moved: Moved, whole: int | None, note: str) -> dict[str, Any]:
    share = rate(moved.closing, whole) if whole is not None and whole > 0 else None
    return {"label": label, "number": moved.closing, "share": share, "change": moved.change, "note": note}


def rest_rows(numbers: Numbers) -> list[dict[str, Any]]:
    """Return 剩余 by class, each with its definition and its change: no class is what the others leave over."""
    left = max(numbers.of("remaining").closing, 0)
    return [
        {
            "code": kind.value,
            "label": kind.label,
            "homes": numbers.rest[kind],
            "share": rate_text(numbers.rest[kind], left),
            "change": signed(numbers.of(kind.value).change),
            "meaning": BY_CODE[kind.value].definition,
        }
        for kind in Rest
    ]
