"""Where the homes are: tiles in the ledger's order, small columns beside each unit, for page and reader."""

import re
from datetime import date
from decimal import Decimal

from documents.reports.changes import Scope
from documents.reports.selectors.months import preview_month
from documents.reports.views.places import place_tiles, sparks
from registry.kernel.periods import Month
from registry.web.charts import Tile, spark_chart, tile_chart
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, bring_to, lay_strange_estate

FEBRUARY = Month.parse("2022-02")


def test_tiles_have_five_tones_and_a_dashed_one_for_too_few() -> None:
    tiles = [Tile(f"区{n}", f"{n}%", Decimal(n)) for n in (0, 19, 20, 40, 60, 80, 100)]
    svg = tile_chart([*tiles, Tile("小区", "不足", None, "?district=1")], label="图")

    assert re.findall(r'class="q(\d)"', svg) == ["1", "1", "2", "3", "4", "5", "5", "0"]
    assert '<a href="?district=1">' in svg
    assert "区19" in svg.split("<desc>")[1].split("</desc>")[0]
    assert tile_chart([], label="图") == ""


def test_the_small_columns_say_their_numbers_and_mark_the_last() -> None:
    svg = spark_chart([*range(14)], label="近12个月发证")

    assert svg.count("<rect") == 12
    assert "近12个月发证：2，3，4" in svg
    assert re.findall(r'class="(f-\w+)"', svg)[-2:] == ["f-line", "f-accent"]


def test_the_city_sees_districts_and_a_district_its_towns(story: Estate) -> None:
    lay_strange_estate(story.cast)
    bring_to(story, story.homes[:3], "issued", date(2022, 2, 10))
    rows = preview_month(month=FEBRUARY).rows
    rows["terms"][0]["bands"] = [9, 8, 2]

    title, svg = place_tiles(rows, Scope())
    assert title == "各区发证率"
    assert "25.00%，剩9套" in svg
    assert "district=110105" in svg
    own = {**rows, "projects": [entry for entry in rows["projects"] if entry["district_code"] == "110105"]}
    title, svg = place_tiles(own, Scope("110105"))
    assert (title, "十八里店乡" in svg) == ("各街道、乡镇发证率", True)
    assert place_tiles(own, Scope("110105", "110105027")) == ("", "")
    assert set(sparks(own)) == {("", ""), ("110105", ""), ("110105", "110105027")}
    page = sign_in(story.cast.city).get("/documents/reports/2022-02/").content.decode()
    assert "各区发证率" in page
    assert 'class="mini"' in page
