"""What the rows of a list would do, before they do it: one deed a row, or several rows that are one paper."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from commitments.choices import InstrumentState
from commitments.models import Instrument, InstrumentKind
from commitments.services.drafting import ClauseDraft, LetterDraft, ObligationDraft, draft_instrument
from documents.intake.list_columns import LETTER_COLUMNS
from documents.intake.list_rows import ListLine
from documents.intake.row_work import split_list
from documents.services.work_known import blocker_keys, step_keys
from projects.gates.models import Blocker, BlockerType
from projects.gates.services import raise_blocker, record_steps
from projects.ledger.models import Building, Project
from projects.ledger.services.buildings import LABELS, keep_building
from registry.accounts.models import Organisation
from registry.audit.recording import canonical
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.names import building_number
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import Feature, Part, Use

SAME_IN_A_LETTER = ("issuer", "recipient", "blockers", "fault", "condition", "ends")


@dataclass(frozen=True)
class Deed:
    """Rows that are one act; nothing to do if they are known, and why not if they are refused."""

    rows: tuple[int, ...]
    label: str
    do: Callable[[Actor], str] | None = None
    refusal: str = ""
    is_change: bool = False


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def building_deeds(project: Project, lines: Sequence[ListLine]) -> list[Deed]:
    """This will lay down buildings that are not there, and describe anew those whose words differ. One query."""
    known = {one.number: one for one in Building.objects.filter(project=project)}
    first: dict[str, int] = {}
    return [_building_deed(project, line, known, first) for line in lines]


def _building_deed(project: Project, line: ListLine, known: Mapping[str, Building], first: dict[str, int]) -> Deed:
    number = building_number(line.texts["number"])
    rows = (line.row,)
    before = first.setdefault(number, line.row)
    if before != line.row:
        return Deed(rows, line.texts["number"], refusal=f"与第 {before} 行是同一栋。请只留一行。")
    words: dict[str, Any] = {name: line.texts[name] for name in LABELS} | {
        "occupied_on": _day(line.texts["occupied_on"])
    }
    there = known.get(number)
    changes = [
        f"{label}由“{getattr(there, name) or '空'}”改为“{words[name]}”"
        for name, label in LABELS.items()
        if there is not None and words[name] and getattr(there, name) != words[name]
    ]
    label = there.name if there else line.texts["number"]
    if there is not None and not changes:
        return Deed(rows, label)

    def do(actor: Actor) -> str:
        laid = keep_building(actor=actor, project=project, number=number, words=words)
        return "；".join(changes) or f"登记{laid.name}"

    return Deed(rows, label, do, is_change=bool(changes))


def step_deeds(project: Project, lines: Sequence[ListLine]) -> list[Deed]:
    """This will record each document once: rows of one number, gate, conclusion, part and day are one. Two queries."""
    buildings = {one.number: one for one in Building.objects.filter(project=project)}
    known = step_keys(project)
    grouped: dict[tuple[str, ...], list[ListLine]] = defaultdict(list)
    for line in lines:
        texts = line.texts
        words = ("document_no", "gate", "status", "part", "issued_on", "effective_on", "organ", "title")
        grouped[tuple(texts[name] for name in words)].append(line)
    return [_step_deed(project, same, buildings, known) for same in grouped.values()]


def _step_deed(
    project: Project, lines: Sequence[ListLine], buildings: Mapping[str, Building], known: set[tuple[Any, ...]]
) -> Deed:
    texts, rows = lines[0].texts, tuple(line.row for line in lines)
    gate, status = Gate(texts["gate"]), StepStatus(texts["status"])
    label = f"{texts['document_no']} {gate.label}"
    numbers = list(dict.fromkeys(n for line in lines for n in _numbers(line.texts["buildings"])))
    is_whole = any(not line.texts["buildings"] for line in lines)
    issued_on = date.fromisoformat(texts["issued_on"])
    effective_on = _day(texts["effective_on"]) or issued_on
    paper = (texts["document_no"], gate.value, status.value, effective_on, texts["part"])
    wanted = list(buildings.values()) if is_whole else [buildings[number] for number in numbers]
    is_known = {one.id: bool({(*paper, one.id), (*paper, None)} & known) for one in wanted}
    left = [one for one in wanted if not is_known[one.id]]
    if wanted and not left:
        return Deed(rows, label)

    def do(actor: Actor) -> str:
        done = record_steps(
            actor=actor, project=project, gate=gate, status=status,
            buildings=[] if is_whole and not texts["part"] and len(left) == len(wanted) else left,
            part=Part(texts["part"]) if texts["part"] else None, document_no=texts["document_no"],
            organ=texts["organ"], issued_on=issued_on, effective_on=effective_on, title=texts["title"],
        )  # fmt: skip
        out = done.left_out
        named = "、".join(one.label for one in out[:5]) + ("等" if len(out) > len(out[:5]) else "")
        return f"{len(left)}栋{done.passing}户{status.label}" + (f"，留下{len(out)}户：{named}" if out else "")

    return Deed(rows, label, do)


def _numbers(text: str) -> list[str]:
    """Numbers of buildings in a cell, ranges written out: 1-3、5号楼."""
    found: list[str] = []
    for part in split_list(text):
        first, dash, last = part.replace("号楼", "").replace("—", "-").replace("至", "-").partition("-")
        is_range = dash and first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < 200
        found += map(str, range(int(first), int(last) + 1)) if is_range else [building_number(part)]
    return found


def blocker_deeds(project: Project, lines: Sequence[ListLine]) -> list[Deed]:
    """This will raise each blocker that the project does not have yet. Three queries."""
    types = {one.code: one for one in BlockerType.objects.all()}
    buildings = dict(Building.objects.filter(project=project).values_list("number", "id"))
    known = blocker_keys(project)
    return [_blocker_deed(project, line, types, buildings, known) for line in lines]


def _blocker_deed(
    project: Project, line: ListLine, types: Mapping[str, BlockerType], buildings: Mapping[str, int],
    known: set[tuple[Any, ...]],
) -> Deed:  # fmt: skip
    texts, rows = line.texts, (line.row,)
    of_type = types[texts["type"].upper()]
    numbers = _numbers(texts["buildings"])
    title = texts["title"][:120]
    label = f"{of_type.code} {title or of_type.label}"
    named: dict[str, Any] = {"buildings": {buildings[number] for number in numbers}} if numbers else {}
    if texts["uses"]:
        named["uses"] = frozenset(Use(word) for word in split_list(texts["uses"]))
    scope = scope_of(**named)
    found_on = date.fromisoformat(texts["found_on"])
    key = (of_type.code, found_on, title or of_type.label, canonical(scope.to_data()))
    if key in known:
        return Deed(rows, label)
    known.add(key)

    def do(actor: Actor) -> str:
        blocker = raise_blocker(
            actor=actor, project=project, type=of_type, title=title, scope=scope, at_fault=_fault(scope, texts["fault"]),
            found_on=found_on, cause=texts["cause"],
        )  # fmt: skip
        return f"登记{blocker.number}，涉及{blocker.units_caught}户，过错{blocker.units_at_fault}户"

    return Deed(rows, label, do)


def _fault(scope: Scope, text: str) -> Scope:
    fault = Feature.NONE
    for word in split_list(text):
        fault |= Feature[word]
    return scope & scope_of(features=fault) if fault else NOTHING


def letter_deeds(project: Project, lines: Sequence[ListLine]) -> list[Deed]:
    """This will draft each letter with its promises; a row is a promise. It signs nothing. Three queries."""
    organisations = _organisations(project)
    blockers = {one.number: one for one in Blocker.objects.filter(project=project).select_related("type")}
    drafted = set(
        Instrument.objects.filter(project=project, kind=InstrumentKind.LETTER)
        .exclude(state__in=(InstrumentState.WITHDRAWN, InstrumentState.REVOKED))
        .values_list("title", flat=True)
    )
    grouped: dict[str, list[ListLine]] = defaultdict(list)
    for line in lines:
        grouped[line.texts["letter"]].append(line)
    return [
        Deed(tuple(line.row for line in same), title)
        if title in drafted
        else _letter_deed(project, title, same, organisations, blockers)
        for title, same in grouped.items()
    ]


def _letter_deed(
    project: Project, title: str, lines: Sequence[ListLine], organisations: Mapping[str, set[Organisation]],
    blockers: Mapping[str, Blocker],
) -> Deed:  # fmt: skip
    rows, texts = tuple(line.row for line in lines), lines[0].texts
    wrong = [
        f"第 {line.row} 行的{'、'.join(differing)}与第 {rows[0]} 行不同。同一份函要一样。"
        for line in lines[1:]
        if (differing := [_header(name) for name in SAME_IN_A_LETTER if line.texts[name] != texts[name]])
    ]
    if wrong:
        return Deed(rows, title, refusal=" ".join(wrong))
    numbers = [number.upper() for number in split_list(texts["blockers"])]

    def called(name: str) -> Organisation:
        return next(iter(organisations[name]))

    def do(actor: Actor) -> str:
        promises = tuple(
            ObligationDraft(
                end_state=one.texts["end_state"], due_on=_day(one.texts["due_on"]), proof=one.texts["proof"],
                verifier=called(one.texts["verifier"]), responsible=one.texts["responsible"],
                measure=one.texts["measure"],
            )
            for one in lines
        )  # fmt: skip
        letter = LetterDraft(called(texts["recipient"]), texts["fault"], promises, performer=project.developer)
        clauses = [
            ClauseDraft(blockers[number], EVERYTHING, ends=_day(texts["ends"]), condition_met=texts["condition"])
            for number in numbers
        ]
        drafted = draft_instrument(
            actor=actor, project=project, kind=InstrumentKind.LETTER, title=title, issuer=called(texts["issuer"]),
            clauses=clauses, letter=letter,
        )  # fmt: skip
        return f"起草{drafted.code}，{len(clauses)}条、{len(promises)}项承诺，待签署"

    return Deed(rows, title, do)


def _organisations(project: Project) -> dict[str, set[Organisation]]:
    """The organisations of a project's places, or taking part in it, by code, name and short name. One query."""
    places = Q(area_code__in=("", project.district_code, project.township_code)) | Q(participations__project=project)
    found: dict[str, set[Organisation]] = defaultdict(set)
    for one in Organisation.objects.filter(places, is_active=True).distinct():
        for word in {one.code, one.name, one.short_name} - {""}:
            found[word].add(one)
    return found


