"""Lists as workbooks: what is seen on the page, with the same filters, order and columns, masked as there.

One entry a list, in the file of the app whose page shows it. Those of documents itself are in `selectors.own_lists`.
"""

from typing import Final

from documents.reports.lists import casework, commitments, exposure, gates, keeping, ledger, pairs, units

EXPORTS: Final = (
    *ledger.EXPORTS,
    *units.EXPORTS,
    *pairs.EXPORTS,
    *gates.EXPORTS,
    *casework.EXPORTS,
    *commitments.EXPORTS,
    *exposure.EXPORTS,
    *keeping.EXPORTS,
)
