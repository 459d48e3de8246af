"""Figures: each number that leaders read has one name, one definition, one version and one way to be computed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A named figure. `value` takes the overview of a project (or of a sum of projects) and gives the number."""

    code: str
    label: str
    unit: str
    definition: str
    value: Callable[[Any], int]
    version: str = "2022-1"
