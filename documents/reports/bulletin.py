"""What a month's bulletin says: sentences by rules, tables, what its charts draw. From the rows of the month alone.

A sentence says only what a table or a figure of the same paper prints; who comes first or last is said of ranked
districts alone. What is to be done next is written by a person, never made.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from documents.reports.changes import CHANGES
from documents.reports.entries import Entry
from documents.reports.outlook import course
from documents.reports.ranking import RANKING, ranking_words
from documents.reports.sheets import PROMISES
from documents.reports.summary import IN_THE_WAY, Numbers
from registry.kernel.bridge import Term
from registry.kernel.periods import Month
from registry.kernel.rates import format_rate, rate, rate_text, signed

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Table = dict[str, Any]
HEADS: Final = {"progress": "总体进展", "changes": "主要变化", "problems": "存在问题", "asks": "下步要求"}
RED_LIST: Final = 12
FOLLOWED: Final = 12


def drafted(rows: Rows, numbers: Numbers, *, place: str, on: date, ahead: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the three parts that rules write; `ahead` is the forecast, where a setting lets a bulletin tell it."""
    return {
        "progress": _progress(numbers, place, on),
        "changes": _changes(rows, numbers),
        "problems": _problems(rows, numbers, ahead),
    }


def _progress(numbers: Numbers, place: str, on: date) -> str:
    due, issued = numbers.of("due").closing, numbers.of("issued").closing
    cleared, registered = numbers.of("cleared_assessed").closing, numbers.of("registered").closing
    said = (
        f"截至{on.month}月{on.day}日，{place}在账项目{numbers.of('projects').closing:,}个，应办{due:,}套，"
        f"已打通{cleared:,}套（占已研判{rate_text(cleared, numbers.assessed)}），"
        f"已首登{registered:,}套（占应办{rate_text(registered, due)}），"
        f"已发证{issued:,}套（占应办{rate_text(issued, due)}）。本月发证{numbers.issued:,}套"
    )
    said += (
        f"，{numbers.workdays}个工作日日均{round(numbers.issued / numbers.workdays):,}套。"
        if numbers.workdays
        else "。"
    )
    task = numbers.task
    if not task.homes:
        return f"{said}本年发证{task.done:,}套。"
    done, due_share = rate(task.done, task.homes) or Decimal(0), rate(numbers.month.number, 12) or Decimal(0)
    gap = done - due_share
    pace = f"比序时进度{'慢' if gap < 0 else '快'}{abs(gap)}个百分点" if gap else "与序时进度一致"
    return f"{said}本年发证{task.done:,}套，完成年度任务{task.homes:,}套的{rate_text(task.done, task.homes)}，{pace}。"


def _changes(rows: Rows, numbers: Numbers) -> str:
    taken, closed = numbers.terms[Term.TAKEN_IN], -numbers.terms[Term.CLOSED]["projects"]
    left = numbers.of("remaining")
    moved = (
        f"比上月减{-left.change:,}套"
        if left.change < 0
        else f"比上月增{left.change:,}套"
        if left.change
        else "与上月相同"
    )
    said = [
        f"本月纳入项目{taken['projects']:,}个、住宅{taken['due']:,}套，销号项目{closed:,}个；剩余{left.closing:,}套，{moved}。"
    ]
    late, error = numbers.terms[Term.LATE]["issued"], numbers.terms[Term.ERROR]["issued"]
    if late or error:
        parts = [f"补记{_in_words(late)}", f"纠错{_in_words(error)}"]
        said.append(f"更正以前月份的发证：{'，'.join(parts)}。")
    if words := ranking_words(rows.get(RANKING.code, ())):
        said.append(words)
    return "".join(said)


def _in_words(number: int) -> str:
    """A correction in running text: in words, not with a sign."""
    return f"{'增' if number > 0 else '减'}{abs(number):,}套" if number else "0套"


def _problems(rows: Rows, numbers: Numbers, ahead: Mapping[str, Any] | None) -> str:
    said = []
    left = max(numbers.of("remaining").closing, 0)
    if (foremost := numbers.foremost) is not None:
        homes = numbers.rest[foremost]
        said.append(f"剩余中最多的是{IN_THE_WAY[foremost]}，{homes:,}套，占剩余{rate_text(homes, left)}")
    overdue = [row for row in rows.get(PROMISES.code, ()) if row["days_late"] > 0]
    if overdue:
        organs, longest = len({row["issuer"] for row in overdue}), max(row["days_late"] for row in overdue)
        said.append(f"承诺事项逾期{len(overdue):,}项，涉及{organs:,}个承诺单位，最长{longest:,}日")
    if ahead is not None and ahead["left"]:
        said.append(str(ahead["sentence"]).rstrip("。"))
    if not said:
        return "本月没有剩余住宅，没有逾期的承诺事项。"
    if len(said) == 1:
        return f"{said[0]}。"
    return "".join(f"{word}是{text}。" for word, text in zip("一二三", said, strict=False))


def tables_of(rows: Rows, month: Month) -> list[Table]:
    """Return the tables: districts, ranking, what the month changed, the red list of overdue promises."""
    ranked = [_ranking_table(rows)] if rows.get(RANKING.code) else []
    return [_district_table(rows, month), *ranked, _change_table(rows), _red_list(rows)]


def _columns(*columns: tuple[str, int]) -> list[dict[str, Any]]:
    first, *others = columns
    return [
        {"header": first[0], "width": first[1], "align": "left"},
        *({"header": header, "width": width, "align": "right"} for header, width in others),
    ]


def _table(title: str, unit: str, columns: list[dict[str, Any]], lines: list[list[str]], **more: Any) -> Table:
    return {"title": title, "unit": unit, "columns": columns, "rows": lines, "total": [], "note": "", **more}


