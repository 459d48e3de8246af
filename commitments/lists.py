"""The list of letters: rows of one name are one letter, drafted by the same services as the forms; none is signed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from commitments.choices import InstrumentState
from commitments.models import Instrument, InstrumentKind, Letter, Obligation
from commitments.services.drafting import ClauseDraft, LetterDraft, ObligationDraft, draft_instrument
from commitments.services.editing import drop_promise, put_promise
from commitments.services.signing import withdraw_draft
from projects.gates.models import Blocker, LiftKind
from projects.ledger.models import Project
from projects.ledger.selectors.participation import organisations_near
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column, ColumnSet
from registry.kernel.scope import EVERYTHING
from registry.lists.columns import PROJECT
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import (
    CLEAR,
    Change,
    ChangedRow,
    Check,
    Claim,
    Fault,
    Known,
    ListRow,
    RowOutcome,
    RowPlan,
    split_list,
    wanted_words,
    without_clearing,
)
from registry.store.clock import database_now, shanghai_day

LETTER_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("letter", "承诺函", width=28, required=True, note="同一名称的行为同一份承诺函，一行填写一个承诺事项",
               synonyms=("承诺函名称", "函名")),
        Column("issuer", "承诺单位", width=18, required=True, note="单位全称、简称或编码", synonyms=("出函单位",)),
        Column("recipient", "主送单位", width=18, required=True, note="单位全称、简称或编码",
               synonyms=("致送单位", "受函单位")),
        Column("blockers", "堵点编号", width=22, required=True, note="用、隔开", synonyms=("堵点",)),
        Column("fault", "问题和成因", width=30, required=True, synonyms=("成因",)),
        Column("condition", "条件已满足的依据", width=26, note="附条件的堵点必填，如安全鉴定文号"),
        Column("ends", "有效至", kind="date", width=12, is_ahead=True, note="不填为至承诺兑现之日"),
        Column("end_state", "承诺内容", width=30, required=True, synonyms=("承诺事项", "做到什么")),
        Column("due_on", "期限", kind="date", width=12, is_ahead=True, required=True, synonyms=("完成期限", "承诺期限")),
        Column("proof", "凭证", width=22, required=True, synonyms=("证明", "凭什么证明")),
        Column("verifier", "核验单位", width=18, required=True, note="不能是承诺单位自己", synonyms=("核查单位",)),
        Column("responsible", "责任人", width=12),
        Column("measure", "措施", width=24, synonyms=("怎么做",)),
    )
)  # fmt: skip

SAME_IN_A_LETTER: Final = ("issuer", "recipient", "blockers", "fault", "condition", "ends")
OF_A_PROMISE: Final = ("end_state", "due_on", "proof", "verifier", "responsible", "measure")
GONE: Final = (InstrumentState.WITHDRAWN, InstrumentState.REVOKED, InstrumentState.SUPERSEDED)
Named = Mapping[str, set[Organisation]]


def plan_letter_rows(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Draft each letter with its promises, or say those of a draft anew; a row is a promise. Five queries."""
    organisations = _organisations(project)
    blockers = {one.number: one for one in Blocker.objects.filter(project=project).select_related("type")}
    drafted = {one.instrument.title: one for one in _letters(project)}
    grouped: dict[str, list[ListRow]] = defaultdict(list)
    for line in lines:
        grouped[line.texts["letter"]].append(line)
    plans = []
    for title, same in grouped.items():
        same = _with_what_all_say(same)
        if title in drafted:
            plans.append(_changed_letter(drafted[title], same, organisations))
        else:
            plans.append(_letter_plan(project, title, same, organisations, blockers))
    return plans


def _letters(project: Project) -> list[Letter]:
    """The letters of a project that count, with their promises and clauses, oldest first. Three queries."""
    found = Letter.objects.filter(instrument__project=project, instrument__kind=InstrumentKind.LETTER)
    return list(
        found.exclude(instrument__state__in=GONE)
        .select_related("instrument__issuer", "recipient")
        .prefetch_related("obligations__verifier", "instrument__clauses__blocker")
        .order_by("instrument_id")
    )


