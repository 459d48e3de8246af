"""The whole table."""

from typing import Final

from tests.mutants.files import FILES
from tests.mutants.five import FIVE
from tests.mutants.foundations import FOUNDATIONS
from tests.mutants.ledger import LEDGER
from tests.mutants.planting import Bug
from tests.mutants.rules import RULES

TABLES: Final = {"five": FIVE, "rules": RULES, "foundations": FOUNDATIONS, "ledger": LEDGER, "files": FILES}
BUGS: Final[tuple[Bug, ...]] = tuple(bug for bugs in TABLES.values() for bug in bugs)