def nothing_wrong(project: Project) -> Callable[[ListLine], list[str]]:
    """This will find nothing: rows of buildings name nothing that must be there."""
    return lambda line: []


def unknown_in_steps(project: Project) -> Callable[[ListLine], list[str]]:
    """This will say which buildings a row names that are not there. One query."""
    known = set(Building.objects.filter(project=project).values_list("number", flat=True))
    return lambda line: _unknown_buildings(line, known)


def unknown_in_blockers(project: Project) -> Callable[[ListLine], list[str]]:
    """This will say which type or buildings a row names that are not there. Two queries."""
    known = set(Building.objects.filter(project=project).values_list("number", flat=True))
    types = set(BlockerType.objects.values_list("code", flat=True))

    def check(line: ListLine) -> list[str]:
        text = line.texts.get("type", "")
        strange = (
            [f"没有「{text}」这个堵点类型。请照基础数据里的编码填写。"] if text and text.upper() not in types else []
        )
        return strange + _unknown_buildings(line, known)

    return check


def unknown_in_letters(project: Project) -> Callable[[ListLine], list[str]]:
    """This will say which blockers and organisations a row names that are not there, or are several. Two queries."""
    blockers = set(Blocker.objects.filter(project=project).values_list("number", flat=True))
    organisations = _organisations(project)

    def check(line: ListLine) -> list[str]:
        numbers = [number.upper() for number in split_list(line.texts.get("blockers", ""))]
        wrong = [f"本项目没有堵点{number}。请核对编号。" for number in numbers if number not in blockers]
        named = dict.fromkeys(line.texts.get(name, "") for name in ("issuer", "recipient", "verifier"))
        for name in filter(None, named):
            if len(organisations.get(name, ())) != 1:
                problem = "有几个，请改填单位编码" if organisations.get(name) else "没有。请照单位全称或编码填写"
                wrong.append(f"「{name}」这个单位{problem}。")
        return wrong

    return check


def _unknown_buildings(line: ListLine, known: Collection[str]) -> list[str]:
    unknown = [number for number in _numbers(line.texts.get("buildings", "")) if number not in known]
    return [f"项目里没有{'、'.join(unknown)}号楼。请核对楼号，或先导入清册、楼栋清单。"] if unknown else []


def _header(name: str) -> str:
    return f"「{LETTER_COLUMNS.by_name(name).header}」"