def _with_what_all_say(lines: Sequence[ListRow]) -> list[ListRow]:
    """Return the rows of a letter, each with what any of them says of the letter: a blank says nothing else."""
    common = {name: next((line.texts[name] for line in lines if line.texts[name]), "") for name in SAME_IN_A_LETTER}
    return [ListRow(line.row, {**line.texts, **common}, line.shown) for line in lines]


def listed_names(project: Project) -> dict[str, list[str]]:
    """Return what the template lists: the organisations of the project's places, and its blockers. Two queries."""
    named = _organisations(project)
    names = sorted({each.name for every in named.values() for each in every if len(named[each.name]) == 1})
    numbers = Blocker.objects.filter(project=project, withdrawn_reason="", resolved_on__isnull=True).order_by("number")
    return {
        **dict.fromkeys(("issuer", "recipient", "verifier"), names),
        "blockers": list(numbers.values_list("number", flat=True)),
    }


def letter_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return a blocker of the project that a letter may lift, and organisations that it has. Three queries."""
    words = listed_names(project)
    lifted = Blocker.objects.filter(project=project, withdrawn_reason="", resolved_on__isnull=True)
    blocker = lifted.filter(type__lift__in=(LiftKind.LETTER, LiftKind.CONDITIONAL)).select_related("type").first()
    names = [name for name in words["issuer"] if name != actor.organisation_name]
    organisations = {"recipient": names[0], "verifier": names[0]} if names else {}
    due_on = shanghai_day(database_now()) + timedelta(days=365)
    is_conditional = blocker is not None and blocker.type.lift == LiftKind.CONDITIONAL
    return {
        "issuer": actor.organisation_name, **organisations, "due_on": due_on.isoformat(),
        **({} if blocker is None else {"blockers": blocker.number}),
        **({"condition": "房屋安全鉴定报告（×鉴字第1号）"} if is_conditional else {}),
    }  # fmt: skip


def letter_claims(project: Project) -> Callable[[ListRow], list[Claim]]:
    """Tell of each row which promise of which letter it states."""

    def claims(line: ListRow) -> list[Claim]:
        letter, promise = line.texts["letter"], line.texts["end_state"]
        if not letter:
            return []
        of_letter, of_promise = (
            {LETTER_COLUMNS.by_name(name).header: line.texts[name] for name in names}
            for names in (SAME_IN_A_LETTER, OF_A_PROMISE)
        )
        whole = Claim((letter,), of_letter, "承诺函", "是同一份函", is_alone=False)
        return (
            [whole, Claim((letter, promise), of_promise, "承诺内容", "是同一份函的同一项承诺")] if promise else [whole]
        )

    return claims


def _promise(line: ListRow, organisations: Named) -> ObligationDraft:
    texts = without_clearing(line.texts)
    return ObligationDraft(
        end_state=texts["end_state"], due_on=date.fromisoformat(texts["due_on"]), proof=texts["proof"],
        verifier=next(iter(organisations[texts["verifier"]])), responsible=texts["responsible"],
        measure=texts["measure"],
    )  # fmt: skip


def _letter_plan(
    project: Project, title: str, lines: Sequence[ListRow], organisations: Named, blockers: Mapping[str, Blocker]
) -> RowPlan:
    texts = lines[0].texts
    numbers = [number.upper() for number in split_list(texts["blockers"])]
    ends = date.fromisoformat(texts["ends"]) if texts["ends"] else None

    def do(actor: Actor) -> RowOutcome:
        promises = tuple(_promise(line, organisations) for line in lines)
        recipient, issuer = (next(iter(organisations[texts[name]])) for name in ("recipient", "issuer"))
        drafted = draft_instrument(
            actor=actor, project=project, kind=InstrumentKind.LETTER, title=title, issuer=issuer,
            clauses=[
                ClauseDraft(blockers[number], EVERYTHING, ends=ends, condition_met=texts["condition"])
                for number in numbers
            ],
            letter=LetterDraft(recipient, texts["fault"], promises, performer=project.developer),
        )  # fmt: skip
        said = f"起草{drafted.code}，{len(numbers)}条、{len(promises)}项承诺，待签署"
        return RowOutcome(said, (ChangedRow(drafted.id),))

    return RowPlan(tuple(line.row for line in lines), title, do)


def _words(letter: Letter) -> dict[str, str]:
    """What a letter says outside its promises, as the columns say it."""
    clauses = list(letter.instrument.clauses.all())
    ends = {one.ends for one in clauses}
    return {
        "issuer": letter.instrument.issuer.code,
        "recipient": letter.recipient.code,
        "blockers": "、".join(one.blocker.number for one in clauses),
        "fault": letter.fault,
        "condition": next((one.condition_met for one in clauses if one.condition_met), ""),
        "ends": str(ends.pop()) if len(ends) == 1 and None not in ends else "",
    }


def _promise_words(promise: Obligation) -> dict[str, str]:
    return {
        "end_state": promise.end_state, "due_on": promise.due_on.isoformat(), "proof": promise.proof,
        "verifier": promise.verifier.code, "responsible": promise.responsible, "measure": promise.measure,
    }  # fmt: skip


def _coded(name: str, text: str, organisations: Named) -> str:
    """A cell as `_words` would say it: an organisation by its code, numbers of blockers joined."""
    if name in ("issuer", "recipient", "verifier"):
        return next(iter(organisations[text])).code
    return "、".join(number.upper() for number in split_list(text)) if name == "blockers" else text


def _changed_letter(letter: Letter, lines: Sequence[ListRow], organisations: Named) -> RowPlan:
    """A letter that is there: its rows are its promises in their order; only a draft's are said anew."""
    rows, title = tuple(line.row for line in lines), letter.instrument.title
    words, texts = _words(letter), lines[0].texts
    differing = [
        _header(name)
        for name in SAME_IN_A_LETTER
        if texts[name] and _coded(name, texts[name], organisations) != words[name]
    ]
    if differing:
        said = f"这份函已有（{letter.instrument.code}），{'、'.join(differing)}与台账不同。请到承诺函页面修改。"
        return RowPlan(rows, title, refusal=said)
    promises = {one.ordinal: one for one in letter.obligations.all()}
    wanted: dict[int, ObligationDraft] = {}
    changes: list[Change] = []
    for ordinal, line in enumerate(lines, start=1):
        known = _promise_words(promises[ordinal]) if ordinal in promises else dict.fromkeys(OF_A_PROMISE, "")
        found = [
            (f"第{ordinal}项{LETTER_COLUMNS.by_name(name).header}", known[name], text or CLEAR)
            for name, text in wanted_words(
                {name: _coded(name, line.texts[name], organisations) for name in OF_A_PROMISE if line.texts[name]}
                | {name: "" for name in OF_A_PROMISE if not line.texts[name]},
                known,
            ).items()
        ]
        if found:
            wanted[ordinal] = _promise(_filled(line, known), organisations)
            changes += found
    if not changes:
        return RowPlan(rows, title)
    if letter.instrument.state != InstrumentState.DRAFT:
        state = letter.instrument.get_state_display()
        said = f"这份函{state}，承诺事项不能由清单改（{changes[0][0]}不同）。期限有变的请申请延期。"
        return RowPlan(rows, title, refusal=said)

    def do(actor: Actor) -> RowOutcome:
        for ordinal, draft in wanted.items():
            at = ordinal if ordinal in promises else None
            put_promise(actor=actor, instrument=letter.instrument, draft=draft, ordinal=at)
        before = {str(n): _promise_words(promises[n]) if n in promises else None for n in wanted}
        return RowOutcome(
            f"改定{letter.instrument.code}的{len(wanted)}项承诺", (ChangedRow(letter.instrument_id, before),)
        )

    return RowPlan(rows, title, do, changes=tuple(changes))


