"""Who may issue which paper, about what in which state, under whose head and number: one table for every caller.

The head of a paper is the organisation of who issues it, its number that organisation's; neither is ever typed. A
letter is its own paper: what was signed, under the number and the day of its signature. Source: words §5.4.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from commitments.choices import ANSWERING, RUNNING, InstrumentKind, InstrumentState
from commitments.models import Instrument, Obligation
from documents.papers.subjects import WRONG_STATE, Record, Subject, owner_of, state_of
from projects.gates.selectors.building import reasons_of
from projects.ledger.models import Project, Unit
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, Reason, ReasonKind
from registry.kernel.gates.calls import full_day
from registry.kernel.gates.spoken import MATTERS
from registry.kernel.stages import STAGES, Standing, Track


class PaperRefused(DomainError):
    """A paper that can't be issued, opened or voided."""


class Day(Enum):
    """The day that a paper bears: of its issue, of the act that it tells of, of the signature."""

    TODAY = "today"
    STATED = "stated"
    SIGNED = "signed"


class Check(Enum):
    """Who besides the drafter a paper goes through before it is numbered."""

    NONE = "无须核稿"  # to families, lists, material of meetings; a rung, whose day and text its own service holds
    DECIDED = "所依事项已由两人办理"  # the letter was signed, verified or closed by others than who drafted it
    OWN = "核稿签发"  # by another person of the issuing organisation
    COUNTERSIGN = "会签"  # by another person of the organisation, or of the district's task force


@dataclass(frozen=True)
class Power:
    """One line of the table.

    `roles` issue it, at an organisation of one of `organs`; `states` are those of its subject; `who` says in words
    whose paper it is. `series` makes the number's prefix from the organ and the project; without it the subject bears
    the number.
    `is_live_once`: of a kind and a subject one paper is in force; another is issued when that one is void.
    `check` is who else sees it before it is numbered: 核稿, 会签.
    `state` is what the paper says of a home: asked anew under the lock; a snapshot that says another is refused.
    """

    roles: frozenset[Role]
    organs: frozenset[str]
    who: str
    states: frozenset[str]
    series: Callable[[Organisation, Project | None], str] | None
    day: Day = Day.TODAY
    is_live_once: bool = False
    state: Callable[[Unit, date], dict[str, Any]] | None = None
    check: Check = Check.NONE

    @property
    def is_checked(self) -> bool:
        """Return whether a second person numbers it."""
        return self.check in (Check.OWN, Check.COUNTERSIGN)


def _of_organ(word: str) -> Callable[[Organisation, Project | None], str]:
    """Number by the 机关代字 of the organ; one that has none goes by its registered name: no prefix is invented."""
    return lambda organ, project: f"{(organ.document_prefix or organ.name)[: 39 - len(word)]}{word}"


def _of_project(word: str = "") -> Callable[[Organisation, Project | None], str]:
    """Number what is no official document by the project."""

    def prefix(organ: Organisation, project: Project | None) -> str:
        code = project.code if project else organ.code
        return f"{code}-{word}" if word else code.replace("-", "")

    return prefix


TASK_FORCES: Final = frozenset({OrganisationKind.CITY_TASK_FORCE.value, OrganisationKind.DISTRICT_TASK_FORCE.value})
TOWNSHIPS: Final = frozenset({OrganisationKind.TOWNSHIP.value, OrganisationKind.GOVERNMENT.value})
HANDERS: Final = TOWNSHIPS | frozenset({"developer", "registration_centre", "district_task_force"})
PRESSING: Final = frozenset({Role.CITY, Role.DISTRICT, Role.DEPARTMENT})
RUNNING_STATES: Final = frozenset(state.value for state in RUNNING)
DRAFTED: Final = frozenset({InstrumentState.DRAFT.value, InstrumentState.COUNTERSIGN.value})
BEFORE_ISSUE: Final = ("waiting", "notified", "collected", "accepted", "recorded", "printed")
ABOVE: Final = TASK_FORCES | {OrganisationKind.GOVERNMENT.value}


def notice_state(unit: Unit, on: date) -> dict[str, Any]:
    """Return what a notice may say of a home on a day, as primitives: ready, or what keeps it from acceptance.

    Refused: a home in the at-fault part of a blocker, which is mended before it is invited to anything; a place that
    the district does not register.
    """
    return notice_state_of(reasons_of(unit, on=on))


