"""All figures of the registry, collected from the apps that declare them, and the version of their counting rules."""

from typing import Final

from projects.gates.metrics import FIGURES as GATES_FIGURES
from registry.kernel.figures import Figure

FIGURES: Final[tuple[Figure, ...]] = GATES_FIGURES
BY_CODE: Final[dict[str, Figure]] = {figure.code: figure for figure in FIGURES}
VERSION: Final = "2022-5"