def _filled(line: ListRow, known: Mapping[str, str]) -> ListRow:
    """A row with its blank cells as they stand."""
    return ListRow(line.row, {**line.texts, **{name: line.texts[name] or known[name] for name in OF_A_PROMISE}})


def restore_promises(*, actor: Actor, letter: Instrument, before: Mapping[str, Mapping[str, str] | None]) -> None:
    """Say a draft's promises as they were before a list changed them, and drop those that it added."""
    organisations = _organisations(letter.project)
    for ordinal, words in sorted(before.items(), key=lambda one: -int(one[0])):
        if words is None:
            drop_promise(actor=actor, instrument=letter, ordinal=int(ordinal))
        else:
            draft = _promise(ListRow(0, words), organisations)
            put_promise(actor=actor, instrument=letter, draft=draft, ordinal=int(ordinal))


def known_letters(project: Project) -> list[Known]:
    """Return the letters of a project that the columns can say, a row each promise. Three queries."""
    return [
        {
            "project": project.code,
            "letter": letter.instrument.title,
            **_words(letter),
            **_promise_words(promise),
            "due_on": promise.due_on,
        }
        for letter in _letters(project)
        for promise in letter.obligations.all().order_by("ordinal")
    ]


def _organisations(project: Project) -> dict[str, set[Organisation]]:
    """The organisations of a project's places, or taking part in it, by code, name and short name. One query."""
    found: dict[str, set[Organisation]] = defaultdict(set)
    for one in organisations_near(project):
        for word in {one.code, one.name, one.short_name} - {""}:
            found[word].add(one)
    return found


