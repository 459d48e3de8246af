"""Comparing a list with what stands: what it costs."""

from datetime import date
from typing import Any

from projects.ledger.selectors.certificates import PlacedCertificate
from projects.progress.services.place import compare_units
from tests.factories.projects import Estate, home

OLD_DAY = date(2005, 6, 30)


def test_comparing_takes_no_query_more_for_more_homes(estate: Estate, django_assert_num_queries: Any) -> None:
    homes = [
        home("3", "1", n, n, certificates=(PlacedCertificate(f"朝全字第{n}号", True, OLD_DAY),)) for n in range(21, 60)
    ]
    for rows in (homes[:1], homes[1:]):
        with django_assert_num_queries(4 + 14):  # one of them for the first day of the project
            assert len(compare_units(project=estate.project, rows=rows).added) == len(rows)
