"""What a cell does not say is not said: blank or absent keeps, in every list and column; 【清空】 clears one field."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from documents.intake.models import TAKES_TWO, ImportSession
from documents.intake.reading.list_shape import UNITS
from documents.intake.services.sessions import accept_session, commit_session, submit_session
from documents.intake.services.staging import placed_units, stage_import
from documents.intake.services.take_back_units import undo_session
from projects.ledger.models import Unit, UnitHolder
from projects.progress.lists import STAGES
from projects.progress.services.compare import Placement, compare_units
from registry.kernel.cell_words import CLEARED, is_clear_word, is_nearly_clear_word
from registry.kernel.columns import Column
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.lists.kinds import LISTS
from registry.lists.rows import CHANGED, UNCHANGED
from registry.store.crypto import decrypt
from tests.documents.intake.reading.files import Row, home
from tests.documents.intake.services.known import FULL, known_of, outcomes, placed, read
from tests.documents.intake.services.lists import DAY
from tests.factories.projects import Estate, on_day
from tests.factories.trials import digest

EVENTS = {"returns"}  # a row says what happened on a day: there is nothing of the ledger to send again
KINDS = [name for name, each in LISTS.items() if each.plan is not None and name not in EVENTS]


@pytest.mark.parametrize("name", KINDS)
def test_blank_or_absent_column_changes_nothing(name: str, full: Callable[[str], Estate], tmp_path: Path) -> None:
    kind, estate = LISTS[name], full(name)
    rows, before = known_of(estate, kind), digest()
    assert rows
    for column in kind.columns:
        blank = read(tmp_path, kind, [{**row, column.name: ""} for row in rows], kind.columns.names)
        if column.required and column.name != "project":
            assert {error.code for error in blank.errors} == {"REQUIRED"}, column.header
            continue
        rest = [each for each in kind.columns.names if each != column.name]
        for result in (blank, read(tmp_path, kind, rows, rest)):
            assert result.errors == [], column.header
            assert [each.verdict for each in outcomes(estate, kind, result)].count(UNCHANGED) == len(rows), (
                column.header
            )
    assert digest() == before


@pytest.mark.parametrize("name", KINDS)
def test_clearing_takes_away_one_field_or_is_refused_by_name(
    name: str, full: Callable[[str], Estate], tmp_path: Path
) -> None:
    kind, estate = LISTS[name], full(name)
    rows = known_of(estate, kind)
    assert kind.clearable <= {column.name for column in kind.columns if not column.required}
    for column in kind.columns:
        said = [{**row, column.name: CLEARED} if n == 0 else row for n, row in enumerate(rows)]
        result = read(tmp_path, kind, said, kind.columns.names)
        if column.name not in kind.clearable:
            assert [(error.row, error.column, error.code) for error in result.errors] == [
                (2, column.header, "CLEAR_NOT")
            ]
            continue
        first = outcomes(estate, kind, result, is_trial=False)[0]
        assert (first.verdict, [(what[-len(column.header):], new) for what, _, new in first.changes]) == (
            CHANGED, [(column.header, "清空")],
        ), first  # fmt: skip
        assert first.changes[0][1] == (rows[0][column.name] or "无")
        now = known_of(estate, kind)
        assert now[0] == {**rows[0], column.name: ""}
        rows = now


def test_what_clears_nothing_is_no_change(full: Callable[[str], Estate], tmp_path: Path) -> None:
    kind, estate = LISTS["buildings"], full("buildings")
    rows = [{**row, "police_no": CLEARED} for row in known_of(estate, kind) if row["number"] == "2"]
    assert [each.verdict for each in outcomes(estate, kind, read(tmp_path, kind, rows, kind.columns.names))] == [
        UNCHANGED
    ]
    rows = [{"project": "CY-9001", "number": "8", "police_no": CLEARED}]
    [new] = outcomes(estate, kind, read(tmp_path, kind, rows, ("project", "number", "police_no")))
    assert (new.verdict, new.said) == ("added", "登记8号楼")


@pytest.mark.parametrize("text", ["【清空】", " 【清 空】 ", "[清空]", "［清空］", "〔清空〕"])
def test_word_that_clears(text: str) -> None:
    assert is_clear_word(text)
    assert not is_nearly_clear_word(text)


@pytest.mark.parametrize("text", ["清空", "（清空）", "“清空”", "清空。"])
def test_word_that_is_asked_about(text: str) -> None:
    assert is_nearly_clear_word(text)
    assert not is_clear_word(text)


@pytest.mark.parametrize("text", ["", "已清空杂物", "清空路1号"])
def test_other_words(text: str) -> None:
    assert not is_clear_word(text)
    assert not is_nearly_clear_word(text)


def test_list_of_stages_clears_nothing(tmp_path: Path) -> None:
    kind = LISTS[STAGES]
    row = {**dict.fromkeys(kind.columns.names, ""), **kind.example, "project": "CY-9001"}
    for column in kind.columns:
        result = read(tmp_path, kind, [{**row, column.name: CLEARED}], kind.columns.names)
        assert [(error.column, error.code) for error in result.errors] == [(column.header, "CLEAR_NOT")]


# The unit list


def beside(estate: Estate, folder: Path, row: Row, names: Sequence[str] = LISTS[UNITS].columns.names) -> Placement:
    result = read(folder, LISTS[UNITS], [row], names)
    assert result.errors == [], result.errors
    return compare_units(project=estate.project, rows=list(placed_units(result.rows).values()))


def laid_beside(estate: Estate, folder: Path, row: Row) -> ImportSession:
    result = read(folder, LISTS[UNITS], [row], LISTS[UNITS].columns.names)
    with on_day(DAY):
        session: ImportSession = stage_import(
            actor=estate.cast.district.actor,
            project=estate.project,
            file_name="清册.csv",
            file_sha256="0" * 64,
            result=result,
        )
    return session


@pytest.fixture
def listed_home(estate: Estate, tmp_path: Path) -> Row:
    """A home of which the unit list says everything; `FULL` is its row."""
    shares = {"holder": "张小二（1/2）、李四（1/2）", "identity": f"{synthetic_identity(1)}、{synthetic_identity(2)}",
              "phone": f"{synthetic_phone(1)}、{synthetic_phone(2)}"}  # fmt: skip
    placed(estate, tmp_path, {**FULL, **shares})
    return {**FULL, "holder": "张小二、李四", "identity": f"{synthetic_identity(1)}、{synthetic_identity(2)}",
            "phone": f"{synthetic_phone(1)}、{synthetic_phone(2)}"}  # fmt: skip


def test_blank_or_absent_cell_of_a_home_changes_nothing(estate: Estate, listed_home: Row, tmp_path: Path) -> None:
    for column in LISTS[UNITS].columns:
        _blank_or_absent(column, estate, listed_home, tmp_path)


def _blank_or_absent(column: Column, estate: Estate, listed_home: Row, tmp_path: Path) -> None:
    if column.name == "holder":  # a number without a name is refused; without both it changes nothing
        listed_home = {**listed_home, "identity": "", "phone": ""}
    if column.required and column.name != "project":
        result = read(tmp_path, LISTS[UNITS], [{**listed_home, column.name: ""}], LISTS[UNITS].columns.names)
        assert {error.code for error in result.errors} <= {"REQUIRED"}
        return
    names = [each for each in LISTS[UNITS].columns.names if each != column.name]
    blank = beside(estate, tmp_path, {**listed_home, column.name: ""})
    absent = beside(estate, tmp_path, listed_home, names)
    verdicts = [(len(each.added), each.changed, len(each.unchanged), each.refused) for each in (blank, absent)]
    assert verdicts == [(0, [], 1, [])] * 2


CLEARS = {"unit_code", "area", "holder", "identity", "phone", "agreement", "remark"}


@pytest.mark.parametrize("column", LISTS[UNITS].columns.columns, ids=LISTS[UNITS].columns.names)
def test_clearing_a_cell_of_a_home(column: Column, estate: Estate, listed_home: Row, tmp_path: Path) -> None:
    row = {**listed_home, column.name: CLEARED}
    if column.name == "holder":
        row |= {"identity_kind": "", "identity": "", "phone": ""}
    if column.name in ("identity", "phone"):
        row[column.name] = f"{listed_home[column.name].split('、')[0]}、{CLEARED}"
    result = read(tmp_path, LISTS[UNITS], [row], LISTS[UNITS].columns.names)
    assert [error.code for error in result.errors] == ([] if column.name in CLEARS else ["CLEAR_NOT"]), column.header
    if column.name not in CLEARS:
        return
    before = told_of_home(estate)
    session = laid_beside(estate, tmp_path, row)
    [line] = session.staged_rows.all()
    assert (line.verdict, len(line.changes)) == ("changed", 1)
    assert "清空" in line.changes[0][2]
    is_personal = column.personal
    assert session.params[TAKES_TWO] == is_personal
    district = estate.cast.district.actor
    with on_day(DAY):
        if is_personal:
            with pytest.raises(DomainError, match="复核"):
                commit_session(actor=district, session=session, placed_on=DAY)
            submit_session(actor=district, session=session)
            done = accept_session(actor=estate.cast.district_second.actor, session=session, placed_on=DAY)
        else:
            done = commit_session(actor=district, session=session, placed_on=DAY)
    after = told_of_home(estate)
    assert {name for name in before if after[name] != before[name]} == {column.name}
    assert after[column.name] == (
        [] if column.name == "holder" else [before[column.name][0], ""] if is_personal else None if column.name in (
            "unit_code", "area") else ""
    )  # fmt: skip
    if not is_personal:
        with on_day(DAY):
            undo_session(actor=district, session=done, reason="误传")
        assert told_of_home(estate) == before


def told_of_home(estate: Estate) -> dict[str, Any]:
    """Everything that the ledger says of the home, people in clear, by column of the list."""
    unit = Unit.objects.get(building__project=estate.project, room=FULL["room"], building__number="9")
    holdings = list(
        UnitHolder.objects.filter(unit=unit, ended_act_id__isnull=True).select_related("holder").order_by("position")
    )
    people = [each.holder for each in holdings]
    told = {
        "unit_code": unit.unit_code, "area": unit.area, "agreement": unit.agreement_no, "remark": unit.remark,
        "use": unit.use, "features": unit.features,
        "holder": [decrypt(bytes(each.name), "holder.name") for each in people],
        "shares": [each.share for each in holdings],
        "identity": [decrypt(bytes(each.identity), "holder.identity") if each.identity else "" for each in people],
        "phone": [decrypt(bytes(each.phone), "holder.phone") if each.phone else "" for each in people],
    }  # fmt: skip
    return told if people else {**told, **{name: told_of.get(name) for name in ("shares", "identity", "phone")}}


told_of: dict[str, Any] = {
    "shares": ["1/2", "1/2"], "identity": [synthetic_identity(1), synthetic_identity(2)],
    "phone": [synthetic_phone(1), synthetic_phone(2)],
}  # fmt: skip


def test_home_of_no_stated_entrance_is_the_only_one_of_that_room_or_asked_for(
    estate: Estate, listed_home: Row, tmp_path: Path
) -> None:
    names = [name for name in LISTS[UNITS].columns.names if name not in ("entrance", "unit_code")]
    again = beside(estate, tmp_path, listed_home, names)
    assert (len(again.added), len(again.unchanged)) == (0, 1)
    placed(estate, tmp_path, home(2, project=estate.project.code, entrance="2", floor="1", room="101"))
    twice = beside(estate, tmp_path, listed_home, names)
    assert [code for _, code, _ in twice.refused] == ["ENTRANCE_MISSING"]


def test_number_said_anew_keeps_telephone_and_share(estate: Estate, listed_home: Row, tmp_path: Path) -> None:
    """张小二 with another number and no telephone is 张小二 whose number is corrected: what is not said stands."""
    before = told_of_home(estate)
    said = f"{synthetic_identity(1)}、{synthetic_identity(77)}"
    placed(estate, tmp_path, {**listed_home, "identity": said, "phone": ""})
    after = told_of_home(estate)
    assert after == {**before, "identity": [synthetic_identity(1), synthetic_identity(77)]}


def test_two_rows_of_a_home_may_not_clear_and_state(tmp_path: Path) -> None:
    rows = [home(1), home(1, holder="李四", identity=synthetic_identity(9), area=CLEARED)]
    result = read(tmp_path, LISTS[UNITS], [{**row, "project": "CY-9001"} for row in rows], LISTS[UNITS].columns.names)
    assert [(error.row, error.code) for error in result.errors] == [(2, "UNIT_DUP"), (3, "UNIT_DUP")]


def test_clearing_in_a_first_list_is_blank(estate: Estate, tmp_path: Path) -> None:
    row = home(1, project=estate.project.code, identity=CLEARED, phone=CLEARED, remark=CLEARED)
    [new] = beside(estate, tmp_path, row).added
    assert [(each.identity, each.phone) for each in new.holders] == [("", "")]
