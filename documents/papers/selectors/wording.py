"""The texts of papers as a district words them, and a snapshot that says so."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from documents.papers.words import BLOCKS, GROUP, TextBlock, texts_of_kind, worded
from projects.ledger.models import Project
from projects.office.selectors.checklists import office_settings
from registry.accounts.models import Organisation
from registry.accounts.selectors.settings import SettingLine, setting_history

Words = Callable[[Mapping[str, Any]], dict[str, Any]]


def words_of(kind: str, project: Project | None, organ: Organisation, *, on: date) -> Words:
    """Return what puts the district's wording into snapshots of a kind: of the project's district, or the organ's.

    Two queries for any number of snapshots; none for a kind that has no texts.
    """
    area = project.district_code if project else organ.area_code[:6]
    texts = texts_of_kind(kind, area, on=on)
    if not texts:
        return dict
    office = office_settings(area, on=on)
    return lambda snapshot: worded(kind, snapshot, texts, office)


def text_lines(area_code: str, *, on: date) -> Sequence[tuple[str, Sequence[tuple[TextBlock, SettingLine]]]]:
    """Return every text with what holds in a district on a day, by kind. Two queries."""
    lines = setting_history(GROUP, area_code, on=on)
    kinds: dict[str, list[tuple[TextBlock, SettingLine]]] = {}
    for block in BLOCKS:
        line = lines[block.name]
        kinds.setdefault(line.spec.label.partition("：")[0], []).append((block, line))
    return list(kinds.items())
