"""Lists as people choose them: sorted, with the columns ticked, taken out as they are seen."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from commitments.views.instruments import COLUMNS as INSTRUMENT_COLUMNS
from documents.papers.views.papers import PAPER_COLUMNS
from projects.gates import views as gates
from projects.ledger import views as ledger
from projects.ledger.services.projects import take_in_project
from projects.progress.views.units import COLUMNS as UNIT_COLUMNS
from registry.lists.exports import EXPORTS
from tests.factories.accounts import sign_in
from tests.factories.projects import PLACED, Estate, lay_blocker, on_day, project_words


@pytest.fixture
def two(estate: Estate) -> Estate:
    with on_day(PLACED):
        take_in_project(actor=estate.cast.district.actor, **project_words(estate.cast, code="CY-9005", name="阿福里"))
    return estate


def taken_out(client, name: str, query: str) -> list[tuple[object, ...]]:
    """The rows of an exported list from its header on."""
    answer = client.get(f"{reverse('exports:export_list', args=[name])}?{query}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    start = next(at for at, row in enumerate(rows) if row[0] == EXPORTS[name].columns[0].header)
    return [tuple(cell for cell in row if cell is not None) for row in rows[start:]]


def headers(client, address: str) -> list[str]:
    page = client.get(address).context["page"]
    return [column.header for column in page.columns]


def test_projects_are_sorted_and_show_the_columns_chosen(two: Estate) -> None:
    client, address = sign_in(two.cast.district), reverse("ledger:projects")

    assert [row.code for row in client.get(address).context["page"].rows] == ["CY-9001", "CY-9005"]
    by_name = client.get(f"{address}?order=name").context["page"]
    assert [row.name for row in by_name.rows] == ["阿福里", "演示小区"]  # by pinyin: a, then y
    assert "责任人" not in headers(client, address)
    chosen = f"{address}?columns=officer&columns=due&order=name"
    assert headers(client, chosen) == ["责任人", "应办"]
    text = client.get(chosen).content.decode()
    assert text.count('name="columns" value="officer" checked') == 1
    assert '<th scope="col">房屋类型</th>' not in text
    assert '<option value="name" selected>项目，升序</option>' in text


def test_an_export_holds_the_columns_and_the_order_that_are_seen(two: Estate) -> None:
    client = sign_in(two.cast.district)
    page = client.get(f"{reverse('ledger:projects')}?columns=officer&columns=due&order=name").context["page"]
    assert page.first_query == "columns=officer&columns=due&order=name"

    found = taken_out(client, "projects", page.first_query)

    assert found[0] == ("编号", "项目", BY_DUE, "责任人")
    assert [row[0] for row in found[1:3]] == [row.code for row in page.rows]
    whole = taken_out(client, "projects", "")
    assert len(whole[0]) == len(EXPORTS["projects"].columns)


def test_blockers_are_sorted_and_show_the_columns_chosen(two: Estate) -> None:
    small = lay_blocker(two, "F01", on=PLACED)
    big = lay_blocker(two, "P03")
    client, address = sign_in(two.cast.district), reverse("gates:blockers")

    assert [row.number for row in client.get(f"{address}?order=number").context["rows"]] == [small.number, big.number]
    newest = client.get(f"{address}?order=newest&columns=found_on").context["page"]
    assert [row.number for row in newest.rows] == [big.number, small.number]
    assert [column.header for column in newest.columns] == ["发现"]
    found = taken_out(client, "blockers", newest.first_query)
    assert found[0] == ("编号", "事由", "项目", "发现")
    assert [row[0] for row in found[1:3]] == [big.number, small.number]


@pytest.mark.parametrize(
    ("columns", "name", "drawn"),
    [
        (ledger.COLUMNS, "projects", {"stages"}),
        (gates.BLOCKER_COLUMNS, "blockers", set()),
        (UNIT_COLUMNS, "units", set()),
        (INSTRUMENT_COLUMNS, "instruments", set()),
        (PAPER_COLUMNS, "papers", set()),
    ],
)
def test_every_column_of_a_page_is_known_to_its_export(columns, name: str, drawn: set[str]) -> None:
    assert {one.name for one in columns} - drawn <= {one.name for one in EXPORTS[name].columns}


def test_a_saved_filter_keeps_order_and_columns(two: Estate) -> None:
    client = sign_in(two.cast.district)
    client.post(
        reverse("web:save_filter"), {"page": "projects", "name": "责任表", "query": "columns=officer&order=name"}
    )

    [kept] = client.get(reverse("ledger:projects")).context["page"].saved
    assert (kept.name, kept.query) == ("责任表", "columns=officer&order=name")


BY_DUE = next(column.header for column in EXPORTS["projects"].columns if column.name == "due")
