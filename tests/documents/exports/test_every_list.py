"""Every list over hostile texts, opened cell by cell: no formula, identifiers are text, dates are dates, stamped."""

import io
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import load_workbook

from documents.exports import sources
from documents.exports.models import ExportFile
from documents.exports.services import workbooks
from documents.render.xlsx import Sheet, write_workbook
from documents.render.xlsx_stream import write_stream
from projects.gates.models import Blocker
from projects.ledger.models import Building, Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.ledger.unit_details import detail_columns
from projects.progress.services import advance_units
from registry.accounts.models import Person
from registry.jobs.worker import Worker
from registry.kernel.columns import Column
from registry.kernel.stages import Track
from registry.lists.exports import EXPORTS, ExportList
from registry.store.guard import fixture_writes
from tests.factories import laid as states
from tests.factories.accounts import Cast, sign_in
from tests.factories.lists import lay_judgement, lay_rows, lay_shared_rows, overwrite_texts
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    lay_story,
    lay_strange_estate,
    on_day,
    project_words,
)
from tests.factories.trials import last_act

PAYLOADS = (  # trust.md 3.2 T3, ASVS 1.2.10; the database of PostgreSQL keeps no NUL, the writer meets it below
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")", "_x000D_=1", "-2+3+cmd|' /C calc'!A0", "＝1+1", "@x", "=",
)  # fmt: skip
OF_PROJECT = {"project": "CY-9001"}
WORDS: dict[str, dict[str, str]] = {
    **dict.fromkeys(
        (
            "units",
            "residuals",
            "unexplained",
            "bulk",
            "watched",
            "basis",
            "project_leverage",
            "history",
            "imports",
            "custody",
            "payments",
        ),
        OF_PROJECT,
    ),
    "acts": OF_PROJECT,
    "ticket_rates": {"month": "2022-03", "by": "project"},
    "building": {**OF_PROJECT, "building": "1"},
    "names": {**OF_PROJECT, "building": "1"},
    "proposals": {"policy": "ZC-own"},
    "effect": {"policy": "ZC-own"},
    "batch_lines": {"batch": "PC-own"},
    "manifest_lines": {"manifest": "YJ-own"},
    "sample": {"sample": "CC202202-own"},
}
MARK = "外区独有"
WITHOUT_WORDS = frozenset(
    {"lapse_rules", "building", "exports", "history", "acts", "bulk", "developers", "months"}
)  # sentences of our own
CITY_WIDE = frozenset({"lapse_rules", "months", "policies"})  # what is the city's is shown to every district alike


@pytest.fixture
def laid(cast: Cast) -> Estate:
    """The story and, in the other district, an estate with the same rows; every text of the own one is hostile."""
    story: Estate = states.laid("a row of every list", lay_every_list, cast)
    return story


def lay_every_list(cast: Cast) -> Estate:
    story = lay_story(cast)
    other = lay_strange_estate(cast)
    lay_rows(story, story.cast.district, "own")
    lay_rows(other, story.cast.strange_district, "far")
    with on_day(TODAY):
        advance_units(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:2], track=Track.CERTIFICATE,
            to="collected", occurred_on=TODAY, evidence="",
        )  # fmt: skip
    twin = lay_twin(story)
    lay_judgement(story.project, twin)
    lay_shared_rows()
    return story


def lay_twin(story: Estate) -> Project:
    """A project that looks like the story's, and is judged not to be it; and one that is not judged."""
    with on_day(PLACED):
        for code in ("CY-9002", "CY-9003"):
            take_in_project(actor=story.cast.district.actor, **project_words(story.cast, code=code))
    twin: Project = Project.objects.get(code="CY-9002")
    return twin


def hostile() -> None:
    overwrite_texts(lambda at: PAYLOADS[at % len(PAYLOADS)])
    with fixture_writes():  # still alike
        Project.objects.filter(code__in=("CY-9001", "CY-9003")).update(name="=1+1")


