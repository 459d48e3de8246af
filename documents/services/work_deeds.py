"""What the rows of lists of buildings, steps and blockers would do, before they do it: one deed a document."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from documents.intake.list_columns import BLOCKER_COLUMNS, FAULTS
from documents.services.work_known import blocker_keys, documents_of, step_keys, words_of_scope
from projects.gates.models import Blocker, BlockerType, BlockerVersion
from projects.gates.services import change_scope, describe_blocker, raise_blocker, record_steps
from projects.ledger.models import Building, Project
from projects.ledger.services.buildings import LABELS, keep_building
from registry.audit.recording import canonical
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.names import building_number
from registry.kernel.scope import NOTHING, Scope, scope_of
from registry.kernel.stages import Feature, Part, Use
from registry.lists.rows import Change, Check, Deed, Done, Fault, Known, ListRow, Made, split_list, told
from registry.store.clock import database_now, shanghai_day

WORDS: Final = {"title": "事由", "cause": "成因"}
SCOPES: Final = {"buildings": "涉及楼栋", "uses": "涉及用途", "fault": "过错特征"}
FAULT_WORDS: Final = {one.value: one.label for one in FAULTS}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def building_deeds(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[Deed]:
    """Lay down buildings that are not there, and describe anew those whose words differ. One query."""
    known = {one.number: one for one in Building.objects.filter(project=project)}
    first: dict[str, int] = {}
    return [_building_deed(project, line, known, first) for line in lines]


def _building_deed(project: Project, line: ListRow, known: Mapping[str, Building], first: dict[str, int]) -> Deed:
    number = building_number(line.texts["number"])
    rows = (line.row,)
    same = first.setdefault(number, line.row)
    if same != line.row:
        return Deed(rows, line.texts["number"], refusal=f"与第 {same} 行是同一栋。请只留一行。")
    words: dict[str, Any] = {name: line.texts[name] for name in LABELS} | {
        "occupied_on": _day(line.texts["occupied_on"])
    }
    there = known.get(number)
    changes: list[Change] = [
        (label, str(getattr(there, name) or ""), str(words[name]))
        for name, label in LABELS.items()
        if there is not None and words[name] and getattr(there, name) != words[name]
    ]
    label = there.name if there else line.texts["number"]
    if there is not None and not changes:
        return Deed(rows, label)
    before = None if there is None else {name: _plain(getattr(there, name)) for name in LABELS}

    def do(actor: Actor) -> Done:
        laid = keep_building(actor=actor, project=project, number=number, words=words)
        return Done(told(changes) or f"登记{laid.name}", (Made(laid.id, before),))

    return Deed(rows, label, do, changes=tuple(changes))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def step_deeds(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[Deed]:
    """Record each document once: rows of one number, gate, conclusion, part and day are one. Two queries."""
    buildings = {one.number: one for one in Building.objects.filter(project=project)}
    known, papers = step_keys(project), documents_of(project)
    grouped: dict[tuple[str, ...], list[ListRow]] = defaultdict(list)
    for line in lines:
        texts = line.texts
        words = ("document_no", "gate", "status", "part", "issued_on", "effective_on", "organ", "title")
        grouped[tuple(texts[name] for name in words)].append(line)
    return [_step_deed(project, same, buildings, known, papers) for same in grouped.values()]


def _step_deed(
    project: Project, lines: Sequence[ListRow], buildings: Mapping[str, Building], known: set[tuple[Any, ...]],
    papers: Mapping[tuple[str, str], tuple[str, date]],
) -> Deed:  # fmt: skip
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
        title, stated_on = papers.get((texts["document_no"], texts["organ"]), ("", None))
        if stated_on != issued_on or (texts["title"] and texts["title"] != title):
            said = f"{texts['document_no']}已登记，发文机关、发文日期或文件名称与台账不同。登记错的，请先撤销这份文件再记。"
            return Deed(rows, label, refusal=said)
        return Deed(rows, label)

    def do(actor: Actor) -> Done:
        done = record_steps(
            actor=actor, project=project, gate=gate, status=status,
            buildings=[] if is_whole and not texts["part"] and len(left) == len(wanted) else left,
            part=Part(texts["part"]) if texts["part"] else None, document_no=texts["document_no"],
            organ=texts["organ"], issued_on=issued_on, effective_on=effective_on, title=texts["title"],
        )  # fmt: skip
        out = done.left_out
        named = "、".join(one.label for one in out[:5]) + ("等" if len(out) > len(out[:5]) else "")
        said = f"{len(left)}栋{done.passing}户{status.label}" + (f"，留下{len(out)}户：{named}" if out else "")
        return Done(said, (Made(done.document_id),))

    return Deed(rows, label, do)


def _numbers(text: str) -> list[str]:
    """Numbers of buildings in a cell, ranges written out: 1-3、5号楼."""
    found: list[str] = []
    for part in split_list(text):
        first, dash, last = part.replace("号楼", "").replace("—", "-").replace("至", "-").partition("-")
        is_range = dash and first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < 200
        found += map(str, range(int(first), int(last) + 1)) if is_range else [building_number(part)]
    return found


def blocker_deeds(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[Deed]:
    """Raise each blocker that the project lacks, and say anew those named by number. Five queries."""
    types = {one.code: one for one in BlockerType.objects.all()}
    buildings = dict(Building.objects.filter(project=project).values_list("number", "id"))
    known, numbered = blocker_keys(project), words_of_scope(project)
    first: dict[str, int] = {}
    deeds = []
    for line in lines:
        number = line.texts["number"].upper()
        if not number:
            deeds.append(_blocker_deed(project, line, types, buildings, known))
            continue
        same = first.setdefault(number, line.row)
        twice = Deed((line.row,), number, refusal=f"与第 {same} 行是同一个堵点。请只留一行。")
        deeds.append(twice if same != line.row else _changed_blocker(line, *numbered[number], buildings))
    return deeds


def _scopes(texts: Mapping[str, str], buildings: Mapping[str, int]) -> tuple[Scope, Scope]:
    named: dict[str, Any] = {}
    if texts["buildings"]:
        named["buildings"] = {buildings[number] for number in _numbers(texts["buildings"])}
    if texts["uses"]:
        named["uses"] = frozenset(Use(word) for word in split_list(texts["uses"]))
    scope = scope_of(**named)
    return scope, _fault(scope, texts["fault"])


def _blocker_deed(
    project: Project, line: ListRow, types: Mapping[str, BlockerType], buildings: Mapping[str, int],
    known: dict[tuple[Any, ...], str],
) -> Deed:  # fmt: skip
    texts, rows = line.texts, (line.row,)
    of_type, title = types[texts["type"].upper()], texts["title"]
    label = f"{of_type.code} {title or of_type.label}"
    scope, at_fault = _scopes(texts, buildings)
    found_on = date.fromisoformat(texts["found_on"])
    key = (of_type.code, found_on, title or of_type.label, canonical(scope.to_data()))
    if key in known:
        if texts["cause"] and texts["cause"] != known[key]:
            said = "台账已有这个堵点，成因不同。要改它的，请在「堵点编号」填上它的编号。"
            return Deed(rows, label, refusal=said)
        return Deed(rows, label)
    known[key] = texts["cause"]

    def do(actor: Actor) -> Done:
        blocker = raise_blocker(
            actor=actor, project=project, type=of_type, title=title, scope=scope, at_fault=at_fault,
            found_on=found_on, cause=texts["cause"],
        )  # fmt: skip
        said = f"登记{blocker.number}，涉及{blocker.units_caught}户，过错{blocker.units_at_fault}户"
        return Done(said, (Made(blocker.id),))

    return Deed(rows, label, do)


def _changed_blocker(
    line: ListRow, blocker: Blocker, last: BlockerVersion, said: Known | None, buildings: Mapping[str, int]
) -> Deed:
    """A row that names a blocker: its words, its scope and its fault as the row says; blank words stay as they are."""
    texts, rows, label = line.texts, (line.row,), str(blocker)
    if texts["type"].upper() != blocker.type.code or date.fromisoformat(texts["found_on"]) != blocker.found_on:
        return Deed(rows, label, refusal=f"{blocker.number}的类型、发现日期不能改。登错的请撤销后重新登记。")
    words = {name: texts[name] for name in WORDS if texts[name] and texts[name] != getattr(blocker, name)}
    changes = [
        (label_of, str(getattr(blocker, name)), words[name]) for name, label_of in WORDS.items() if name in words
    ]
    scope, at_fault = _scopes(texts, buildings)
    old = (Scope.from_data(last.scope), Scope.from_data(last.at_fault))
    is_moved = [canonical(one.to_data()) for one in (scope, at_fault)] != [canonical(one.to_data()) for one in old]
    if is_moved and said is None:
        return Deed(rows, label, refusal=f"{blocker.number}的范围不是几列能说清的。请到堵点页面改范围。")
    if is_moved and said is not None:
        now = _scope_texts(texts)
        changes += [
            (header, str(said[name] or "全部"), now[name] or "全部")
            for name, header in SCOPES.items()
            if said[name] != now[name]
        ]
    if not changes:
        return Deed(rows, label)

    def do(actor: Actor) -> Done:
        if words:
            describe_blocker(actor=actor, blocker=blocker, words=words)
        if is_moved:
            today = shanghai_day(database_now())
            change_scope(
                actor=actor, blocker=blocker, scope=scope, at_fault=at_fault, effective_on=today, reason="按清单改定"
            )
        before: dict[str, Any] = {name: getattr(blocker, name) for name in words}
        if is_moved:
            before |= {"scope": last.scope, "at_fault": last.at_fault}
        return Done(f"{blocker.number}{told(changes)}", (Made(blocker.id, before),))

    return Deed(rows, label, do, changes=tuple(changes))


def _scope_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """The cells of a scope as what is known is written out."""
    return {
        "buildings": "、".join(_numbers(texts["buildings"])),
        "uses": "、".join(Use(one).label for one in split_list(texts["uses"])),
        "fault": "、".join(FAULT_WORDS[one] for one in split_list(texts["fault"])),
    }


def _fault(scope: Scope, text: str) -> Scope:
    fault = Feature.NONE
    for word in split_list(text):
        fault |= Feature[word]
    return scope & scope_of(features=fault) if fault else NOTHING


def unknown_in_steps(project: Project) -> Check:
    """Say which buildings a row names that are not there. One query."""
    known = set(Building.objects.filter(project=project).values_list("number", flat=True))
    return lambda line: _unknown_buildings(line, known, "楼栋")


def unknown_in_blockers(project: Project) -> Check:
    """Say which type or buildings a row names that are not there. Two queries."""
    known = set(Building.objects.filter(project=project).values_list("number", flat=True))
    types = set(BlockerType.objects.values_list("code", flat=True))
    numbers = set(Blocker.objects.filter(project=project, withdrawn_reason="").values_list("number", flat=True))

    def check(line: ListRow) -> list[Fault]:
        text = line.texts["type"]
        said = f"没有「{text}」这个堵点类型。请照基础数据里的编码填写。"
        is_strange = text and text.upper() not in types
        strange = [Fault("NOT_FOUND", said, BLOCKER_COLUMNS.by_name("type").header)] if is_strange else []
        number = line.texts["number"].upper()
        if number and number not in numbers:
            strange.append(Fault("NOT_FOUND", f"本项目没有堵点{number}。新登记的不填编号。", "堵点编号"))
        return strange + _unknown_buildings(line, known, BLOCKER_COLUMNS.by_name("buildings").header)

    return check


def _unknown_buildings(line: ListRow, known: Collection[str], header: str) -> list[Fault]:
    unknown = [number for number in _numbers(line.texts["buildings"]) if number not in known]
    said = f"项目里没有{'、'.join(unknown)}号楼。请核对楼号，或先导入清册、楼栋清单。"
    return [Fault("NOT_FOUND", said, header)] if unknown else []
