"""The list of blockers: each row is raised by the same service as the form, or said anew by its number."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from projects.gates.lists.steps import EVERY, named_buildings, unknown_buildings
from projects.gates.models import Blocker, BlockerType, BlockerVersion
from projects.gates.services import change_scope, describe_blocker, raise_blocker, withdraw_blocker
from projects.gates.services.readiness import counted_once
from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit
from registry.audit.recording import canonical
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.scope import NOTHING, Scope, scope_of
from registry.kernel.stages import Feature, Use
from registry.lists.columns import PROJECT, USES
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import (
    CLEAR,
    ChangedRow,
    Check,
    Claim,
    Fault,
    Known,
    ListRow,
    RowOutcome,
    RowPlan,
    changes_in_words,
    split_list,
    wanted_words,
    without_clearing,
)
from registry.store.clock import database_now, shanghai_day

EVERY_USE: Final = "all"
OF_USES: Final = (*USES, Choice(EVERY_USE, EVERY, ("不限", "全部用途")))
NO_TYPE: Final = "没有“{text}”这个堵点类型。请从模板的列表里选，或填编码，如 P03。"
SAME_ROW: Final = "与第{row}行是同一个堵点，不重复登记"
FAULTS: Final = (Choice("MEZZANINE", "有夹层", ("夹层",)), Choice("ALTERED_USE", "擅改用途", ("改变用途",)))
BLOCKER_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("number", "堵点编号", kind="code", width=12, synonyms=("编号",), note="新登记的不填；填了就是改这个堵点"),
        Column("type", "堵点类型", kind="code", width=10, required=True, synonyms=("堵点编码", "类型"),
               note="从列表里选，或填编码，如P03"),
        Column("title", "事由", width=30, note="不填按类型的名称"),
        Column("buildings", "涉及楼栋", width=20, synonyms=("楼栋",), note="用、隔开；新登记的不填是全部楼栋；改的不填是不改"),
        Column("uses", "涉及用途", width=20, synonyms=("用途",), note="用、隔开；新登记的不填是全部用途；改的不填是不改", choices=OF_USES,
               is_open=True),
        Column("fault", "过错特征", width=14, synonyms=("过错",), note="具有该特征的户为过错户", choices=FAULTS,
               is_open=True),
        Column("found_on", "发现日期", kind="date", width=12, required=True, synonyms=("日期",)),
        Column("cause", "成因", width=30),
    )
)  # fmt: skip

WORDS: Final = {"title": "事由", "cause": "成因"}
SCOPES: Final = {"buildings": "涉及楼栋", "uses": "涉及用途", "fault": "过错特征"}
FAULT_WORDS: Final = {one.value: one.label for one in FAULTS}
FAULT_TEXTS: Final = {
    Feature.NONE: "", Feature.MEZZANINE: "有夹层", Feature.ALTERED_USE: "擅改用途",
    Feature.MEZZANINE | Feature.ALTERED_USE: "有夹层、擅改用途",
}  # fmt: skip


def plan_blocker_rows(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Raise each blocker that the project lacks, and say anew those named by number. Five queries."""
    types = blocker_types()
    buildings = dict(Building.objects.filter(project=project).values_list("number", "id"))
    known, numbered = blocker_keys(project), words_of_scope(project)
    above: dict[tuple[Any, ...], int] = {}
    return [
        _changed_blocker(line, *numbered[number], buildings)
        if (number := line.texts["number"].upper())
        else _blocker_plan(project, line, types, buildings, known, above)
        for line in lines
    ]


def blocker_types() -> dict[str, BlockerType]:
    """Return the types of blockers by code, in the order of the codes. One query."""
    return {each.code: each for each in BlockerType.objects.order_by("code")}


def type_named(text: str, types: Mapping[str, BlockerType]) -> BlockerType | None:
    """Return the type that a cell names: by its code, by code and name as the template lists them, or by name."""
    code, _, _ = text.strip().partition(" ")
    return types.get(code.upper()) or next((each for each in types.values() if each.label == text.strip()), None)


