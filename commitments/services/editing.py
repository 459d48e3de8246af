"""Changing a draft until it is signed: what it says, its clauses one by one, its promises one by one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from commitments.locks import lock_instrument
from commitments.models import Clause, Instrument, InstrumentKind, InstrumentState, Letter, Obligation, ObligationClause
from commitments.services.common import require_state
from commitments.services.drafting import (
    ClauseDraft,
    ObligationDraft,
    at_fault_of,
    require_clause,
    require_no_contradiction,
    require_policy,
    require_promise,
    require_rhythm,
    write_promise,
)
from commitments.services.powers import InstrumentRefused, require_led
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.scope import Scope
from registry.store.acts import Row, current_act, values_of, write
from registry.store.versions import UNSEEN, Seen

INSTRUMENT_FIELDS = ("title", "basis")
CLAUSE_FIELDS = ("blocker", "condition_met", "scope_in", "scope_out", "starts", "ends")
TOLD_OF_CLAUSE = ("blocker_id", *CLAUSE_FIELDS[1:])
PROMISE_FIELDS = ("end_state", "place", "measure", "responsible", "due_on", "proof", "verifier")
TOLD_OF_PROMISE = (*PROMISE_FIELDS[:-1], "verifier_id")
LETTER_FIELDS = (
    "recipient",
    "performer",
    "supervisor",
    "fault",
    "liability",
    "advance_source",
    "undertaking_no",
    "inspect_every",
)


def _draft(actor: Actor, instrument: Instrument) -> Instrument:
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.DRAFT)
    if actor.organisation_id != current.issuer_id and not actor.is_system:
        raise InstrumentRefused(f"只能由{current.issuer}的人修改自己的草稿。", code="not_promisor")
    return current


def _record(instrument: Instrument, *rows: Row) -> None:
    record(
        event="instrument.changed",
        subject=instrument,
        chain=instrument.project_id,
        facts={"kind": InstrumentKind(instrument.kind).label, "title": instrument.title},
        rows=rows,
    )


@write(Permission.INSTRUMENT_DRAFT, on="instrument")
def change_draft(*, actor: Actor, instrument: Instrument, words: Mapping[str, Any], seen: Seen = UNSEEN) -> Instrument:
    """Change what a draft says beside its clauses and promises: title, basis, and a letter's parties.

    Refused: signed already, another unit's draft, no title, a letter without its fault and cause, a rhythm
    of inspections under a day or over a year.
    """
    current = _draft(actor, instrument)
    letter = Letter.objects.filter(instrument=current).first()
    stored = values_of(current, INSTRUMENT_FIELDS) | (values_of(letter, LETTER_FIELDS) if letter else {})
    words = seen.merge(stored, words, current, *([letter] if letter else []))
    if not str(words.get("title", current.title)).strip():
        raise InstrumentRefused("未填写标题。", field="title")
    if letter is not None and not str(words.get("fault", letter.fault)).strip():
        raise InstrumentRefused("未填写问题和成因。", field="fault")
    if letter is not None:
        require_rhythm(int(words.get("inspect_every", letter.inspect_every)))
    before = {name: getattr(current, name) for name in INSTRUMENT_FIELDS}
    for name in INSTRUMENT_FIELDS:
        setattr(current, name, words.get(name, getattr(current, name)))
    current.save(update_fields=list(INSTRUMENT_FIELDS))
    rows = Row.if_changed(current, before)
    if letter is not None:
        known = values_of(letter, [letter._meta.get_field(name).attname for name in LETTER_FIELDS])
        for name in LETTER_FIELDS:
            setattr(letter, name, words.get(name, getattr(letter, name)))
        letter.save(update_fields=list(LETTER_FIELDS))
        rows += Row.if_changed(letter, known)

    _record(current, *rows)
    return current


@write(Permission.INSTRUMENT_DRAFT, on="instrument", once=True)
def put_clause(
    *,
    actor: Actor,
    instrument: Instrument,
    draft: ClauseDraft,
    ordinal: int | None = None,
    seen: Seen = UNSEEN,
) -> Clause:
    """Add a clause to a draft, or say the one of an ordinal anew; every promise backs a clause that is added.

    Refused: signed already, another unit's draft, no such clause, whatever drafting refuses.
    """
    current = _draft(actor, instrument)
    clauses = list(current.clauses.order_by("ordinal"))
    kept = next((one for one in clauses if one.ordinal == ordinal), None)
    if ordinal is not None and kept is None:
        raise InstrumentRefused(f"没有第{ordinal}条。", field="clauses")
    number = kept.ordinal if kept else len(clauses) + 1
    draft = _merged_clause(seen, draft, kept) if kept else draft
    require_policy(current.project, current.policy, [draft])
    require_led(actor, current.project, InstrumentKind(current.kind), draft.blocker)
    require_clause(current.project, InstrumentKind(current.kind), number, draft, current.policy)
    before = values_of(kept, TOLD_OF_CLAUSE) if kept else None
    clause = kept or Clause(instrument=current, ordinal=number, act_id=current_act().id)
    clause.blocker, clause.condition_met = draft.blocker, draft.condition_met
    clause.scope_in = draft.scope_in.to_data()
    clause.scope_out = (draft.scope_out | at_fault_of(draft.blocker)).to_data()
    clause.starts, clause.ends = draft.starts, draft.ends
    clause.save()
    if kept is None:
        promises = Obligation.objects.filter(letter__instrument=current)
        ObligationClause.objects.bulk_create(ObligationClause(obligation=one, clause=clause) for one in promises)
    require_no_contradiction(current)

    after = values_of(clause, TOLD_OF_CLAUSE)
    _record(current, Row.of("commitments_clause", clause.pk, before=before, after=after))
    return clause


def _merged_clause(seen: Seen, draft: ClauseDraft, kept: Clause) -> ClauseDraft:
    """Return the clause to write; each scope is one field, compared as it is stored."""
    stored = values_of(kept, CLAUSE_FIELDS)
    wanted = {name: getattr(draft, name) for name in ("blocker", "condition_met", "starts", "ends")} | {
        "scope_in": draft.scope_in.to_data(),
        "scope_out": (draft.scope_out | at_fault_of(draft.blocker)).to_data(),
    }
    merged = seen.merge(stored, wanted, kept)
    scopes = {
        name: Scope.from_data(merged[name]) if merged[name] is not wanted[name] else getattr(draft, name)
        for name in ("scope_in", "scope_out")
    }
    return replace(draft, **{**merged, **scopes})


def _merged_promise(seen: Seen, draft: ObligationDraft, kept: Obligation) -> ObligationDraft:
    """Return the promise to write; the clauses that it backs are by their ordinals, as the form shows them."""
    stored = values_of(kept, PROMISE_FIELDS) | {"backs": backed_ordinals(kept)}
    wanted = {name: getattr(draft, name) for name in stored}
    return replace(draft, **seen.merge(stored, wanted, kept))


def backed_ordinals(promise: Obligation) -> tuple[int, ...]:
    """Return the ordinals of the clauses that a promise backs. One query."""
    return tuple(promise.backs.order_by("clause__ordinal").values_list("clause__ordinal", flat=True))


@write(Permission.INSTRUMENT_DRAFT, on="instrument")
def drop_clause(*, actor: Actor, instrument: Instrument, ordinal: int) -> Instrument:
    """Take a clause out of a draft; those after it move up.

    Refused: the last clause, and one that alone a promise backs.
    """
    current = _draft(actor, instrument)
    clauses = list(current.clauses.order_by("ordinal"))
    gone = next((one for one in clauses if one.ordinal == ordinal), None)
    if gone is None or len(clauses) == 1:
        raise InstrumentRefused("至少保留一条。无需本函的，请作废草稿。" if gone else f"没有第{ordinal}条。")
    alone = [
        backed.obligation.ordinal
        for backed in gone.backed_by.select_related("obligation")
        if backed.obligation.backs.count() == 1
    ]
    if alone:
        raise InstrumentRefused(f"第{alone[0]}项承诺仅对应本条。请先修改承诺事项。", code="promise_backs_nothing")
    ObligationClause.objects.filter(clause=gone).delete()
    key, before = gone.pk, {"ordinal": gone.ordinal, "blocker": gone.blocker_id}
    gone.delete()
    for later in clauses:
        if later.ordinal > ordinal:
            later.ordinal -= 1
            later.save(update_fields=["ordinal"])

    _record(current, Row.of("commitments_clause", key, before=before, after=None))
    return current


@write(Permission.INSTRUMENT_DRAFT, on="instrument", once=True)
def put_promise(
    *,
    actor: Actor,
    instrument: Instrument,
    draft: ObligationDraft,
    ordinal: int | None = None,
    seen: Seen = UNSEEN,
) -> Instrument:
    """Add a promise to a draft letter, or say the one of an ordinal anew.

    Refused: signed already, another unit's draft, not a letter, no such promise, whatever drafting refuses.
    """
    current = _draft(actor, instrument)
    letter = Letter.objects.filter(instrument=current).first()
    if letter is None:
        raise InstrumentRefused("决定不含承诺事项，仅承诺函可以填写。", code="not_a_letter")
    promises = list(letter.obligations.order_by("ordinal"))
    kept = next((one for one in promises if one.ordinal == ordinal), None)
    if ordinal is not None and kept is None:
        raise InstrumentRefused(f"没有第{ordinal}项承诺。", field="obligations")
    number = kept.ordinal if kept else len(promises) + 1
    draft = _merged_promise(seen, draft, kept) if kept else draft
    require_promise(current.issuer, number, draft)
    before = values_of(kept, TOLD_OF_PROMISE) if kept else None
    clauses = list(current.clauses.order_by("ordinal"))
    written = write_promise(letter, number, draft, clauses, kept=kept)

    after = values_of(written, TOLD_OF_PROMISE)
    _record(current, Row.of("commitments_obligation", written.pk, before=before, after=after))
    return current


@write(Permission.INSTRUMENT_DRAFT, on="instrument")
def drop_promise(*, actor: Actor, instrument: Instrument, ordinal: int) -> Instrument:
    """Take a promise out of a draft letter; those after it move up. Refused: the last one."""
    current = _draft(actor, instrument)
    promises = list(Obligation.objects.filter(letter__instrument=current).order_by("ordinal"))
    gone = next((one for one in promises if one.ordinal == ordinal), None)
    if gone is None or len(promises) == 1:
        raise InstrumentRefused("承诺函至少要有一项承诺。" if gone else f"没有第{ordinal}项承诺。")
    key, before = gone.pk, {"ordinal": gone.ordinal, "end_state": gone.end_state}
    gone.backs.all().delete()
    gone.delete()
    for later in promises:
        if later.ordinal > ordinal:
            later.ordinal -= 1
            later.save(update_fields=["ordinal"])

    _record(current, Row.of("commitments_obligation", key, before=before, after=None))
    return current
