"""Lists out of the registry: what is seen, no more, masked, stamped, recorded."""

import io
from datetime import date
from urllib.parse import unquote

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from projects.ledger.models import Unit
from registry.audit.models import Act
from registry.kernel.errors import NotFound
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import bring_to, lay_strange_estate
from tests.factories.trials import last_act


def take(player, name: str, **words: str):
    return sign_in(player).get(reverse("exports:export_list", args=[name]), words)


def sheet(answer) -> list[tuple]:
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def table(answer) -> list[dict]:
    """The rows under the heads, without the sums and notes."""
    rows = sheet(answer)
    at = next(n for n, row in enumerate(rows) if row[1] is not None and row[0] in ("编号", "楼栋"))
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :] if row[1] is not None and row[0] != "合计"]


def test_the_list_of_projects_has_the_figures_of_its_page(story):
    (row,) = table(take(story.cast.district, "projects"))

    assert (row["编号"], row["项目"], row["应办（住宅）"], row["已打通"], row["商业、配套等"]) == (
        "CY-9001", "演示小区", 12, 12, 3,
    )  # fmt: skip


def test_the_file_is_named_by_its_filters_and_stamped_and_recorded(story):
    answer = take(story.cast.district, "units", project="CY-9001", use="dwelling", tax="unassessed")

    name = unquote(answer["Content-Disposition"].partition("''")[2])
    assert name.startswith("户清单_项目-演示小区_用途-住宅_契税-未核_")
    assert name.endswith(".xlsx")
    act = last_act()
    assert (act.event, act.facts["rows"], act.facts["filters"]) == (
        "list.exported", 12, "项目：演示小区，用途：住宅，契税：未核",
    )  # fmt: skip
    text = " ".join(str(cell) for row in sheet(answer)[:3] for cell in row if cell)
    assert f"编号DC{act.id}" in text
    assert story.cast.district.person.name in text


def test_units_are_those_of_the_page_and_people_stay_masked(story):
    bring_to(story, story.homes[:2], "collected", date(2021, 9, 1))

    rows = table(take(story.cast.district, "units", project="CY-9001", figure="collected"))

    assert [(row["户号"], row["办证"], row["权利人"]) for row in rows] == [
        ("201", "已收材料", "演*丙"), ("301", "已收材料", Unit.objects.get(pk=story.homes[1]).holders_masked),
    ]  # fmt: skip


def test_a_text_that_looks_like_a_formula_stays_text(story):
    with fixture_writes():
        Unit.objects.filter(pk=story.homes[0]).update(remark="=HYPERLINK(1)", room="0201")

    rows = table(take(story.cast.district, "units", project="CY-9001"))

    assert [row["户号"] for row in rows].count("0201") == 1
    assert [row["备注"] for row in rows if row["备注"]] == ["=HYPERLINK(1)"]
    book = load_workbook(io.BytesIO(take(story.cast.district, "units", project="CY-9001").content))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"}
    assert kinds == {"s"} or kinds == {"inlineStr"}


def test_blockers_are_exported_by_state(story):
    rows = table(take(story.cast.district, "blockers", state="open"))

    assert [row["编号"] for row in rows] == [story.blocker.number]
    assert table(take(story.cast.district, "blockers", state="resolved")) == []


@pytest.mark.parametrize(
    ("player", "name", "words", "status"),
    [
        ("strange_district", "units", {"project": "CY-9001"}, 404),
        ("system_admin", "units", {"project": "CY-9001"}, 403),
        ("system_admin", "projects", {}, 403),
        ("district", "secrets", {}, 404),
        ("district", "units", {}, 404),
        ("district", "units", {"project": "CY-9001", "figure": "best"}, 404),
    ],
)
def test_nobody_takes_what_the_page_would_not_show(story, player, name, words, status):
    before = Act.objects.count()

    assert take(getattr(story.cast, player), name, **words).status_code == status
    assert Act.objects.count() == before


def test_words_that_are_no_filters_are_no_fault(story):
    answer = take(story.cast.district, "units", project="CY-9001", use="castle", tax="never", standing="x")

    assert (answer.status_code, table(answer)) == (200, [])


def test_a_stranger_takes_its_own_projects_only(story):
    other = lay_strange_estate(story.cast)

    assert [row["编号"] for row in table(take(story.cast.strange_district, "projects"))] == [other.project.code]
    assert len(table(take(story.cast.city, "projects"))) == 2


def test_an_unknown_list_is_not_written(story):
    from documents.exports.services.workbooks import export_list

    with pytest.raises(KeyError):
        export_list(actor=story.cast.district.actor, name="secrets", words={}, on=date(2022, 3, 8))
    with pytest.raises(NotFound):
        export_list(
            actor=story.cast.strange_district.actor, name="units", words={"project": "CY-9001"}, on=date(2022, 3, 8)
        )
