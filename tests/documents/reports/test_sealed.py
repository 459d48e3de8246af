"""What is sealed says what it said: no act after a closing or an issue changes a figure, a cell or a byte of it."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commitments.models import Instrument
from commitments.selectors import effects
from commitments.services import revoke_instrument
from documents.papers.models import Paper
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.services import read_pdf
from documents.reference.services import TABLES, Line, propose_reference, row_mark
from documents.reports.models import MonthClose
from documents.reports.selectors import reports
from documents.reports.selectors.months import preview_month
from documents.reports.selectors.reports import month_view
from documents.reports.services import close_month, rows_hash
from documents.reports.workbook import monthly_workbook
from projects.gates.models import Blocker, BlockerType
from projects.gates.selectors import reporting
from projects.gates.services import raise_blocker, resolve_blocker, withdraw_blocker
from projects.gates.services.recount import recount_figures
from projects.gates.services.reference import TYPE_FIELDS
from projects.ledger.choices import AliasKind, ApplicantKind, DeveloperCondition
from projects.ledger.models import Project
from projects.ledger.models.project import NoteKind
from projects.ledger.services.buildings import keep_building
from projects.ledger.services.particulars import add_alias, name_applicant, set_developer
from projects.ledger.services.projects import add_note, change_project, take_in_project
from projects.office.models import ChecklistItem
from projects.office.services.checklists import FIELDS
from projects.progress.services import change_standing, place_units
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.accounts.services import change_organisation
from registry.accounts.services.approvals import approve
from registry.kernel.periods import Month
from registry.kernel.scope import EVERYTHING, NOTHING
from registry.kernel.stages import Standing
from registry.store.second import FirstPerson
from tests.documents.papers.test_powers import letter, notice
from tests.factories.books import faults_in_the_books
from tests.factories.projects import (
    TODAY,
    Estate,
    bring_into_force,
    draft_letter,
    home,
    moment,
    move,
    on_day,
    project_words,
)  # fmt: skip

FEBRUARY = Month.parse("2022-02")
READERS = ("city", "auditor", "district", "township", "department", "centre")


def cells(estate: Estate, by: str) -> dict[str, list[tuple[Any, ...]]]:
    view = month_view(getattr(estate.cast, by).actor, FEBRUARY, now=moment(TODAY, 20))
    content = monthly_workbook(month=view.month, cut_off_on=view.cut_off_on, rows=view.rows, stamp=view.stamp)
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def raised(estate: Estate, code: str, on: date) -> Blocker:
    """Raise a blocker now that was there on a day of the closed month."""
    blocker: Blocker = raise_blocker(
        actor=estate.cast.district.actor, project=estate.project, type=BlockerType.objects.get(code=code), title="",
        scope=EVERYTHING, at_fault=NOTHING, found_on=on,
    )  # fmt: skip
    return blocker


def lay_twin(estate: Estate) -> None:
    """A project of two buildings that is reported apart, assessed by a blocker of its own, and is the same estate."""
    words = project_words(estate.cast, code="CY-9006", name="邻里小区", taken_in_on=date(2022, 1, 5))
    district = estate.cast.district.actor
    twin = take_in_project(actor=district, **words)
    rows = [home("5", "1", 2, 300), home("6", "1", 2, 301), home("6", "1", 3, 302)]
    place_units(actor=district, project=twin, rows=rows, placed_on=date(2022, 1, 20), source="清册")
    raised(replace(estate, project=twin), "F01", date(2022, 2, 2))
    add_note(
        actor=district, project=twin, kind=NoteKind.PROGRESS, text="正在核对消防资料。", noted_on=date(2022, 2, 21)
    )


@pytest.fixture
def sealed(promised: Estate, settings: Any, tmp_path: Path) -> Estate:
    """A month closed and two papers issued."""
    settings.FILES_DIR = tmp_path
    with on_day(date(2022, 3, 2)):
        add_note(
            actor=promised.cast.district.actor, project=promised.project, kind=NoteKind.PROGRESS, text="已恢复2间。",
            noted_on=date(2022, 2, 20),
        )  # fmt: skip
        raised(promised, "A03", date(2022, 2, 1))
        lay_twin(promised)
    notice(promised)
    letter(promised)
    with on_day(TODAY):
        close_month(actor=promised.cast.city.actor, month=FEBRUARY, first=FirstPerson.of(promised.cast.auditor.person))
    return promised


def said(estate: Estate) -> dict[str, Any]:
    """What the month and the papers say, to each reader."""
    close = MonthClose.objects.get()
    papers = Paper.objects.order_by("id")[:2]
    return {
        "rows": close.rows,
        "hashes": (close.rows_hash, close.chain_hash, rows_hash(close.rows)),
        "papers": [(paper.snapshot_hash, snapshot_of(paper), read_pdf(paper)) for paper in papers],
        **{f"workbook of {by}": cells(estate, by) for by in READERS},
    }


def rename(estate: Estate) -> None:
    changes = {
        "name": "改名小区", "officer": "新责任人", "target_on": date(2023, 1, 1), "housing_type": "commercial",
        "primary_issue": "F01", "status": "issuing", "leader": "新领导", "location": "新坐落",
    }  # fmt: skip
    change_project(
        actor=estate.cast.district.actor, project=estate.project, changes=changes, effective_on=date(2022, 2, 15)
    )


def name_developer(estate: Estate) -> None:
    set_developer(
        actor=estate.cast.district.actor, project=estate.project, name="新开发公司",
        condition=DeveloperCondition.REVOKED,
    )  # fmt: skip


def add_buildings(estate: Estate) -> None:
    rows = [home("3", "1", floor, 100 + floor) for floor in (2, 3)]
    place_units(
        actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=date(2022, 2, 10), source="补录"
    )
    keep_building(actor=estate.cast.district.actor, project=estate.project, number="7", words={})


def hold_and_exclude(estate: Estate) -> None:
    district, second = estate.cast.district.actor, estate.cast.district_second.person
    change_standing(
        actor=district, project=estate.project, unit_ids=estate.homes[-1:], standing=Standing.HELD,
        reason="unreachable", evidence="三次电话未果", on=date(2022, 2, 20), review_on=date(2022, 9, 1),
    )  # fmt: skip
    change_standing(
        actor=district, project=estate.project, unit_ids=estate.homes[-2:-1], standing=Standing.EXCLUDED,
        reason="duplicate", evidence="重复", on=date(2022, 2, 20), first=FirstPerson.of(second),
    )  # fmt: skip


def agree_reference(estate: Estate, table: str, values: dict[str, Any]) -> None:
    """Propose a line, compared with the row that stands, and agree to it."""
    natural = {name: values[name] for name in TABLES[table].natural}
    stands = TABLES[table].model.objects.filter(**natural).order_by("pk").first()
    line = Line(table, values, [("内容", "", "改")], is_new=stands is None, stood=row_mark(stands))
    approval = propose_reference(actor=estate.cast.system_admin.actor, table=table, lines=[line], source="手工")
    approve(actor=estate.cast.city.actor, approval=approval)


def change_reference(estate: Estate) -> None:
    row = BlockerType.objects.filter(code="P03").values(*TYPE_FIELDS).get()
    plan = {"housing_type": "resettlement", "gates": ["land_supply", "fire"], "effective_on": "2022-01-01"}
    for table, values in (("blocker_types", {**row, "label": "改过的名称"}), ("gate_plans", plan)):
        agree_reference(estate, table, values)


def rename_organisations(estate: Estate) -> None:
    for by in ("township", "district", "department", "developer"):
        organisation = getattr(estate.cast, by).organisation
        change_organisation(
            actor=estate.cast.system_admin.actor, organisation=organisation, name=f"改名{organisation.name}",
            short_name="改名", document_prefix="改", parent=organisation.parent,
        )  # fmt: skip


def end_organisations(estate: Estate) -> None:
    for by in ("department", "developer"):
        organisation = getattr(estate.cast, by).organisation
        change_organisation(
            actor=estate.cast.system_admin.actor, organisation=organisation, name=organisation.name,
            short_name=organisation.short_name, document_prefix="", parent=None, is_active=False,
        )  # fmt: skip


def hand_over(estate: Estate) -> None:
    """Another applies in the developer's place, under the name of who succeeded it."""
    name_applicant(
        actor=estate.cast.district.actor, project=estate.project, kind=ApplicantKind.SUCCESSOR, name="某某代建公司",
        credit_code="", basis="×政函〔2022〕3号", effective_on=date(2022, 2, 1),
    )  # fmt: skip
    add_alias(
        actor=estate.cast.district.actor, project=estate.project, kind=AliasKind.MARKETING, text="另一个名字",
    )  # fmt: skip


