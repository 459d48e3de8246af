"""Lists that come in: steps and blockers."""

from typing import Final

from projects.gates.lists.blockers import BLOCKER_LIST
from projects.gates.lists.steps import STEP_LIST

LISTS: Final = (STEP_LIST, BLOCKER_LIST)