def listed_words(project: Project) -> dict[str, list[str]]:
    """Return what the template lists beside the choices: the types of blockers, code and name. One query."""
    return {"type": [f"{each.code} {each.label}" for each in blocker_types().values()]}


def blocker_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return the buildings and uses that the project has. One query."""
    home = Unit.objects.filter(IN_THE_BOOKS, building__project=project).order_by("building__number_order", "id").first()
    if home is None:
        return {"buildings": "", "uses": ""}
    known_on = max(shanghai_day(database_now()), project.taken_in_on)
    return {"buildings": home.building.number, "uses": Use(home.use).label, "found_on": known_on.isoformat()}


def blocker_claims(project: Project) -> Callable[[ListRow], list[Claim]]:
    """Tell of each row which blocker it is about: by its number, else by all but its cause."""

    def claims(line: ListRow) -> list[Claim]:
        texts = line.texts
        if number := texts["number"].upper():
            said = {
                column.header: texts[column.name]
                for column in BLOCKER_COLUMNS
                if column.name not in ("project", "number")
            }
            return [Claim((number,), said, "堵点编号", "是同一个堵点")]
        if not texts["type"] or not texts["found_on"]:
            return []
        about = tuple(texts[name] for name in ("type", "found_on", "title", *SCOPES))
        return [Claim(about, {WORDS["cause"]: texts["cause"]}, "堵点类型", "是同一个堵点")]

    return claims


def _scopes(texts: Mapping[str, str], buildings: Mapping[str, int]) -> tuple[Scope, Scope]:
    named: dict[str, Any] = {}
    if numbers := named_buildings(texts["buildings"]):
        named["buildings"] = {buildings[number] for number in numbers}
    if uses := _uses(texts["uses"]):
        named["uses"] = frozenset(uses)
    scope = scope_of(**named)
    return scope, _fault(scope, texts["fault"])


def _uses(text: str) -> list[Use]:
    """The uses that a cell names; none if it is blank or says all of them."""
    words = split_list(text)
    return [] if EVERY_USE in words else [Use(word) for word in words]


def _blocker_plan(
    project: Project, line: ListRow, types: Mapping[str, BlockerType], buildings: Mapping[str, int],
    known: dict[tuple[Any, ...], str], above: dict[tuple[Any, ...], int],
) -> RowPlan:  # fmt: skip
    """A row that names no blocker: raised, unless the ledger or a row above has it (`above`: the row of each key)."""
    texts, rows = without_clearing(line.texts), (line.row,)
    of_type, title = type_named(texts["type"], types), texts["title"]
    if of_type is None:  # it was refused by name
        return RowPlan(rows, texts["type"], refusal=NO_TYPE.format(text=texts["type"]), header="堵点类型")
    label = f"{of_type.code} {title or of_type.label}"
    scope, at_fault = _scopes(texts, buildings)
    found_on = date.fromisoformat(texts["found_on"])
    key = (of_type.code, found_on, title or of_type.label, canonical(scope.to_data()))
    same = [key] if key in known else []
    if not title:  # a blank says nothing of what it is called
        same += [other for other in known if (other[0], other[1], other[3]) == (key[0], key[1], key[3])]
    if same:
        if texts["cause"] and texts["cause"] not in {known[other] for other in same}:
            said = "台账已有这个堵点，成因不同。要改它的，请在“堵点编号”填上它的编号。"
            return RowPlan(rows, label, refusal=said, header="成因")
        return RowPlan(rows, label)
    if (first := above.setdefault(key, line.row)) != line.row:
        return RowPlan(rows, label, said=SAME_ROW.format(row=first))

    def do(actor: Actor) -> RowOutcome:
        blocker = raise_blocker(
            actor=actor, project=project, type=of_type, title=title, scope=scope, at_fault=at_fault,
            found_on=found_on, cause=texts["cause"],
        )  # fmt: skip
        said = f"登记{blocker.number}，涉及{blocker.units_caught}户，过错{blocker.units_at_fault}户"
        return RowOutcome(said, (ChangedRow(blocker.id),))

    return RowPlan(rows, label, do)


def _changed_blocker(
    line: ListRow, blocker: Blocker, last: BlockerVersion, said: Known | None, buildings: Mapping[str, int]
) -> RowPlan:
    """A row that names a blocker: its words, its scope and its fault as the row says; blank words stay as they are."""
    rows, label = (line.row,), str(blocker)
    is_other = type_named(line.texts["type"], {blocker.type.code: blocker.type}) is None
    if is_other or date.fromisoformat(line.texts["found_on"]) != blocker.found_on:
        refusal = f"{blocker.number}的类型、发现日期不能改。登错的请撤销后重新登记。"
        return RowPlan(rows, label, refusal=refusal, header="堵点类型" if is_other else "发现日期")
    words = wanted_words(line.texts, {name: getattr(blocker, name) for name in WORDS})
    changes = [(WORDS[name], str(getattr(blocker, name)), text or CLEAR) for name, text in words.items()]
    texts = _with_what_stands(line.texts, said)
    old = (Scope.from_data(last.scope), Scope.from_data(last.at_fault))
    is_said = any(line.texts[name] for name in SCOPES)
    scope, at_fault = _scopes(texts, buildings) if is_said else old
    is_moved = [canonical(one.to_data()) for one in (scope, at_fault)] != [canonical(one.to_data()) for one in old]
    if is_moved and said is None:
        return RowPlan(
            rows,
            label,
            refusal=f"{blocker.number}的范围较为复杂，不能以清单修改。请在堵点页面变更范围。",
            header="涉及楼栋",
        )
    if is_moved and said is not None:
        now = _scope_texts(texts)
        changes += [
            (header, str(said[name] or "无"), now[name] or CLEAR)
            for name, header in SCOPES.items()
            if said[name] != now[name]
        ]
    if not changes:
        return RowPlan(rows, label)

    def do(actor: Actor) -> RowOutcome:
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
        return RowOutcome(f"{blocker.number}{changes_in_words(changes)}", (ChangedRow(blocker.id, before),))

    return RowPlan(rows, label, do, changes=tuple(changes))


def _with_what_stands(texts: Mapping[str, str], said: Known | None) -> dict[str, str]:
    """Return a row with its blank cells of the scope as they stand, in the codes that rows are kept in."""
    if said is None:
        return without_clearing(texts)
    codes = {
        name: "、".join(BLOCKER_COLUMNS.by_name(name).coerce(word) for word in split_list(str(said[name])))
        for name in ("uses", "fault")
    }
    stands = {"buildings": str(said["buildings"]), **codes}
    return without_clearing({**texts, **{name: texts[name] or stands[name] for name in SCOPES}})


def _scope_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """The cells of a scope as what is known is written out."""
    return {
        "buildings": "、".join(named_buildings(texts["buildings"])) or EVERY,
        "uses": "、".join(use.label for use in _uses(texts["uses"])) or EVERY,
        "fault": "、".join(FAULT_WORDS[one] for one in split_list(texts["fault"])),
    }


def _fault(scope: Scope, text: str) -> Scope:
    fault = Feature.NONE
    for word in split_list(text):
        fault |= Feature[word]
    return scope & scope_of(features=fault) if fault else NOTHING


def unknown_in_blockers(project: Project) -> Check:
    """Say which type or buildings a row names that are not there. Two queries."""
    known = set(Building.objects.filter(project=project).values_list("number", flat=True))
    types = blocker_types()
    numbers = set(Blocker.objects.filter(project=project, withdrawn_reason="").values_list("number", flat=True))

    def check(line: ListRow) -> list[Fault]:
        text = line.texts["type"]
        said = NO_TYPE.format(text=text)
        is_strange = text and type_named(text, types) is None
        strange = [Fault("NOT_FOUND", said, BLOCKER_COLUMNS.by_name("type").header)] if is_strange else []
        number = line.texts["number"].upper()
        if number and number not in numbers:
            strange.append(Fault("NOT_FOUND", f"本项目没有堵点{number}。新登记的不填编号。", "堵点编号"))
        return strange + unknown_buildings(line, known, BLOCKER_COLUMNS.by_name("buildings").header)

    return check


def blocker_keys(project: Project) -> dict[tuple[Any, ...], str]:
    """Return the cause of what the project's blockers were, in each version; not those withdrawn. One query."""
    rows = BlockerVersion.objects.filter(blocker__project=project, blocker__withdrawn_reason="").values_list(
        "blocker__type__code", "blocker__found_on", "blocker__title", "scope", "blocker__cause"
    )
    return {(code, found_on, title, canonical(scope)): cause for code, found_on, title, scope, cause in rows}