def change_calendar_and_checklists(estate: Estate) -> None:
    paper = ChecklistItem.objects.filter(applies_to="resettlement").values(*FIELDS)[0]
    day = {"day": "2022-02-22", "kind": "holiday", "name": "演示", "year": 2022, "notice": "演示〔2022〕1号"}
    for table, values in (("checklists", {**paper, "note": "改过", "effective_on": "2022-02-01"}), ("holidays", day)):
        agree_reference(estate, table, values)


def block_and_resolve(estate: Estate) -> None:
    blocker = raised(estate, "F01", date(2022, 2, 1))
    resolve_blocker(actor=estate.cast.district.actor, blocker=blocker, resolved_on=date(2022, 3, 9), resolution="×1号")


def withdraw_what_was_counted(estate: Estate) -> None:
    blocker = Blocker.objects.get(project=estate.project, type__code="A03")
    withdraw_blocker(actor=estate.cast.district.actor, blocker=blocker, reason="登记错了项目")


def promise_anew(estate: Estate) -> None:
    blocker = raised(estate, "P03", date(2022, 2, 1))
    bring_into_force(estate, draft_letter(estate, blocker), date(2022, 3, 9), "×政函〔2022〕19号")


def advance(estate: Estate) -> None:
    move(estate, estate.homes[:2], "collected", date(2022, 3, 9))