def notice_state_of(reasons: Sequence[Reason]) -> dict[str, Any]:
    """Return the same from the reasons of a home, for who asks for many. No query."""
    of = {kind: [reason for reason in reasons if reason.kind == kind] for kind in ReasonKind}
    if of[ReasonKind.FAULT]:
        fault = of[ReasonKind.FAULT][0]
        raise PaperRefused(
            f"本户在堵点{fault.blocker}的过错范围内（{fault.label}），整改并经核验前不出具办证通知书。", code="state"
        )
    if of[ReasonKind.BARRED]:
        raise PaperRefused(f"{of[ReasonKind.BARRED][0].label}，不出具办证通知书。", code="state")
    if of[ReasonKind.PAUSED]:
        pause = of[ReasonKind.PAUSED][0]
        return {"code": "paused", "organ": pause.holder, "since": full_day(pause.since)}
    shut = {gate for kind in (ReasonKind.BLOCKED, ReasonKind.MISSING) for reason in of[kind] for gate in reason.gates}
    gates = [gate.label for gate in Gate.building_gates() if gate in shut]
    if gates:
        return {"code": "building", "gates": gates}
    own = [
        MATTERS.get(reason.type_code, (reason.public or reason.gates[0].label, ""))[0]
        for reason in of[ReasonKind.BLOCKED]
    ]
    if own:
        return {"code": "matter", "matters": own}
    return {"code": "ready"}


def _pressing(word: str, who: str, organs: frozenset[str]) -> Power:
    """A rung of the ladder; the district's own setting (`commitments.services.senders`) narrows who sends it."""
    return Power(PRESSING, organs, who, RUNNING_STATES, _of_organ(word), Day.STATED)


def _to_families(word: str, *states: str, **more: Any) -> Power:
    """A paper of the on-site office to a family."""
    return Power(
        frozenset({Role.TOWNSHIP, Role.DEVELOPER}), TOWNSHIPS | {OrganisationKind.DEVELOPER.value},
        "乡镇人民政府、街道办事处或开发建设单位", frozenset(states), _of_project(word), **more,
    )  # fmt: skip


def _by_task_force(series: Callable[[Organisation, Project | None], str], who: str, organs: frozenset[str]) -> Power:
    """A paper of figures: of a project, or of a month or a day of no one project."""
    return Power(frozenset({Role.CITY, Role.DISTRICT}), organs, who, frozenset(), series)