def take(client: Any, name: str) -> HttpResponse:
    answer: HttpResponse = client.get(reverse("exports:export_list", args=[name]), WORDS.get(name, {}))
    return answer


def cells_of(content: bytes, columns: tuple[Column, ...]) -> tuple[list[Any], list[list[Any]]]:
    """All cells, and those of the rows under the heads."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows()]
    heads = [column.header for column in columns]
    at = next(n for n, row in enumerate(rows) if [cell.value for cell in row[: len(heads)]] == heads)
    body = []
    for row in rows[at + 1 :]:
        if row[0].value == "合计" or all(cell.value is None for cell in row):
            break
        body.append(row)
    return [cell for row in rows for cell in row], body


def assert_safe(content: bytes, columns: tuple[Column, ...]) -> list[list[Any]]:
    every, body = cells_of(content, columns)
    assert [cell.coordinate for cell in every if cell.data_type == "f"] == []
    for row in body:
        for cell, column in zip(row, columns, strict=False):
            if cell.value is None:
                continue
            if column.kind == "date":
                assert isinstance(cell.value, datetime | date), (column.name, cell.value)
                assert cell.number_format.startswith("yyyy-mm-dd")
            elif column.is_number:
                assert isinstance(cell.value, int | float), (column.name, cell.value)
            else:
                assert (cell.data_type, cell.number_format) == ("s", "@"), (column.name, cell.value)
                assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r")) or cell.quotePrefix
    return body


def looks_hostile(body: list[list[Any]]) -> bool:
    return any(str(cell.value).startswith(PAYLOADS) for row in body for cell in row)


def test_every_list_is_safe_over_hostile_texts(laid: Estate) -> None:
    district, second = sign_in(laid.cast.district), sign_in(laid.cast.district_second)
    district.post("/documents/exports/", {"use": ""})
    hostile()

    for name in EXPORTS:
        answer = take(second if name == "approvals" else district, name)  # nobody decides what is his own
        assert answer.status_code == 200, (name, answer.content.decode()[:400])
        body = assert_safe(answer.content, EXPORTS[name].columns)
        assert body, f"{name}: a list that is never filled proves nothing"
        assert looks_hostile(body) or name in WITHOUT_WORDS, name


def test_texts_that_are_hostile_reach_the_cells_unharmed_and_as_text(laid: Estate) -> None:
    """The control: what is found safe above is really there."""
    hostile()

    every, _ = cells_of(take(sign_in(laid.cast.district), "units").content, EXPORTS["units"].columns)

    assert {"=", "+", "-", "@"} <= {str(cell.value)[0] for cell in every if cell.value}


def test_every_list_says_who_took_it_when_under_which_number_and_by_what_filters(laid: Estate) -> None:
    client, player = sign_in(laid.cast.district), laid.cast.district
    for name, spec in EXPORTS.items():
        answer = take(client, name)

        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        top = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row if cell.value)
        assert f"{player.organisation} {player.person.name} 20" in top, name
        number = f"编号DC{last_act().id}"
        assert number in top, name
        assert number in sheet.oddHeader.center.text, name
        file = unquote(answer["Content-Disposition"].partition("''")[2])
        assert file.startswith(spec.title), name
        assert last_act().facts["list"] == name
        if "project" in WORDS.get(name, {}):
            assert "项目-演示小区" in file or "项目-CY-9001" in file, name


def test_no_list_holds_a_row_from_outside_its_takers_reach(laid: Estate) -> None:
    """Beside the control: for who may see both districts the mark stands in the same lists."""
    with_mark(Project.objects.get(code="HD-9001"))
    district, city = sign_in(laid.cast.district), sign_in(laid.cast.city)

    leaked, seen = [], set()
    for name in sorted({*EXPORTS} - CITY_WIDE):
        for client, found in ((district, leaked.append), (city, seen.add)):
            answer = take(client, name)
            if answer.status_code == 200 and has_mark(answer.content):
                found(name)

    assert leaked == []
    assert {
        "projects",
        "blockers",
        "progress",
        "tax",
        "fund",
        "leverage",
        "whistles",
        "tasks",
        "papers",
        "people",
    } <= seen


def has_mark(content: bytes) -> bool:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return any(mark in str(cell.value) for row in sheet.iter_rows() for cell in row for mark in (MARK, "HD-9001"))


def with_mark(far: Project) -> None:
    """Mark everything that hangs on the other project."""
    overwrite_texts(
        lambda at: f"{MARK}{at}",
        {
            Project: {"pk": far.pk},
            Unit: {"building__project": far},
            Building: {"project": far},
            Blocker: {"project": far},
            Person: {"organisation__area_code__startswith": far.district_code},
        },
    )


def test_a_long_list_is_made_by_a_job_with_the_same_cells(
    laid: Estate, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    """The bound is lowered: whatever list may grow long, the job writes what the page would have given at once."""
    settings.FILES_DIR = tmp_path
    district, second = sign_in(laid.cast.district), sign_in(laid.cast.district_second)
    hostile()
    monkeypatch.setattr(sources, "PORTION", 3)
    for name in sorted({*EXPORTS} - {"exports", "jobs", "acts"}):  # asking adds a row to these
        client = second if name == "approvals" else district
        _, at_once = cells_of(take(client, name).content, EXPORTS[name].columns)
        with monkeypatch.context() as lower:
            lower.setattr(workbooks, "LONG", 0)
            asked = take(client, name)
        Worker("w").run(once=True)

        export = ExportFile.objects.latest("id")
        assert asked.status_code == 302, (name, at_once)
        assert (export.name, export.state, export.rows) == (name, "ready", len(at_once))
        fetched = client.get(f"/documents/exports/files/{export.pk}/")
        content = b"".join(fetched.streaming_content)
        body = assert_safe(content, EXPORTS[name].columns)
        assert [[cell.value for cell in row] for row in body] == [[cell.value for cell in row] for row in at_once], name
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        assert f"编号{export.number}" in sheet.oddHeader.center.text
        assert unquote(fetched["Content-Disposition"].partition("''")[2]).startswith(EXPORTS[name].title)


@pytest.mark.parametrize("payload", [*PAYLOADS, "\0=1", "\x0b=1"])
def test_every_text_column_of_every_list_writes_a_payload_as_text(payload: str) -> None:
    """Without a database: each column of each list and of the takeout, in both writers."""
    every = [column for spec in EXPORTS.values() for column in spec.columns] + [*detail_columns(with_people=True)]
    texts = [Column(f"c{n}", column.header, kind="code") for n, column in enumerate(every) if not column.is_number]
    for content in (written_at_once(texts, payload), written_as_stream(texts, payload)):
        cells = [cell for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert sum(str(cell.value).endswith("1") or cell.value == "=" for cell in cells) >= (
            len(texts) if payload[-1] == "1" else 0
        )


def written_at_once(columns: list[Column], payload: str) -> bytes:
    return write_workbook([Sheet("表", columns, [{column.name: payload for column in columns}])])


def written_as_stream(columns: list[Column], payload: str) -> bytes:
    out = io.BytesIO()
    write_stream(out, Sheet("表", columns, ()), [tuple(payload for _ in columns)])
    return out.getvalue()


def test_every_list_has_a_page_that_offers_it() -> None:
    """A list nobody can reach is no list; a link to none is a fault."""
    found: set[str] = set()
    for path in Path("templates").rglob("*.html"):
        found |= set(re.findall(r'_components/export.html" with list="(\w+)"', path.read_text()))
    assert found | {"tax", "fund"} == set(EXPORTS)  # track_list.html names the track


def test_a_list_is_declared_whole() -> None:
    for name, spec in EXPORTS.items():
        assert isinstance(spec, ExportList)
        assert len(name) <= 20, "the name fits the column of exports"
        assert len({column.name for column in spec.columns}) == len(spec.columns), name
        assert 1 <= spec.frozen < len(spec.columns), name