def words_of_scope(project: Project) -> dict[str, tuple[Blocker, BlockerVersion, Known | None]]:
    """Return each blocker by number, with its last version and that as the columns say it. Two queries."""
    numbers = dict(Building.objects.filter(project=project).values_list("id", "number"))
    rows = BlockerVersion.objects.filter(blocker__project=project, blocker__withdrawn_reason="")
    return {
        one.blocker.number: (one.blocker, one, _scope_words(one, numbers))
        for one in rows.select_related("blocker__type").order_by("effective_on", "id")
    }


def known_blockers(project: Project) -> list[Known]:
    """Return the blockers whose scope the columns can say, a row each, as they stand now. Two queries."""
    return [
        {
            "project": project.code, "number": number, "type": blocker.type.code, "title": blocker.title,
            "found_on": blocker.found_on, "cause": blocker.cause, **said,
        }
        for number, (blocker, _, said) in sorted(words_of_scope(project).items())
        if said is not None
    ]  # fmt: skip


def _scope_words(version: BlockerVersion, numbers: dict[int, str]) -> Known | None:
    """The scope and the fault of a version as the columns say them; None if they can't."""
    if not version.scope:
        return None  # resolved in between: it catches nobody
    [term, *more] = version.scope
    named = term["in"]
    if more or term["out"] or set(named) - {"buildings", "uses"} or set(named.get("buildings", ())) - set(numbers):
        return None
    words: Known = {
        "buildings": "、".join(numbers[key] for key in named.get("buildings", ())) or EVERY,
        "uses": "、".join(Use(one).label for one in named.get("uses", ())) or EVERY,
    }
    scope, at_fault = Scope.from_data(version.scope), canonical(version.at_fault)
    for fault, label in FAULT_TEXTS.items():
        stated = scope & scope_of(features=fault) if fault else NOTHING
        if canonical(stated.to_data()) == at_fault:
            return {**words, "fault": label}
    return None


