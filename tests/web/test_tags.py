"""Tags of pages: one spelling of dates, numbers, shares, stages and marks."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from registry.kernel.stages import STAGES, Track
from registry.web.templatetags import registry_tags as tags
from registry.web.unit_marks import MARKS


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0"), (7899, "7,899"), (-12, "−12"), (None, "—"), ("", "—"), ("约76", "约76")]
)
def test_number_has_thousands_and_a_true_minus(value: object, expected: str) -> None:
    assert tags.number(value) == expected


def test_number_replaces_the_grouping_of_the_locale() -> None:
    assert Template("{% load registry_tags %}{{ n|intcomma }}").render(Context({"n": 187899})) == "187,899"


@pytest.mark.parametrize(("value", "expected"), [(7899, "+7,899"), (-3, "−3"), (0, "—"), (None, "—")])
def test_signed_shows_a_change_or_a_dash(value: int | None, expected: str) -> None:
    assert tags.signed(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(Decimal("88.6"), "88.60"), (11150, "11,150.00"), (None, "—")])
def test_two_has_two_decimals(value: object, expected: str) -> None:
    assert tags.two_decimals(value) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("done", "whole", "expected"),
    [(413, 7899, "5.23%"), (7899, 7899, "100.00%"), (789899, 789900, "99.99%"), (0, 0, "—")],
)
def test_percent_never_rounds_up_to_the_whole(done: int, whole: int, expected: str) -> None:
    assert tags.percent(done, whole) == expected


def test_dates_are_spelled_for_tables_and_sentences() -> None:
    day = date(2022, 3, 8)

    assert tags.day(day) == "2022-03-08"
    assert tags.short_day(day, 2022) == "03-08"
    assert tags.short_day(day, 2023) == "2022-03-08"
    assert tags.long_day(day) == "2022年3月8日"
    assert {tags.day(None), tags.short_day(None), tags.long_day(None), tags.moment(None)} == {"—"}


def test_moment_is_in_beijing_time() -> None:
    assert tags.moment(datetime(2022, 3, 8, 16, 30, tzinfo=UTC)) == "2022-03-09 00:30"
    assert tags.day(datetime(2022, 3, 8, 16, 30, tzinfo=UTC)) == "2022-03-09"


@pytest.mark.parametrize("code", sorted(MARKS))
def test_mark_is_one_character_with_its_wording(code: str) -> None:
    character, css, wording = MARKS[code]

    assert tags.mark(code) == f'<span class="mk mk-{css}" title="{wording}">{character}</span>'
    assert len(character) == 1


def test_marks_differ_by_character_and_class() -> None:
    assert len({row[0] for row in MARKS.values()}) == len({row[1] for row in MARKS.values()}) == len(MARKS)


@pytest.mark.parametrize("track", list(Track))
def test_every_stage_has_a_pill_in_its_colour(track: Track) -> None:
    for stage in STAGES[track]:
        assert tags.stage_pill(stage.code, track.value) == f'<span class="pillst st-{stage.css}">{stage.label}</span>'


def test_a_track_that_does_not_concern_a_unit_says_so() -> None:
    assert tags.stage_pill("", "fund") == '<span class="pill">不适用</span>'


def test_stage_bar_begins_with_the_last_stage_and_says_its_counts() -> None:
    markup = tags.stage_bar({"issued": 413, "waiting": 2912}, "住宅")

    assert markup.index("f-issued") < markup.index("f-waiting")
    assert "住宅：已发证413，已缮证0" in markup


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("fault", "错"), ("blocked", "堵"), ("paused", "停"), ("standing", "缓"), ("missing", "→"), ("done", "✓")],
)
def test_reason_mark_tells_what_shuts_from_what_is_done(kind: str, expected: str) -> None:
    assert f">{expected}</span>" in tags.reason_mark(kind)


def test_beside_gives_cells_the_classes_of_their_columns() -> None:
    columns = [{"header": "项目"}, {"header": "应办", "kind": "int"}, {"header": "文号", "kind": "code", "css": "soft"}]
    cells = [{"text": "周庄"}, {"text": "7,899", "css": "late"}, SimpleNamespace(text="×政函", css="")]

    assert [css for _, css in tags.paired_with(cells, columns)] == ["", "n late", "nw soft"]


def test_import_equation_names_the_parts_of_the_whole() -> None:
    session = SimpleNamespace(rows_present=862, added=612, changed=37, unchanged=188, refused=21, skipped=4)
    words = tags.import_equation(session, "合计行 2", 56)

    assert words["whole"] == ("文件里的数据行", 862)
    assert sum(count for _, count, _ in words["parts"]) == 862
    assert words["parts"][3:] == [("退回", 21, "late"), ("跳过（合计行 2）", 4, "")]
    assert words["aside"] == ("台账现有、本表没有", 56)


@pytest.mark.parametrize(("absent", "is_said"), [(0, True), (None, False), ("", False)])
def test_import_equation_says_what_the_file_lacks_only_if_it_was_counted(absent: object, is_said: bool) -> None:
    assert (tags.import_equation(SimpleNamespace(rows_present=1), "", absent)["aside"] is not None) is is_said  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "expected"), [(1, "①"), ("2", "②"), (20, "⑳"), (21, "(21)"), ("", "")])
def test_circled_numbers_an_error(number: int | str, expected: str) -> None:
    assert tags.circled_number(number) == expected


def test_total_adds_counts_that_stand_beside_it() -> None:
    assert tags.total(47, 73) == "120"
