"""Where the homes are: districts or towns as tiles, and the last months of each as a line of small columns."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from documents.reports.bulletin import issued_by_month
from documents.reports.changes import Scope
from documents.reports.entries import Entry
from documents.reports.selectors.terms import Terms
from registry.kernel.rates import format_rate, rate
from registry.web.charts import Tile, spark_chart, tile_chart

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def place_tiles(rows: Rows, scope: Scope) -> tuple[str, SafeString]:
    """Return the map of what a page speaks of, and what it shows: districts; the towns of a single one; none below."""
    entries = [entry for entry in rows["projects"] if not entry["gone"]]
    districts = {entry["district_code"] for entry in entries}
    if scope.township or scope.code or not entries:
        return "", tile_chart([], label="")
    of_towns = len(districts) == 1
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry["district_code"], entry["township_code"] if of_towns else ""].append(entry)
    least = min(Terms.of(rows["terms"][0]).bands) if rows.get("terms") else 1
    tiles = [_tile(code, own, least) for code, own in sorted(groups.items())]
    title = "各街道、乡镇发证率" if of_towns else "各区发证率"
    return title, tile_chart(tiles, label=title)


def _tile(code: tuple[str, str], entries: Sequence[Entry], least: int) -> Tile:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums.update({name: entry["figures"][name] for name in ("due", "issued")})
    district, township = code
    name = entries[-1]["township" if township else "district"]
    query = {"district": district, **({"township": township} if township else {})}
    if sums["due"] < least:
        return Tile(name, "不足最低套数", None, f"?{urlencode(query)}")
    share = rate(sums["issued"], sums["due"]) or Decimal(0)
    return Tile(name, f"{format_rate(share)}，剩{sums['due'] - sums['issued']:,}套", share, f"?{urlencode(query)}")


def sparks(rows: Rows) -> dict[tuple[str, str], SafeString]:
    """Return the last months of issues by district, by town, and of all ("", "")."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in rows["projects"]:
        for place in (("", ""), (entry["district_code"], ""), (entry["district_code"], entry["township_code"])):
            groups[place].append(entry)
    months = list(issued_by_month(groups["", ""]))
    drawn = {}
    for place, own in groups.items():
        issued = issued_by_month(own)
        drawn[place] = spark_chart([issued.get(month, 0) for month in months], label="近12个月发证")
    return drawn