def take_in_and_merge(estate: Estate) -> None:
    words = project_words(estate.cast, code="CY-9005", name="后来补报", taken_in_on=date(2022, 1, 5))
    twin = take_in_project(actor=estate.cast.district.actor, **words)
    place_units(
        actor=estate.cast.district.actor, project=twin, rows=[home("9", "1", 2, 200)], placed_on=date(2022, 2, 1),
        source="清册",
    )  # fmt: skip
    merge_projects(
        actor=estate.cast.district.actor, project=estate.project, absorbed=twin, on=date(2022, 3, 9), reason="同一项目"
    )


def merge_what_was_reported(estate: Estate) -> None:
    twin = Project.objects.get(code="CY-9006")
    merge_projects(
        actor=estate.cast.district.actor, project=estate.project, absorbed=twin, on=date(2022, 2, 25), reason="同一小区"
    )


def split_what_was_reported(estate: Estate) -> None:
    split_project(
        actor=estate.cast.district.actor, project=estate.project, building_ids=[estate.buildings[1].pk],
        code="CY-9007", name="演示小区二期", on=date(2022, 2, 26), reason="分两期",
    )  # fmt: skip


def count_anew(estate: Estate) -> None:
    recount_figures(actor=estate.cast.auditor.actor)


ACTS: tuple[Callable[[Estate], None], ...] = (
    advance, name_developer, add_buildings, hold_and_exclude, block_and_resolve, promise_anew,
    withdraw_what_was_counted, take_in_and_merge, change_reference, change_calendar_and_checklists, rename_organisations, hand_over, rename,
    merge_what_was_reported, split_what_was_reported, end_organisations, count_anew,
)  # fmt: skip


