"""Charts carry their numbers, and their geometry is that of the numbers."""

import re
from decimal import Decimal
from itertools import pairwise

from registry.web.charts import funnel_chart, interval_chart, pareto_chart


def test_intervals_stand_on_one_axis() -> None:
    rows = [
        ("甲区", Decimal("25.00"), Decimal(50), Decimal("75.00"), "2/4"),
        ("乙区", Decimal(0), Decimal(0), Decimal(50), "0/3"),
    ]
    drawn = str(interval_chart(rows, label="办结率"))
    assert re.findall(r'l-real" x1="([\d.]+)" x2="([\d.]+)"', drawn) == [("183.0", "341.0"), ("104.0", "262.0")]
    assert "甲区50%（25.00%至75.00%）" in drawn
    assert interval_chart([], label="办结率") == ""


def test_the_stair_ends_at_a_hundred_and_gathers_what_is_beyond_nine() -> None:
    rows = [(f"类{n}", 20 - n) for n in range(11)]
    drawn = str(pareto_chart(rows, label="堵点"))
    bars = [
        (float(x), float(width)) for x, width in re.findall(r'f-accent" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    ]
    assert (len(bars), round(bars[-1][0] + bars[-1][1])) == (10, 420)
    assert all(abs(x + width - after) < 0.2 for (x, width), (after, _) in pairwise(bars))
    long = "底商加建夹层、擅自改变用途、配套设施挪作他用"
    cut = str(pareto_chart([(long, 3)], label="堵点"))
    assert (">底商加建夹层、擅自改变…<" in cut, f">{long}<" in cut, f"{long}3套" in cut) == (True, False, True)
    assert ("其他2类" in drawn, "累计100.00%" in drawn, pareto_chart([("甲", 0)], label="堵点")) == (True, True, "")


def test_the_funnel_names_where_most_stay() -> None:
    drawn = str(funnel_chart([("应办", 100), ("已首登", 90), ("已收材料", 40), ("已发证", 30)], label="环节"))
    assert re.findall(r'class="(t-red|)" x="104" y="\d+">停在这一步 (\d+)', drawn) == [
        ("", "10"),
        ("t-red", "50"),
        ("", "10"),
    ]
    assert funnel_chart([("应办", 0)], label="环节") == ""
