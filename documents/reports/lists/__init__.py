"""Lists as workbooks: what is seen on the page, with the same filters, order and columns, masked as there.

One entry a list, in the file of the app whose page shows it. Those of documents itself are in `selectors.own_lists`.
"""

from collections.abc import Mapping
from typing import Final

from documents.reports.lists import casework, commitments, exposure, gates, keeping, ledger, pairs, units
from documents.reports.lists.base import ListExport, Words

__all__ = ["LISTS", "ListExport", "Words"]

LISTS: Final[Mapping[str, ListExport]] = {
    **ledger.LISTS,
    **units.LISTS,
    **pairs.LISTS,
    **gates.LISTS,
    **casework.LISTS,
    **commitments.LISTS,
    **exposure.LISTS,
    **keeping.LISTS,
}
