"""The list of letters as filtered, and the ledger of promises: on the page and as a workbook."""

from datetime import date
from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from commitments.selectors.ledger import instruments_chosen, promise_lines
from tests.commitments.test_exposure import five  # noqa: F401  a fixture
from tests.commitments.test_pages import page
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, draft_letter, lay_blocker, on_day
from tests.web.html import tight


def test_a_line_says_what_is_promised_by_when_and_how_many_homes_rest_on_it(five: Estate) -> None:  # noqa: F811
    bring_to(five, five.homes[:4], "issued", date(2021, 9, 1))
    lines = list(promise_lines(five.cast.district.actor, {}, TODAY))

    assert [(line.ordinal, line.promise.ordinal, line.state, line.days_late) for line in lines] == [
        (1, 1, "逾期", 67), (2, 2, "逾期", 8), (3, 3, "未开始", 0), (4, 4, "未开始", 0), (5, 5, "未开始", 0),
    ]  # fmt: skip
    assert {(line.blockers, line.homes, line.issued) for line in lines} == {("P03-0001", 12, 4)}
    assert list(promise_lines(five.cast.strange_district.actor, {}, TODAY)) == []


def test_letters_are_narrowed_by_state_issuer_district_lateness_and_words(five: Estate) -> None:  # noqa: F811
    blocker = lay_blocker(five, "L05")
    with on_day(TODAY):
        draft = draft_letter(five, blocker)
    actor = five.cast.district.actor

    def found(**words: object) -> list[str]:
        return [one.code for one in instruments_chosen(actor, words, TODAY)]

    old = five.letter.code  # type: ignore[union-attr]
    assert found() == [draft.code, old]
    assert found(state="draft") == [draft.code]
    assert found(overdue="late") == [old]
    assert found(overdue="lapsed") == []
    lapsed = five.letter.clauses.get().lapses_on  # type: ignore[union-attr]
    assert lapsed is not None
    assert lapsed > TODAY
    assert [one.code for one in instruments_chosen(actor, {"overdue": "lapsed"}, lapsed)] == [old]
    assert found(issuer=str(five.cast.township.organisation.pk), q="18号") == [old]
    assert found(district="110108") == []


def test_the_ledger_is_a_workbook_with_its_filters_and_totals(five: Estate) -> None:  # noqa: F811
    bring_to(five, five.homes[:4], "issued", date(2021, 9, 1))
    client = sign_in(five.cast.district)
    response = client.get(reverse("exports:export_list", args=["promises"]), {"state": "performing"})
    sheet = load_workbook(BytesIO(b"".join(response) if response.streaming else response.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    heads = next(row for row in rows if "承诺事项" in row)
    lines = rows[rows.index(heads) + 1 :]
    first = dict(zip(heads, lines[0], strict=True))
    assert (first["文号"], first["所解堵点"], first["涉及住宅（套）"], first["已发证（套）"]) == (
        "×政函〔2021〕18号", "P03-0001", 12, 4,
    )  # fmt: skip
    assert str(first["原定期限"]).startswith("2021-12-31")
    assert any("状态：履行" in str(value) or "履行" in str(value) for row in rows[:3] for value in row)


def test_the_list_has_its_filters_and_the_way_to_export(five: Estate) -> None:  # noqa: F811
    shown = tight(page(five.cast.district, "instruments"))
    assert all(word in shown for word in ("导出承诺事项台账", "共1份", "有条款失效", "承诺兑现情况"))
    assert '<td class="n">5</td><td class="n"><b class="late">5</b></td>' in shown  # the page's clock is the true one
