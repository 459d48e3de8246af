"""Bulletins: what one would say of a month, those issued, and what leaders wrote on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from documents.reports.bulletin import HEADS, drafted, drawn_ahead, issued_by_month, tables_of
from documents.reports.changes import EVERYTHING
from documents.reports.choices import TELLS_FORECAST
from documents.reports.models import Bulletin, BulletinInstruction
from documents.reports.selectors.days import SHOWN, two_days
from documents.reports.selectors.numbers import month_numbers
from documents.reports.selectors.outlooks import headline
from documents.reports.selectors.reports import MonthView
from documents.reports.sheets import PROMISES
from documents.reports.summary import sentence
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.tasks import RUNNING
from registry.accounts.selectors.settings import setting_on
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.kernel.periods import DAY, Month
from registry.kernel.rates import rate_text, signed
from registry.store.clock import SHANGHAI
from registry.store.scoping import CITY

ISSUERS: Final = frozenset({Role.CITY, Role.DISTRICT})
WEEK: Final = timedelta(days=7)
TOLD: Final = {
    "due": "应办", "cleared_assessed": "已打通", "registered": "已首登", "issued": "已发证", "remaining": "剩余",
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What rules make of a month for a bulletin: the parts in words, and everything else that it prints."""

    texts: Mapping[str, str]
    words: Mapping[str, Any]


def bulletin_draft(view: MonthView) -> Draft:
    """Return what a bulletin of a closed month would say to its reader. Some six queries."""
    numbers = month_numbers(view, EVERYTHING)
    rows = {**view.rows, PROMISES.code: view.sheet(PROMISES) if PROMISES in view.parts else []}
    row = headline(view.rows, month=view.month, known_at=view.known_at, is_closed=view.is_closed)
    ahead = row if setting_on(TELLS_FORECAST, on=view.cut_off_on) else None
    place = place_of(view)
    return Draft(
        drafted(rows, numbers, place=place, on=view.cut_off_on, ahead=ahead),
        {
            "place": place,
            "month": view.month.label,
            "tables": tables_of(rows, view.month),
            "months": _months(view),
            "ahead": drawn_ahead(ahead),
            "basis": f"数据截至{view.cut_off_on}24时，{view.stamp}，口径{view.version}。",
        },
    )


def with_texts(draft: Draft, texts: Mapping[str, str], *, report_to: str, send_to: str) -> dict[str, Any]:
    """Return the words of a bulletin with the parts as a person let them stand."""
    sections = [(HEADS[part], " ".join(texts[part].split())) for part in HEADS]
    return {**draft.words, "sections": sections, "report_to": report_to, "send_to": send_to}


def flash_words(actor: Actor, view: MonthView, *, on: date, lead: str) -> dict[str, Any]:
    """Return the words of a flash: the month as it runs, and what the last seven days did. Some twelve queries."""
    week = two_days(actor, on - WEEK, on)
    pairs = dict(zip(SHOWN, week.figures, strict=True))
    whole = pairs["due"].second
    figures = []
    for code, label in TOLD.items():
        pair = pairs[code]
        share = [] if code == "due" else [f"占应办{rate_text(pair.second, whole)}"]
        figures.append((label, pair.second, [*share, f"近7日{signed(pair.change)}"]))
    lines = [
        [name, f"{due.second:,}", f"{issued.second:,}", f"{left.second:,}", signed(issued.change)]
        for name, (due, issued, left) in week.districts
    ]
    headers = [
        ("区", 4, "left"),
        ("应办", 2, "right"),
        ("已发证", 2, "right"),
        ("剩余", 2, "right"),
        ("近7日发证", 2, "right"),
    ]
    table = {
        "title": "各区进展", "unit": "套", "rows": lines, "total": [], "note": "",
        "columns": [{"header": header, "width": width, "align": align} for header, width, align in headers],
    }  # fmt: skip
    return {
        "place": place_of(view), "as_of": f"{view.known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", "definition": view.version,
        "figures": figures, "lead": [line.strip() for line in lead.splitlines() if line.strip()], "tables": [table],
    }  # fmt: skip


def flash_lead(view: MonthView) -> str:
    """Return the sentence with which a flash begins. Two queries."""
    told = sentence(month_numbers(view, EVERYTHING))
    return f"{told.verdict}{told.rest}"


def place_of(view: MonthView) -> str:
    """Return what a bulletin of a reader is of: the whole city, or the one district that they see."""
    if view.reader is not None and view.reader.role in CITY:
        return "全市"
    names = [row["name"] for row in view.rows["totals"]]
    return names[0] if len(names) == 1 else "全区"


def _months(view: MonthView) -> list[tuple[str, int, str]]:
    """What was issued in each month that is followed, with its working days."""
    calendar = calendar_of()
    months = []
    for name, issued in issued_by_month(view.rows["projects"]).items():
        month = Month.parse(name)
        months.append((name[2:], issued, f"{calendar.workdays_between(month.first - DAY, month.last)}"))
    return months


def bulletins_for(actor: Actor) -> "QuerySet[Bulletin]":
    """Return the bulletins that an actor reads: the city all; others those of the city and of their district."""
    shown: QuerySet[Bulletin] = Bulletin.objects.select_related("organisation", "issued_by").annotate(
        written=Count("instructions", distinct=True),
        unanswered=Count("instructions", filter=Q(instructions__meeting__tasks__state__in=RUNNING), distinct=True),
    )
    if not (actor.is_system or actor.role in CITY):
        shown = shown.filter(organisation__area_code__in=("", actor.area_code[:6]))
    return shown.order_by("-id")


def bulletin_by_id(actor: Actor, pk: int) -> Bulletin:
    """Find a bulletin. One query."""
    bulletin = bulletins_for(actor).filter(pk=pk).first()
    if bulletin is None:
        raise NotFound("没有这期通报、快报，或不在您的范围内。")
    return bulletin


def instructions_on(bulletin: Bulletin) -> list[BulletinInstruction]:
    """List what leaders wrote on a bulletin, each with its tasks. Three queries."""
    rows = bulletin.instructions.select_related("meeting").prefetch_related("meeting__tasks__owner")
    return list(rows.order_by("id"))
