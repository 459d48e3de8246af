"""The seals of the record: given to the acts of an installation from before them, once, on record; and rows that were
laid without an act, taken under one."""

from itertools import islice
from typing import Final

from django.db.models import Max

from registry.audit.anchors import anchor_file, anchor_heads
from registry.audit.models import Act, AnchorTail, ChainHead, RowSnapshot
from registry.audit.recording import SEALED, act_seal, head_seal, record
from registry.audit.selectors import chain_faults
from registry.audit.snapshots import BUCKET, keep_snapshots, snapshot_seal
from registry.audit.trail import is_before_snapshots, trailed_models
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import Refused
from registry.store.acts import current_act, first_key_at, write
from registry.store.applied import applied_at
from registry.store.clock import true_now
from registry.store.locks import lock_rows
from registry.store.models import KeyCanary
from registry.store.touched import Touched

PORTION: Final = 16 * BUCKET
FIRST_SEALED: Final = ("audit", "0003_seals")
UNSEALED: Final = ("没有封印，或封印不符：不是本系统写的", "链头没有封印，或封印不符")


def unsealed_acts() -> int:
    """Count the acts of a record from before the seals; 0 if it shows that seals were kept before. Four queries.

    From then on an act without its seal is no old act but a fault, which `chain_faults` names.
    """
    return 0 if seals_were_kept() else Act.objects.filter(seal="").count()


def seals_were_kept() -> bool:
    """Whether an act without its seal can be none from before the seals.

    Anchors were kept, rows were kept of acts up to it, or it was recorded after this installation began to seal.
    """
    if anchor_file().exists() or AnchorTail.objects.exists():
        return True
    last: int | None = Act.objects.filter(seal="").aggregate(last=Max("id"))["last"]
    if last is None:
        return False
    since = applied_at(*FIRST_SEALED)
    is_younger = since is not None and last >= first_key_at(since)
    return is_younger or RowSnapshot.objects.filter(act_key__lte=last).exists()


@write(Permission.AUDIT_VERIFY)
def seal_record(*, actor: Actor) -> int:
    """Seal every act and head of a record from before the seals; return how many acts.

    If, and only if: there are acts without a seal, nothing shows that seals were kept before, every chain holds. The
    act that this makes says how many were sealed and from when on every act carries its own. Reads the whole record.
    """
    if seals_were_kept():
        raise Refused(
            "这个库已经用过封印，没有封印的记录不是升级前留下的。请先运行 verify_audit --anchor 查清。", code="anchored"
        )
    count = unsealed_acts()
    if not count:
        raise Refused("操作记录已经加封，不必再加。", code="sealed")
    faults = [fault for fault in chain_faults() if fault.what not in UNSEALED]
    if faults:
        first = faults[0]
        raise Refused(
            f"操作记录有{len(faults)}处不符（链{first.chain}第{first.seq}条：{first.what}），没有加封。请先查清。",
            code="broken",
        )
    _seal_all()

    record(event="audit.sealed", facts={"acts": count, "chains": ChainHead.objects.count()})
    return count


@write(Permission.AUDIT_VERIFY)
def keep_rows_as_they_stand(*, actor: Actor) -> int:
    """Keep every row of books from before the row snapshots as it stands today; return how many.

    Once only: from then on whatever differs from its snapshot is a fault, and so is a row without one. Reads
    everything.
    """
    if not is_before_snapshots():
        raise Refused("各行已经留有行照，不必再留。", code="kept")
    act, count = current_act(), 0
    for model in trailed_models():
        keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
        last, more = -1, True
        while more:
            part = list(keys.filter(pk__gt=last)[:PORTION])
            act.kept += keep_snapshots(Touched({model: dict.fromkeys(part, True)}), act.id)
            count, last, more = count + len(part), part[-1] if part else last, len(part) == PORTION

    record(event="audit.rows_kept", facts={"rows": count})
    return count


def rows_unbound() -> bool:
    """Return whether rows laid without an act wait to be taken under one. Two queries, three at most.

    How far the anchors go is bound once and not with each line: else each line would make an act, and that a line.
    """
    waiting = RowSnapshot.objects.filter(act_key=None)
    tail = AnchorTail._meta.db_table
    is_new = not RowSnapshot.objects.filter(table=tail).exclude(act_key=None).exists()
    return Act.objects.exists() and (waiting if is_new else waiting.exclude(table=tail)).exists()


@write(Permission.AUDIT_VERIFY)
def bind_rows(*, actor: Actor) -> int:
    """Take what was kept of rows laid without an act (set-up, technical work) under the digest of this one; how many.

    Until then such a row can be taken out together with what was kept of it. What does not bear its seal is left as it
    is: the trail names it. Refused if nothing waits.
    """
    act, bound = current_act(), 0
    for row in lock_rows(RowSnapshot.objects.filter(act_key=None).order_by("id")):
        if row.seal != snapshot_seal(row.pk, None, row.table, row.bucket, row.first_made, row.content):
            continue
        seal = snapshot_seal(row.pk, act.id, row.table, row.bucket, row.first_made, row.content)
        RowSnapshot.objects.filter(pk=row.pk).update(act_key=act.id, seal=seal)
        act.kept.append(seal)
        bound += 1
    late = _rows_never_kept()
    act.kept += keep_snapshots(late, act.id)
    bound += sum(map(len, late.rows.values()))
    if not bound:
        raise Refused("没有待归入操作记录的行。", code="bound")

    record(event="audit.rows_bound", facts={"rows": bound})
    return bound


def bind_and_anchor() -> int:
    """Take rows laid without an act under one if any wait, and keep the heads outside the database; how many moved."""
    if rows_unbound():
        bind_rows(actor=system_actor("操作记录留锚"))
    return anchor_heads(at=true_now())


def _rows_never_kept() -> Touched:
    """The canaries of a release in which the trail did not keep them: each opens with its key, or I40 names it."""
    table = KeyCanary._meta.db_table
    keys = [] if RowSnapshot.objects.filter(table=table).exists() else KeyCanary.objects.values_list("pk", flat=True)
    return Touched({KeyCanary: dict.fromkeys(keys, True)}) if keys else Touched()


def _seal_all() -> None:
    acts = Act.objects.filter(seal="").order_by("id").only("id", *SEALED).iterator(2000)
    while part := list(islice(acts, 500)):
        for act in part:
            act.seal = act_seal(act)
        Act.objects.bulk_update(part, ["seal"])
    for head in ChainHead.objects.all():
        ChainHead.objects.filter(pk=head.pk).update(seal=head_seal(head.chain, head.seq, head.hash))
