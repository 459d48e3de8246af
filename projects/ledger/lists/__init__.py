"""Lists that come in: projects and buildings."""

from typing import Final

from projects.ledger.lists.buildings import BUILDING_LIST
from projects.ledger.lists.projects import PROJECT_LIST

LISTS: Final = (PROJECT_LIST, BUILDING_LIST)