def unknown_in_letters(project: Project) -> Check:
    """Say which blockers and organisations a row names that are not there, or are several. Two queries."""
    blockers = set(Blocker.objects.filter(project=project).values_list("number", flat=True))
    organisations = _organisations(project)

    def check(line: ListRow) -> list[Fault]:
        header = LETTER_COLUMNS.by_name("blockers").header
        numbers = [number.upper() for number in split_list(line.texts["blockers"])]
        wrong = [
            Fault("NOT_FOUND", f"本项目没有堵点{number}。请核对编号。", header)
            for number in numbers
            if number not in blockers
        ]
        for column in ("issuer", "recipient", "verifier"):
            name = line.texts[column]
            if name and len(organisations.get(name, ())) != 1:
                problem = "有几个，请改填单位编码" if organisations.get(name) else "没有。请按单位全称或编码填写"
                said = f"“{name}”这个单位{problem}。"
                wrong.append(Fault("NOT_FOUND", said, LETTER_COLUMNS.by_name(column).header))
        return wrong

    return check


def _header(name: str) -> str:
    return f"“{LETTER_COLUMNS.by_name(name).header}”"


def _take_back(actor: Actor, key: int, before: Before, reason: str) -> None:
    letter = Instrument.objects.select_related("project").get(pk=key)
    if before is None:
        withdraw_draft(actor=actor, instrument=letter, reason=reason)
    else:
        restore_promises(actor=actor, letter=letter, before=before)


LETTER_LIST: Final = ListKind(
    "letters",
    "承诺函",
    columns=LETTER_COLUMNS,
    limits={"letter": 120, "condition": 300, "end_state": 200, "proof": 120, "responsible": 40, "measure": 200},
    example={
        "project": "CY-0001", "letter": "关于拆除底商夹层、恢复规划用途的承诺函", "issuer": "某某乡人民政府",
        "recipient": "规自分局", "blockers": "F01-0001", "fault": "开发建设单位欠缴土地出让金",
        "end_state": "拆除底商夹层，恢复规划用途", "due_on": "2023-06-30", "proof": "拆除前后照片、验收记录", "verifier": "规自分局",
    },
    rules=(
        "一个承诺事项一行，“承诺函”相同的行是同一份函，按行序是第一项、第二项。",
        "仅起草和修改草稿，不签署；签署、复核在承诺函页面办理。",
    ),
    sent_by=Permission.INSTRUMENT_DRAFT,
    undone_by=Permission.INSTRUMENT_DRAFT,
    clearable=frozenset({"responsible", "measure"}),
    claims=letter_claims,
    example_in=letter_example,
    listed=listed_names,
    check=unknown_in_letters,
    plan=plan_letter_rows,
    known=known_letters,
    take_back=_take_back,
    table="commitments_instrument",
    together="承诺函",
)  # fmt: skip
LISTS: Final = (LETTER_LIST,)