POWERS: Final[Mapping[str, Power]] = {
    "collection_receipt": _to_families("CL", "waiting", "notified", "collected"),
    "supplement_notice": _to_families("BC", "waiting", "notified", "collected"),
    "cert_notice": _to_families("", "waiting", "notified", is_live_once=True, state=notice_state),
    "power_of_attorney": _to_families("WT", *BEFORE_ISSUE),
    "booking_slip": _to_families("YY", *BEFORE_ISSUE),
    "claim_notice": _to_families("LZ", "printed", is_live_once=True),
    "closing_record": Power(
        roles=frozenset({Role.CITY, Role.DISTRICT}),
        organs=TASK_FORCES,
        who="市、区工作专班",
        states=frozenset({InstrumentState.CLOSED.value}),
        series=_of_project("XH"),
        is_live_once=True,
        check=Check.DECIDED,
    ),
    "commitment": Power(
        roles=frozenset({Role.TOWNSHIP}),
        organs=TOWNSHIPS,
        who="签署该函的乡镇人民政府、街道办事处",
        states=frozenset(state.value for state in ANSWERING),
        series=None,
        day=Day.SIGNED,
        is_live_once=True,
        check=Check.DECIDED,
    ),
    "urging": _pressing("催", "工作专班或本区规定的督促单位", ABOVE | {OrganisationKind.DEPARTMENT.value}),
    "supervision": _pressing("督", "区人民政府办公室", ABOVE),
    "circular": _pressing("通", "区人民政府办公室或领导小组", ABOVE),
    "summons": _pressing("约", "区人民政府办公室", ABOVE),
    "brief": _by_task_force(_of_project("JB"), "市、区工作专班", TASK_FORCES),
    "agenda": Power(
        roles=frozenset({Role.CITY, Role.DISTRICT}),
        organs=TASK_FORCES,
        who="召开会议的工作专班",
        states=frozenset(),
        series=_of_project("YC"),
    ),
    "minutes": Power(
        roles=frozenset({Role.CITY, Role.DISTRICT}),
        organs=ABOVE,
        who="召开会议的工作专班",
        states=frozenset({"meeting"}),
        series=_of_organ("纪"),
        is_live_once=True,
        check=Check.OWN,
    ),
    "whistle_sheet": Power(
        roles=frozenset({Role.TOWNSHIP}),
        organs=TOWNSHIPS,
        who="吹哨的乡镇人民政府、街道办事处",
        states=frozenset({"running", "closed"}),
        series=_of_project("CS"),
        is_live_once=True,
    ),
    "handover_list": Power(
        roles=frozenset({Role.DISTRICT, Role.TOWNSHIP, Role.DEVELOPER, Role.REGISTRATION_CENTRE}),
        organs=HANDERS,
        who="移交方、接收方",
        states=frozenset({"sent", "certificates"}),
        series=_of_project("YJ"),
    ),
    "signature_sheet": Power(
        roles=frozenset({Role.TOWNSHIP, Role.DEVELOPER, Role.REGISTRATION_CENTRE}),
        organs=HANDERS,
        who="保管证书的发证单位",
        states=frozenset({"certificates"}),
        series=_of_project("QS"),
    ),
    "extension_reply": Power(
        roles=frozenset({Role.CITY, Role.DISTRICT}),
        organs=ABOVE,
        who="同意延期的工作专班或区人民政府",
        states=frozenset({"extended"}),
        series=_of_organ("复"),
        is_live_once=True,
        check=Check.OWN,
    ),
    "rectification": Power(
        roles=frozenset({Role.TOWNSHIP}),
        organs=TOWNSHIPS,
        who="签署承诺函的乡镇人民政府、街道办事处",
        states=RUNNING_STATES,
        series=_of_organ("改"),
        check=Check.COUNTERSIGN,
    ),
    "interview_record": Power(
        roles=PRESSING,
        organs=ABOVE,
        who="发出约谈通知的单位",
        states=frozenset({"summoned"}),
        series=_of_project("YT"),
        is_live_once=True,
    ),
    "undertaking": Power(
        roles=frozenset({Role.DEVELOPER}),
        organs=frozenset({OrganisationKind.DEVELOPER.value}),
        who="承诺函所列的整改主体",
        states=frozenset(
            {InstrumentState.DRAFT.value, InstrumentState.COUNTERSIGN.value, *(state.value for state in ANSWERING)}
        ),
        series=_of_project("QY"),
        is_live_once=True,
    ),
    "month_bulletin": _by_task_force(_of_organ("通报"), "市、区工作专班（领导小组办公室）", TASK_FORCES),
    "month_circular": _by_task_force(_of_organ("通"), "领导小组或人民政府办公室", ABOVE),
    "progress_flash": _by_task_force(_of_organ("快报"), "市、区工作专班", TASK_FORCES),
}


# What the staff of a developer read of its project, beside what is addressed to it and what it issued: organs press and
# brief one another in papers of their own.
OPEN_TO_DEVELOPERS: Final = frozenset(
    {"cert_notice", "claim_notice", "collection_receipt", "supplement_notice", "power_of_attorney",
     "booking_slip", "commitment", "closing_record", "undertaking"}
)  # fmt: skip


def may_issue(actor: Actor, kind: str) -> bool:
    """Return whether a role issues a kind at all: what pages offer. No query."""
    return not actor.is_system and actor.role in POWERS[kind].roles


def may_check(actor: Actor, kind: str, organ_id: int) -> bool:
    """Return whether an actor checks and numbers a paper of an organisation: a colleague, or who countersigns.

    No query.
    """
    power = POWERS[kind]
    is_own = actor.organisation_id == organ_id and actor.role in power.roles
    return power.is_checked and (is_own or (power.check is Check.COUNTERSIGN and actor.role == Role.DISTRICT))


def organ_for(actor: Actor, kind: str, label: str) -> Organisation:
    """Return the organisation under whose head an actor issues a kind. One query.

    Refused: the system, a role that doesn't issue it, an organisation that isn't of the kind that does.
    """
    power = POWERS[kind]
    if actor.is_system or actor.organisation_id is None:
        raise PaperRefused(f"{label}由{power.who}的人员出具，系统不能代为出具。", code="no_power")
    if actor.role not in power.roles:
        raise PaperRefused(f"{actor.role.label}不能出具{label}。{label}由{power.who}出具。", code="no_power")
    organ = Organisation.objects.get(pk=actor.organisation_id)
    if organ.kind not in power.organs:
        raise PaperRefused(f"{organ}不能出具{label}。{label}由{power.who}出具。", code="no_power")
    return organ


