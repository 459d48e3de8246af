"""What the ledger has of each kind of list, written out and read again without a child process."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from documents.intake.reading.list_shape import UNITS, ListShape
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from documents.intake.services.staging import placed_units
from projects.progress.services.place import place_units
from registry.lists.kinds import LISTS, ListKind
from registry.lists.rows import ListInput, RowResult
from tests.documents.intake.reading.files import Row, home
from tests.documents.intake.services.lists import DAY
from tests.factories.accounts import Player
from tests.factories.projects import TODAY, Estate, on_day

SAID: dict[str, dict[str, str]] = {
    "buildings": {"number": "1", "construction_no": "B-1", "police_no": "12", "survey_no": "0001", "occupied_on": "2010-05-01"},
    "steps": {"gate": "供地", "status": "已过", "buildings": "1", "part": "住宅", "document_no": "×规自〔2021〕7号",
              "title": "批复", "organ": "规自分局", "issued_on": "2021-03-01", "effective_on": "2021-03-02"},
    "blockers": {"type": "P03", "found_on": "2022-01-20", "buildings": "1", "uses": "商业", "fault": "有夹层",
                 "title": "楼前道路未通", "cause": "资金未到位"},
    "letters": {"letter": "关于补缴出让金的承诺函", "fault": "欠缴出让金", "end_state": "缴清出让金", "due_on": "2023-06-30",
                "proof": "缴款书", "responsible": "甲某", "measure": "按月缴"},
    "projects": {"sold_on": "2018-01-01", "location": "某路1号", "officer": "乙某"},
}  # fmt: skip
FULL = home(1, project="CY-9001", remark="面积待核", certificate_no="", issued_on="")


def delimited(kind: ListKind, rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    """Rows as a text file of these columns."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([kind.columns.by_name(name).header for name in names])
    writer.writerows([["" if row.get(name) is None else row[name] for name in names] for row in rows])
    return file.getvalue().encode()


def player(estate: Estate, kind: str) -> Player:
    sender: Player = getattr(
        estate.cast,
        {"steps": "department", "projects": "city", "letters": "township", "returns": "centre"}.get(kind, "district"),
    )
    return sender


def known_of(estate: Estate, kind: ListKind) -> list[dict[str, str]]:
    assert kind.known is not None
    rows = kind.known(estate.project if kind.of_project else player(estate, kind.name).actor)
    mine = [row for row in rows if row.get("project", row.get("code")) == estate.project.code]
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in mine]


def read(
    folder: Path, kind: ListKind, rows: Iterable[Mapping[str, Any]], names: Sequence[str], project: str = "CY-9001"
) -> ReadResult:
    """Read rows as a text file of these columns."""
    path = folder / "清单.csv"
    path.write_bytes(delimited(kind, rows, names))
    return read_in_place(path, project if kind.of_project else "", shape=ListShape.of(kind))


def outcomes(estate: Estate, kind: ListKind, result: ReadResult, *, is_trial: bool = True) -> list[RowResult]:
    project = estate.project if kind.of_project else None
    with on_day(TODAY):
        taken = ListInput(player(estate, kind.name).actor, project, result.rows)
        return kind.carry_out(taken, is_trial=is_trial)


def placed(estate: Estate, folder: Path, *homes: Row) -> None:
    rows = list(placed_units(read(folder, LISTS[UNITS], homes, LISTS[UNITS].columns.names).rows).values())
    with on_day(DAY):
        actor = estate.cast.district.actor
        done = place_units(actor=actor, project=estate.project, rows=rows, placed_on=DAY, source="清册")
    assert not done.refused