def _take_back(actor: Actor, key: int, before: Before, reason: str) -> None:
    blocker = Blocker.objects.get(pk=key)
    if before is None:
        withdraw_blocker(actor=actor, blocker=blocker, reason=reason)
        return
    words = {name: before[name] for name in ("title", "cause") if name in before}
    if words:
        describe_blocker(actor=actor, blocker=blocker, words=words)
    if "scope" in before:
        scope, at_fault = Scope.from_data(before["scope"]), Scope.from_data(before["at_fault"])
        change_scope(
            actor=actor,
            blocker=blocker,
            scope=scope,
            at_fault=at_fault,
            effective_on=shanghai_day(database_now()),
            reason=reason,
        )


BLOCKER_LIST: Final = ListKind(
    "blockers",
    "堵点",
    columns=BLOCKER_COLUMNS,
    limits={"number": 20, "title": 120},
    several=frozenset({"uses", "fault"}),
    example={"project": "CY-0001", "type": "P03", "buildings": "1、2", "uses": "住宅", "found_on": "2022-01-20"},
    rules=(
        "一个堵点一行。类型、发现日期、事由、范围都相同的不重复登记。",
        "填了堵点编号的，按填的改事由、成因、范围。",
    ),
    sent_by=Permission.BLOCKER_RAISE,
    undone_by=Permission.BLOCKER_UPDATE,
    clearable=frozenset({"cause", "fault"}),
    claims=blocker_claims,
    during=counted_once,
    example_in=blocker_example,
    listed=listed_words,
    check=unknown_in_blockers,
    plan=plan_blocker_rows,
    known=known_blockers,
    take_back=_take_back,
    table="gates_blocker",
)  # fmt: skip