def require_subject(kind: str, label: str, subject: Subject, organ: Organisation) -> None:
    """Refuse a subject that is not in a state in which its paper may be issued, or is not the organ's. No query.

    The subject is read under its lock.
    """
    power = POWERS[kind]
    if isinstance(subject, Unit):
        _require_unit(power, label, subject)
    elif isinstance(subject, Instrument):
        _require_instrument(power, label, subject, organ)
    elif isinstance(subject, Record):
        _require_record(power, label, subject, organ)
    elif subject.merged_into_id is not None:
        raise PaperRefused(f"{subject.code}已并入另一个项目，不能出具{label}。请到合并后的项目办理。", code="state")


def may_draft(actor: Actor, instrument: Instrument) -> bool:
    """Return whether somebody works on a letter that is not signed yet: its issuer, and the task forces. No query."""
    is_letter = getattr(instrument, "letter", None) is not None and instrument.state in DRAFTED
    return is_letter and (actor.role in (Role.CITY, Role.DISTRICT) or instrument.issuer_id == actor.organisation_id)


def require_draft(actor: Actor, instrument: Instrument) -> None:
    """Refuse a draft of what is no letter, is signed, or is another organ's."""
    if not may_draft(actor, instrument):
        raise PaperRefused(
            f"“{instrument}”没有可下载的草稿：草稿仅限未签署的承诺函，由起草单位和专班下载。已签署的请打开存档文件。",
            code="state",
        )


def require_state(kind: str, subject: Subject, snapshot: Mapping[str, Any], on: date) -> None:
    """Refuse a paper that says of a home what is no longer so. The home is read under its lock. Ten queries."""
    state = POWERS[kind].state
    if state is not None and isinstance(subject, Unit) and snapshot.get("state") != state(subject, on):
        raise PaperRefused(
            "本户的办理情况已变动，通知书的内容与现状不符，没有出具。请重新打开该户后出具。", code="changed"
        )


def _require_unit(power: Power, label: str, unit: Unit) -> None:
    if unit.standing != Standing.ACTIVE:
        raise PaperRefused(f"本户状态为“{Standing(unit.standing).label}”，不能出具{label}。", code="state")
    if unit.certificate not in power.states:
        labels = {stage.code: stage.label for stage in STAGES[Track.CERTIFICATE]}
        allowed = "、".join(f"“{labels[code]}”" for code in labels if code in power.states)
        raise PaperRefused(
            f"本户办证阶段为“{labels.get(unit.certificate, unit.certificate)}”，不能出具{label}。{label}仅限{allowed}的户。",
            code="state",
        )


def _require_instrument(power: Power, label: str, instrument: Instrument, organ: Organisation) -> None:
    state = InstrumentState(instrument.state)
    if instrument.kind != InstrumentKind.LETTER:
        raise PaperRefused(f"{instrument}不是承诺函，不能出具{label}。", code="state")
    if state not in power.states:
        allowed = "、".join(f"“{each.label}”" for each in InstrumentState if each in power.states)
        raise PaperRefused(
            f"承诺函的状态为“{state.label}”，不能出具{label}。{label}仅限{allowed}的承诺函。", code="state"
        )
    performer = instrument.letter.performer
    if organ.kind == OrganisationKind.DEVELOPER and (performer is None or performer.name != organ.name):
        named = f"承诺函所列的整改主体是{performer.name}" if performer else "承诺函未列整改主体"
        raise PaperRefused(f"{named}，{organ}不能出具{label}。", code="no_power")
    if power.day is Day.SIGNED and instrument.issuer_id != organ.pk:
        raise PaperRefused(f"{label}由签署该函的{instrument.issuer}出具，{organ}不能代为出具。", code="no_power")


def _require_record(power: Power, label: str, record: Record, organ: Organisation) -> None:
    state = state_of(record)
    if state not in power.states:
        said = WRONG_STATE.get(state, f"现在的状态不能出具{label}。请核对后从办理页面出具。")
        raise PaperRefused(said, code="state")
    owner = owner_of(record)
    if owner is not None and owner != organ.pk:
        raise PaperRefused(f"{label}由{power.who}出具，{organ}不能代为出具。", code="no_power")
    if isinstance(record, Obligation) and record.letter.performer is None:
        raise PaperRefused(f"承诺函未列整改主体，{label}没有收件单位。请先在承诺函里补列整改主体。", code="state")
