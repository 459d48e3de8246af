"""The whole table."""

from typing import Final

from tests.mutants.files import FILES
from tests.mutants.foundations import FOUNDATIONS
from tests.mutants.ledger import LEDGER
from tests.mutants.planting import Bug
from tests.mutants.rules import RULES

BUGS: Final[tuple[Bug, ...]] = (*RULES, *FOUNDATIONS, *LEDGER, *FILES)
