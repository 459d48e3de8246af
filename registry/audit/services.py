"""The seals of the record: given to the acts of an installation from before them, once, on record."""

from itertools import islice
from typing import Final

from registry.audit.anchors import anchor_file
from registry.audit.models import Act, ChainHead
from registry.audit.recording import SEALED, act_seal, head_seal, record
from registry.audit.selectors import chain_faults
from registry.audit.snapshots import BUCKET, keep_snapshots
from registry.audit.trail import is_before_snapshots, trailed_models
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import Refused
from registry.store.acts import current_act, write
from registry.store.touched import Touched

PORTION: Final = 16 * BUCKET
UNSEALED: Final = ("没有封印，或封印不符：不是本系统写的", "链头没有封印，或封印不符")


def unsealed_acts() -> int:
    """Count the acts of a record from before the seals; 0 once anchors are kept. One query.

    From the first anchor on, an act without its seal is no old act but a fault, which `chain_faults` names.
    """
    return 0 if anchor_file().exists() else Act.objects.filter(seal="").count()


@write(Permission.AUDIT_VERIFY)
def seal_record(*, actor: Actor) -> int:
    """Seal every act and head of a record from before the seals; return how many acts.

    If, and only if: there are acts without a seal, no anchor was ever kept, and every chain holds as it stands. The
    act that this makes says how many were sealed and from when on every act carries its own. Reads the whole record.
    """
    if anchor_file().exists():
        raise Refused(
            "库外已有锚点，没有封印的记录不是升级前留下的。请先运行 verify_audit --anchor 查清。", code="anchored"
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


def _seal_all() -> None:
    acts = Act.objects.filter(seal="").order_by("id").only("id", *SEALED).iterator(2000)
    while part := list(islice(acts, 500)):
        for act in part:
            act.seal = act_seal(act)
        Act.objects.bulk_update(part, ["seal"])
    for head in ChainHead.objects.all():
        ChainHead.objects.filter(pk=head.pk).update(seal=head_seal(head.chain, head.seq, head.hash))
