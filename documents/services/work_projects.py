"""The list of projects: each row is taken in by the same service as the form, with its scope test."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from documents.intake.list_rows import ListLine
from documents.services.work_deeds import Deed
from projects.ledger.models import Project
from projects.ledger.services.projects import take_in_project
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import DistrictCode

WORDS = ("name", "district_name", "township_name", "housing_type", "location", "officer")


def misplaced(project: None) -> Callable[[ListLine], list[str]]:
    """This will say which of a row's codes of districts are none. No query."""

    def check(line: ListLine) -> list[str]:
        wrong = []
        for name in ("district_code", "township_code"):
            try:
                if line.texts.get(name):
                    DistrictCode.parse(line.texts[name])
            except DomainError as error:
                wrong.append(error.message)
        return wrong

    return check


def project_deeds(project: None, lines: Sequence[ListLine]) -> list[Deed]:
    """This will take in the projects that are not there; one of that number and name is left as it is. One query."""
    codes = [line.texts["code"] for line in lines]
    known = dict(Project.objects.filter(code__in=codes).values_list("code", "name"))
    return [_deed(line, known) for line in lines]


def _deed(line: ListLine, known: dict[str, str]) -> Deed:
    texts, rows = line.texts, (line.row,)
    label = f"{texts['code']} {texts['name']}"
    if known.get(texts["code"]) == texts["name"]:
        return Deed(rows, label)

    def do(actor: Actor) -> str:
        words: dict[str, Any] = {name: texts[name] for name in WORDS if texts[name]}
        if texts["sold_on"]:
            words["sold_on"] = date.fromisoformat(texts["sold_on"])
        taken = take_in_project(
            actor=actor,
            code=texts["code"],
            district_code=DistrictCode.parse(texts["district_code"]).format(),
            township_code=DistrictCode.parse(texts["township_code"]).format(),
            taken_in_on=date.fromisoformat(texts["taken_in_on"]),
            is_state_owned=texts["land"] != "collective",
            **words,
        )
        return f"纳入{taken.code} {taken.name}"

    return Deed(rows, label, do)