def later(estate: Estate, *acts: Callable[[Estate], None]) -> None:
    for n, act in enumerate(acts):
        with on_day(date(2022, 3, 9), 10 + n // 4):
            act(estate)


def test_no_later_act_changes_what_a_closed_month_and_a_paper_say(sealed: Estate) -> None:
    before = said(sealed)

    later(sealed, *ACTS)

    assert [part for part, value in said(sealed).items() if value != before[part]] == []
    assert faults_in_the_books() == []


def test_the_control_what_is_read_as_it_stands_now_is_seen(sealed: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    before, close = said(sealed), MonthClose.objects.get()
    later(sealed, withdraw_what_was_counted, name_developer, add_buildings, rename)

    line, _ = preview_month(month=FEBRUARY, known_at=close.known_at).rows["ledger"]
    frozen, _ = close.rows["ledger"]
    assert {name for name in frozen if line[name] != frozen[name]} == set(), "what was withdrawn since stood then"
    assert [text for text in faults_in_the_books() if text.startswith("I11")] == [], (
        "buildings are counted as they were known"
    )

    monkeypatch.setattr(reports, "_own", lambda _, month, *__: (preview_month(month=month).rows, 0))
    monkeypatch.setattr(reporting, "values_then", lambda *_, **__: {})
    own = [f"workbook of {by}" for by in READERS if by not in ("city", "auditor")]
    assert [part for part, value in said(sealed).items() if value != before[part]] == own
    assert [text for text in faults_in_the_books() if text.startswith("I11")] != []


def letters_named(known_at: datetime) -> list[str]:
    return [line["letters"] for line in preview_month(month=FEBRUARY, known_at=known_at).rows["ledger"]]


def test_a_letter_ended_later_was_named_by_the_month(sealed: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Revoked in March from a day in February: the closed month named it, and counted again it names it still."""
    close, number = MonthClose.objects.get(), Instrument.objects.get(project=sealed.project).number
    with on_day(date(2022, 3, 9)):
        revoke_instrument(
            actor=sealed.cast.district.actor, instrument=Instrument.objects.get(number=number), on=date(2022, 2, 1),
            reason="不再履行", first=FirstPerson.of(sealed.cast.district_second.person),
        )  # fmt: skip

    assert letters_named(close.known_at) == [number, ""]
    assert letters_named(moment(date(2022, 3, 10))) == ["", ""]
    assert [text for text in faults_in_the_books() if text.startswith("I11")] == []

    monkeypatch.setattr(effects, "values_then", lambda *_, **__: {})
    assert letters_named(close.known_at) == ["", ""]
    assert [text for text in faults_in_the_books() if text.startswith("I11")] != []


def test_what_merges_and_splits_moved_since_is_told_where_it_stood(sealed: Estate) -> None:
    """February as it was known: two projects, each with its homes, its blocker, its note; in March there is one."""
    close = MonthClose.objects.get()
    later(sealed, merge_what_was_reported)

    again = preview_month(month=FEBRUARY, known_at=close.known_at).rows["ledger"]
    words = ("code", "due", "buildings", "progress", "unassessed_projects", "issues")
    told = [tuple(line.get(word) for word in words) for line in again]
    assert told == [tuple(line.get(word) for word in words) for line in close.rows["ledger"]]
    assert [(line["code"], line["due"], line["buildings"]) for line in again] == [
        (sealed.project.code, 12, 2), ("CY-9006", 3, 2),
    ]  # fmt: skip
    march = preview_month(month=FEBRUARY.next, known_at=moment(date(2022, 3, 31), 20)).rows
    [line] = march["ledger"]
    assert (line["due"], line["buildings"], line["issued_month"]) == (15, 4, 0)
    assert [row["issued_corrected"] for row in march["totals"]] == [0]