def issued_by_month(entries: Sequence[Entry]) -> dict[str, int]:
    """Return what was issued in each month that is followed, as known at this close."""
    sums: Counter[str] = Counter()
    for entry in entries:
        for row in entry["revisions"]:
            sums[row["month"]] += row["known"][-1]
    return {name: sums[name] for name in sorted(sums)[-FOLLOWED:]}


def _district_table(rows: Rows, month: Month) -> Table:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in rows["projects"]:
        entries[entry["district_code"]].append(entry)
    late = Counter(row["district_code"] for row in rows.get(PROMISES.code, ()) if row["days_late"] > 0)
    tasks = {row["district_code"]: row["task_rate"] for row in rows.get(RANKING.code, ())}
    is_followed = Month.parse(rows["followed"][0]["from"]) <= month.previous

    def line(name: str, sums: Mapping[str, int], own: Sequence[Entry], task: str, overdue: int) -> list[str]:
        before = issued_by_month(own).get(str(month.previous), 0)
        return [
            name, f"{sums['due']:,}", rate_text(sums["cleared_assessed"], sums["due"] - sums["unassessed"]),
            rate_text(sums["registered"], sums["due"]), f"{sums['issued_month']:,}",
            signed(sums["issued_month"] - before) if is_followed else "—", f"{sums['issued']:,}",
            rate_text(sums["issued"], sums["due"]), task, f"{sums['remaining']:,}", f"{overdue:,}",
        ]  # fmt: skip

    names = ("due", "cleared_assessed", "unassessed", "registered", "issued_month", "issued", "remaining")
    lines, whole = [], dict.fromkeys(names, 0)
    for own in rows["totals"]:
        code = own["district_code"]
        sums = {name: own.get(name, 0) for name in names}
        whole = {name: whole[name] + sums[name] for name in names}
        share = tasks.get(code)
        lines.append(line(own["name"], sums, entries[code], format_rate(Decimal(share)) if share else "—", late[code]))
    columns = _columns(
        ("区", 2), ("应办", 1), ("打通率", 1), ("首登率", 1), ("本月发证", 1), ("较上月", 1), ("累计发证", 1), ("发证率", 1),
        ("任务完成", 1), ("剩余", 1), ("逾期承诺", 1),
    )  # fmt: skip
    total = line("合计", whole, rows["projects"], "—", sum(late.values()))
    return _table("各区进展", "套、%、项", columns, lines, total=total, note="打通率对已研判，首登率、发证率对应办。")


def _ranking_table(rows: Rows) -> Table:
    lines = [
        [
            row["unit"], row["band_label"], "—" if row["rank"] is None else str(row["rank"]), row["moved"],
            f"{row['issued_month']:,}", f"{row['issued_month'] + row['doable']:,}",
            *(format_rate(Decimal(row[name])) if row[name] else "—" for name in ("done_rate", "task_rate", "registered_rate")),
        ]
        for row in rows[RANKING.code]
    ]  # fmt: skip
    columns = _columns(
        ("区", 2), ("组别", 3), ("位次", 1), ("较上月", 1), ("本月发证", 1), ("本月可办", 1), ("办结率", 1), ("任务完成", 1),
        ("首登率", 1),
    )  # fmt: skip
    return _table(
        "排名",
        "套、%",
        columns,
        lines,
        note="可办办结率＝本月发证÷本月可办，在组内比较，同率同位次；可办不足最低套数的不排。",
    )


def _change_table(rows: Rows) -> Table:
    names = ("projects", "due", "issued", "remaining")
    lines, total = [], []
    for row in rows[CHANGES.code]:
        is_stock = row["code"] in (Term.OPENING.value, Term.CLOSING.value)
        cells = [row["term"], *(f"{row[name]:,}" if is_stock else signed(row[name]) for name in names)]
        if row["code"] == Term.CLOSING.value:
            total = cells
        else:
            lines.append(cells)
    columns = _columns(("项", 4), ("在账项目", 2), ("应办", 2), ("已发证", 2), ("剩余", 2))
    return _table("本月变动", "个、套", columns, lines, total=total)


def _red_list(rows: Rows) -> Table:
    """The promises that are overdue longest, by organ: never by a person's name."""
    overdue = [row for row in rows.get(PROMISES.code, ()) if row["days_late"] > 0]
    overdue.sort(key=lambda row: (-row["days_late"], row["code"], row["end_state"]))
    lines = [
        [row["name"], row["end_state"], row["issuer"], row["due_on"], f"{row['days_late']:,}"]
        for row in overdue[:RED_LIST]
    ]
    more = (
        f"共{len(overdue):,}项，列逾期最长的{len(lines)}项；全部见月报承诺事项台账。"
        if len(overdue) > len(lines)
        else ""
    )
    columns = _columns(("项目", 2), ("承诺事项", 4), ("承诺单位", 3), ("期限", 2), ("逾期（日）", 1))
    for column in columns[1:4]:
        column["align"] = "left"
    return _table("逾期承诺", "日", columns, lines, note=more or ("" if lines else "没有逾期的承诺事项。"))


def drawn_ahead(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the burn-down draws, as primitives; nothing where no forecast is told or no day was promised."""
    if row is None or row["target_on"] is None or not row["left_then"] or row["needed"] is None:
        return {"points": []}
    return {
        "points": [[day.isoformat(), left] for day, left in course(row)],
        "left_then": list(row["left_then"]),
        "ends": row["target_on"],
        "needed": math.ceil(Decimal(row["needed"])),
        "note": "黑为实际，红为推演，色带为八成可能，蓝虚线为如期所需",
    }
