"""Drafting an instrument: which blockers it lifts, for whom, and what is promised for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from commitments.choices import ANSWERING
from commitments.models import Clause, Instrument, InstrumentKind, Letter, Obligation, ObligationClause
from commitments.services.powers import InstrumentRefused, require_led
from projects.casework.models import Policy
from projects.casework.services.policies import require_covered
from projects.gates.models import Blocker, BlockerType, BlockerVersion, LiftKind
from projects.gates.selectors.scopes import scope_count
from projects.ledger.locks import lock_project
from projects.ledger.models import Developer, Project
from projects.ledger.services.participation import take_part
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError, gathered, raise_together
from registry.kernel.gates import ReliefFact
from registry.kernel.scope import NOTHING, Scope
from registry.store.acts import Row, current_act, within_act, write
from registry.store.bulk import reserve_keys


@dataclass(frozen=True)
class ClauseDraft:
    """A clause as drafted: the blocker, the units in scope, those out of it, from when until when."""

    blocker: Blocker
    scope_in: Scope
    scope_out: Scope = NOTHING
    starts: date | None = None
    ends: date | None = None
    condition_met: str = ""


@dataclass(frozen=True)
class ObligationDraft:
    """A promise as drafted; `backs` are the ordinals of the clauses that rest on it (empty = all)."""

    end_state: str
    due_on: date | None
    proof: str
    verifier: Organisation | None
    place: str = ""
    measure: str = ""
    responsible: str = ""
    backs: tuple[int, ...] = ()


@dataclass(frozen=True)
class LetterDraft:
    """What a letter has beside its clauses."""

    recipient: Organisation
    fault: str
    obligations: tuple[ObligationDraft, ...]
    performer: Developer | None = None
    supervisor: Organisation | None = None
    liability: str = ""
    advance_source: str = ""
    undertaking_no: str = ""
    inspect_every: int = 30


FORCE = (Role.CITY, Role.DISTRICT)
MAX_INSPECT_EVERY = 365
DECISION_LIFTS = {
    InstrumentKind.FEE_DECOUPLED: {"F01"},
    InstrumentKind.TAX_DECOUPLED: {"F02"},
    InstrumentKind.APPLICANT: {"J01", "J02", "J03"},
    InstrumentKind.CREDITOR_CONSENT: {"E01"},
    InstrumentKind.COURT: {"E01", "E02", "E03", "E04", "J02", "J04"},
    InstrumentKind.GOVERNMENT_REPLY: {"F01", "F02", "F04", "L01", "L05", "P01", "O01", "O02", "O99"},
    InstrumentKind.OPINION: {"P01", "P02", "A01", "A05", "O01", "O99"},
}


def may_lift(kind: InstrumentKind, type: BlockerType, policy: Policy | None = None) -> bool:
    """Return whether an instrument of a kind may lift blockers of a type. Source: domain §1.4, §11.2.

    A decision under a policy may lift what the policy names (`require_covered` has asked); a letter never more than
    what a promise can answer for.
    """
    if policy is not None and kind != InstrumentKind.LETTER:
        return type.lift != LiftKind.NOTHING
    if kind == InstrumentKind.LETTER:
        return type.lift in (LiftKind.LETTER, LiftKind.CONDITIONAL)
    return type.code in DECISION_LIFTS[kind]


@write(Permission.INSTRUMENT_DRAFT, on="project", once=True)
def draft_instrument(
    *,
    actor: Actor,
    project: Project,
    kind: InstrumentKind,
    title: str,
    issuer: Organisation,
    clauses: Sequence[ClauseDraft],
    basis: str = "",
    letter: LetterDraft | None = None,
    supersedes: Instrument | None = None,
    policy: Policy | None = None,
) -> Instrument:
    """Lay down a draft. It lifts nothing until it is signed and approved.

    Refused: no clause; a blocker of another project, resolved, or of a type that this kind may not lift; a C type
    without its recorded condition; a scope that catches nothing; an end before the start; a letter without
    obligations; a draft in the name of another organisation, but by the task force; an obligation without date, proof
    or verifier, or verified by the promisor itself; homes for which
    another letter already answers, unless this one supersedes it; a policy that is not in force or does not lift the
    type, or whose condition is not shown to be met.
    """
    lock_project(project.pk)
    act = current_act()
    if issuer.pk != actor.organisation_id and actor.role not in FORCE and not actor.is_system:
        raise InstrumentRefused(
            f"{actor.organisation_name}不能替{issuer}起草。请由承诺单位或工作专班起草。",
            code="not_promisor",
            field="issuer",
        )
    faults = gathered(
        partial(require_policy, project, policy, clauses),
        *(partial(require_led, actor, project, kind, each.blocker) for each in clauses),
        partial(_require_letter, kind, issuer, letter),
        partial(_require_successor, project, kind, supersedes),
    )
    raise_together((*clause_faults(project, kind, clauses, policy), *faults))
    key = reserve_keys(Instrument, 1)[0]
    instrument: Instrument = Instrument.objects.create(
        id=key,
        project=project,
        code=f"C-{key:05d}",
        kind=kind,
        title=title.strip() or f"关于{project.name}的{kind.label}",
        issuer=issuer,
        basis=basis or (f"{policy.number}《{policy.title}》" if policy else ""),
        supersedes=supersedes,
        policy=policy,
        drafted_by_id=actor.person_id,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )
    written = [
        Clause.objects.create(
            instrument=instrument,
            ordinal=ordinal,
            blocker=clause.blocker,
            scope_in=clause.scope_in.to_data(),
            scope_out=(clause.scope_out | at_fault_of(clause.blocker)).to_data(),
            starts=clause.starts,
            ends=clause.ends,
            condition_met=clause.condition_met,
            act_id=act.id,
        )
        for ordinal, clause in enumerate(clauses, start=1)
    ]
    if letter is not None:
        _write_letter(instrument, letter, written)
    require_no_contradiction(instrument)

    record(
        event="instrument.drafted",
        subject=instrument,
        chain=project.id,
        facts={"kind": kind.label, "title": instrument.title},
        rows=[Row.added(instrument, "code")],
    )
    return instrument


def clause_faults(
    project: Project, kind: InstrumentKind, clauses: Sequence[ClauseDraft], policy: Policy | None = None
) -> list[DomainError]:
    """Return all that is wrong with the clauses of a draft, none raised. Two queries a clause."""
    if not clauses:
        return [InstrumentRefused("未填写条款。请至少填写一条，写明解除的堵点和适用的户。", field="clauses")]
    return gathered(
        *(
            partial(require_clause, project, kind, ordinal, clause, policy)
            for ordinal, clause in enumerate(clauses, start=1)
        )
    )


def _require_successor(project: Project, kind: InstrumentKind, supersedes: Instrument | None) -> None:
    if supersedes is None:
        return
    if kind != InstrumentKind.LETTER or supersedes.kind != InstrumentKind.LETTER:
        raise InstrumentRefused("只有承诺函可以替代承诺函。", field="supersedes")
    if supersedes.project_id != project.id or supersedes.state not in ANSWERING:
        raise InstrumentRefused("被替代的函不是本项目的，或者已经不在履行。请重新选择。", field="supersedes")


def require_no_contradiction(instrument: Instrument) -> None:
    """Refuse a letter for homes whose same blocker another letter already lifts. Three queries a clause.

    Two promises for one thing leave nobody answerable. Drafts don't count; nor does the letter that this supersedes.
    """
    if instrument.kind != InstrumentKind.LETTER:
        return
    own = list(instrument.clauses.select_related("blocker").order_by("ordinal"))
    others = Clause.objects.filter(
        blocker__in=[clause.blocker_id for clause in own],
        instrument__kind=InstrumentKind.LETTER,
        instrument__state__in=ANSWERING,
    ).exclude(instrument__in=[key for key in (instrument.pk, instrument.supersedes_id) if key])
    for other in others.select_related("instrument__issuer"):
        for clause in own:
            if clause.blocker_id != other.blocker_id or not _overlap(clause, other):
                continue
            both = scope_count(project_id=instrument.project_id, scope=_lifted(clause) & _lifted(other)).units
            if both:
                raise InstrumentRefused(
                    f"{clause.blocker.number}的{both}户已由{other.instrument.issuer}的{other.instrument}承诺。"
                    "同一批户的同一堵点只能由一份承诺函承担。请缩小适用范围，或在“替代”中选择该函。",
                    code="contradiction",
                    field="clauses",
                )


def _lifted(clause: Clause) -> Scope:
    return Scope.from_data(clause.scope_in) - Scope.from_data(clause.scope_out)


def _overlap(one: Clause, other: Clause) -> bool:
    starts = max(filter(None, (one.starts, other.starts)), default=None)
    ends = min(filter(None, (one.ends, other.ends, other.instrument.ended_on)), default=None)
    return starts is None or ends is None or starts < ends


def require_policy(project: Project, policy: Policy | None, clauses: Iterable[ClauseDraft | Clause]) -> None:
    """Refuse clauses that the policy an instrument rests on does not cover. Three queries."""
    if policy is not None:
        shown = {clause.blocker.type.code: clause.condition_met for clause in clauses}
        require_covered(policy, district_code=project.district_code, types=shown, on=current_act().today)


def require_clause(
    project: Project, kind: InstrumentKind, ordinal: int, clause: ClauseDraft, policy: Policy | None = None
) -> None:
    """Refuse a clause that lifts what it may not, nothing, or nobody. Two queries."""
    blocker = clause.blocker
    if blocker.project_id != project.id:
        raise InstrumentRefused(f"第{ordinal}条的堵点不是本项目的。请重新选择。", field="clauses")
    if blocker.resolved_on is not None or blocker.withdrawn_reason:
        raise InstrumentRefused(f"第{ordinal}条的堵点{blocker.number}已解决或撤销，不需要再解。", field="clauses")
    if not may_lift(kind, blocker.type, policy):
        raise InstrumentRefused(
            f"{blocker.number}（{blocker.type.label}）不能凭{kind.label}解除：{blocker.type.get_lift_display()}。"
            f"化解路径：{blocker.type.paths or '实际办结'}。",
            code="not_liftable",
            field="clauses",
        )
    if blocker.type.lift == LiftKind.CONDITIONAL and kind == InstrumentKind.LETTER and not clause.condition_met.strip():
        raise InstrumentRefused(
            f"{blocker.number}只能附条件承诺：{blocker.type.condition}。请先写明条件已满足的依据（文号、日期）。",
            code="condition_missing",
            field="clauses",
        )
    if clause.starts and clause.ends and clause.ends <= clause.starts:
        raise InstrumentRefused(f"第{ordinal}条的终止日期必须晚于起始日期。", field="clauses")
    scope = clause.scope_in - clause.scope_out - at_fault_of(blocker)
    if scope_count(project_id=project.id, scope=scope).units == 0:
        raise InstrumentRefused(
            f"第{ordinal}条适用范围内没有符合条件的户（过错户由系统排除）。请检查适用范围。", field="clauses"
        )


def _require_letter(kind: InstrumentKind, issuer: Organisation, letter: LetterDraft | None) -> None:
    if kind != InstrumentKind.LETTER:
        return
    if letter is None or not letter.obligations:
        raise InstrumentRefused(
            "承诺函未填写承诺事项。请至少填写一项，写明内容、期限、凭证和核验单位。", field="obligations"
        )
    promises = enumerate(letter.obligations, start=1)
    raise_together(gathered(*(partial(require_promise, issuer, ordinal, promise) for ordinal, promise in promises)))


def require_promise(issuer: Organisation, ordinal: int, promise: ObligationDraft) -> None:
    """Refuse a promise without end state, day, proof or verifier, or verified by who promises."""
    missing = [
        label
        for label, value in (
            ("任务内容", promise.end_state.strip()),
            ("期限", promise.due_on),
            ("凭证", promise.proof.strip()),
            ("核验单位", promise.verifier),
        )
        if not value
    ]
    if missing:
        raise InstrumentRefused(f"第{ordinal}项承诺未填写{'、'.join(missing)}。", field="obligations")
    if promise.verifier is not None and promise.verifier.pk == issuer.pk:
        raise InstrumentRefused(
            f"第{ordinal}项承诺的核验单位不得为承诺单位。请选择负责该环节的部门。", field="obligations"
        )


def at_fault_of(blocker: Blocker) -> Scope:
    """Return the units at fault for a blocker, which nothing lifts. One query."""
    version = BlockerVersion.objects.filter(blocker=blocker).order_by("-effective_on", "-id").first()
    return Scope.from_data(version.at_fault) if version else NOTHING


def reliefs_of(clauses: Iterable[ClauseDraft], *, on: date) -> list[ReliefFact]:
    """Return what clauses that are written nowhere yet would lift from a day on. One query a clause."""
    return [
        ReliefFact(
            blocker_id=clause.blocker.pk,
            scope=clause.scope_in - clause.scope_out - at_fault_of(clause.blocker),
            starts=clause.starts or on,
            ends=clause.ends,
            label="本函",
            is_commitment=True,
        )
        for clause in clauses
    ]


def require_rhythm(days: int) -> None:
    """Refuse a rhythm of inspections that nobody keeps, or none."""
    if not 1 <= days <= MAX_INSPECT_EVERY:
        raise InstrumentRefused(f"现场检查间隔须在1至{MAX_INSPECT_EVERY}日之间。", field="inspect_every")


def _write_letter(instrument: Instrument, letter: LetterDraft, clauses: Sequence[Clause]) -> None:
    require_rhythm(letter.inspect_every)
    stored = Letter.objects.create(
        instrument=instrument,
        recipient=letter.recipient,
        performer=letter.performer,
        supervisor=letter.supervisor,
        fault=letter.fault,
        liability=letter.liability,
        advance_source=letter.advance_source,
        undertaking_no=letter.undertaking_no,
        inspect_every=letter.inspect_every,
    )
    for ordinal, promise in enumerate(letter.obligations, start=1):
        write_promise(stored, ordinal, promise, clauses)


@within_act
def write_promise(
    letter: Letter,
    ordinal: int,
    promise: ObligationDraft,
    clauses: Sequence[Clause],
    *,
    kept: Obligation | None = None,
) -> Obligation:
    """Lay down one promise of a draft, or say the one kept anew, with the clauses it backs. In an act."""
    obligation = kept or Obligation(letter=letter, ordinal=ordinal, act_id=current_act().id)
    for name in ("end_state", "place", "measure", "responsible", "due_on", "proof", "verifier"):
        setattr(obligation, name, getattr(promise, name))
    obligation.original_due_on = obligation.due_on
    obligation.save()
    take_part(letter.instrument.project, obligation.verifier)
    obligation.backs.all().delete()
    backed = [clause for clause in clauses if not promise.backs or clause.ordinal in promise.backs]
    ObligationClause.objects.bulk_create(ObligationClause(obligation=obligation, clause=c) for c in backed)
    return obligation
