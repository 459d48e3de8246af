"""Taking what a manifest brings: bag by bag, signed by the receiver, settled when what was lent is back."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from projects.office.models import CustodyItem, KeptReason, Manifest, ManifestLine
from projects.office.selectors.custody import moves_of
from projects.office.services.custody import Step, move_items, own_holder
from projects.office.services.manifest_rules import (
    RECEIVING,
    ManifestRefused,
    Scanned,
    lock_manifest,
    require_receiver,
    require_sent,
    scanned_items,
    sort_out,
    standing_lines,
    unit_rows,
)
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.custody import Holder
from registry.store.acts import Row, current_act, within_act, write

NAMED: Final = 10  # bags named one by one in a refusal


@write(Permission.UNIT_ADVANCE, on="manifest", second_person=RECEIVING)
def take_items(*, actor: Actor, manifest: Manifest, codes: Sequence[str], on: date) -> Scanned:
    """Take what was scanned from a manifest that was sent: from now on the receiver holds it.

    What brings back a lent bag settles the line by which it was lent, and closes that manifest with its last bag.
    Refused, code by code: not on this manifest, struck, taken before; a day before the sending. Raises if none goes
    through, and for the person who sent it.
    """
    locked = lock_manifest(manifest)
    require_receiver(actor, locked, "接收")
    require_sent(locked)
    if locked.sent_on is not None and on < locked.sent_on:
        raise ManifestRefused(f"清单{locked.number}于{locked.sent_on}移交，接收日期不得早于该日。请核对。", field="on")
    scanned = Scanned()
    items = scanned_items(actor, locked, codes, scanned)
    lines = {
        line.item_id: line
        for line in ManifestLine.objects.filter(manifest=locked, item__in=[item.pk for item in items]).order_by(
            "position"
        )
    }

    def why_not(item: CustodyItem) -> str:
        line = lines.get(item.pk)
        if line is None:
            return f"{item}不在本清单{locked.number}上。请放回，或由移交方另列清单。"
        if line.taken_act_id is not None:
            return f"{item}已接收（第{line.position}项），无需再扫。"
        return f"{item}（第{line.position}项）{line.state}，不能接收。" if line.struck_act_id is not None else ""

    sort_out(items, scanned, why_not)
    scanned.require_any()
    taken = [lines[item.pk] for item in scanned.items]
    act, to = current_act(), Holder(own_holder(actor, "接收").party, locked.receiver_id)
    steps = [
        Step(item, to, on, line=lines[item.pk], given_by=locked.sent_by_id, given_act=locked.sent_act_id)
        for item in scanned.items
    ]
    moves = move_items(actor, steps)
    for line in taken:
        line.taken_act_id = act.id
    ManifestLine.objects.bulk_update(taken, ["taken_act_id"])
    before = {"taken": locked.taken}
    locked.taken += len(taken)
    locked.save(update_fields=["taken"])
    settled = _settle_lent([line for line in taken if line.answers_id is not None])
    record(
        event="manifest.taken",
        subject=locked,
        chain=locked.project_id,
        facts={
            "number": locked.number, "count": len(taken), "refused": len(scanned.refused), "waiting": locked.count.waiting,
        },
        rows=[
            Row.changed(locked, before),
            *(Row.added(move, "item_id", "to_party", "to_organisation_id", "on") for move in moves),
            *unit_rows(taken, f"{locked.receiver}接收"),
            *settled,
        ],
    )  # fmt: skip
    return scanned


@within_act
def _settle_lent(taken: Sequence[ManifestLine]) -> list[Row]:
    """Settle the lines by which bags were lent that are back now; close a manifest whose last bag that was."""
    act, rows = current_act(), []
    lent = list(
        ManifestLine.objects.filter(
            pk__in=[line.answers_id for line in taken], back_act_id__isnull=True, kept_act_id__isnull=True
        )
    )
    for line in lent:
        line.back_act_id = act.id
    ManifestLine.objects.bulk_update(lent, ["back_act_id"])
    for manifest in Manifest.objects.filter(pk__in={line.manifest_id for line in lent}).order_by("pk"):
        before = {"back": manifest.back, "closed_act_id": manifest.closed_act_id}
        manifest.back += sum(line.manifest_id == manifest.pk for line in lent)
        _close_if_settled(manifest)
        manifest.save(update_fields=["back", "closed_act_id"])
        rows += Row.if_changed(manifest, before)
    return rows


def _close_if_settled(manifest: Manifest) -> None:
    is_signed = manifest.signed_act_id is not None and manifest.closed_act_id is None
    if is_signed and manifest.count.is_settled(is_lent=manifest.is_lent):
        manifest.closed_act_id = current_act().id


@write(Permission.UNIT_ADVANCE, on="manifest", once=True, second_person=RECEIVING)
def sign_manifest(*, actor: Actor, manifest: Manifest, on: date) -> Manifest:
    """Sign by the receiver that all was taken; what does not come back is closed with that.

    Refused: a bag that is neither taken nor struck, by name; signed before, with by whom; the person who sent it.
    """
    locked = lock_manifest(manifest)
    require_receiver(actor, locked, "签收")
    require_sent(locked)
    if locked.count.waiting:
        missing = list(standing_lines(locked).filter(taken_act_id__isnull=True)[:NAMED])
        named = "、".join(f"第{line.position}项{line.item}" for line in missing)
        more = f"等{locked.count.waiting}项" if locked.count.waiting > NAMED else ""
        raise ManifestRefused(
            f"清单{locked.number}共{locked.listed - locked.struck}项，已接收{locked.taken}项，未接收：{named}{more}。"
            "请找到后扫描接收，或由移交方划去并写明原因。",
            code="missing",
        )
    if not locked.taken:
        raise ManifestRefused(f"清单{locked.number}没有接收任何材料，不能签收。请由移交方撤回。")
    last = max(move.on for moves in moves_of(_taken_items(locked)).values() for move in moves if move.line_id)
    if on < last:
        raise ManifestRefused(f"清单中最后接收的材料是{last}，签收日期不得早于该日。请核对。", field="on")
    act = current_act()
    before = {"signed_on": None, "signed_act_id": None}
    locked.signed_on, locked.signed_at = on, act.recorded_at
    locked.signed_by_id, locked.signed_act_id = actor.person_id, act.id
    _close_if_settled(locked)
    locked.save(update_fields=["signed_on", "signed_at", "signed_by", "signed_act_id", "closed_act_id"])
    record(
        event="manifest.signed",
        subject=locked,
        chain=locked.project_id,
        facts={
            "number": locked.number, "sender": str(locked.sender), "count": locked.taken, "on": on,
            "settled": "，已办结" if locked.closed_act_id else f"，待退还{locked.count.out}项",
        },
        rows=[Row.changed(locked, before)],
    )  # fmt: skip
    return locked


def _taken_items(manifest: Manifest) -> list[int]:
    return list(manifest.lines.filter(taken_act_id__isnull=False).values_list("item_id", flat=True))


@write(Permission.UNIT_ADVANCE, on="manifest", once=True, second_person=RECEIVING)
def account_for_line(
    *, actor: Actor, manifest: Manifest, position: int, reason: KeptReason, note: str = ""
) -> ManifestLine:
    """Say, by the receiver, why a bag that was lent does not come back with the others; it holds it on.

    Closes the manifest if that was the last. Refused: not lent; not taken, back, or accounted for; a seizure or a bag
    that is searched for without saying by what paper, or since when.
    """
    locked = lock_manifest(manifest)
    require_receiver(actor, locked, "说明")
    line: ManifestLine | None = ManifestLine.objects.filter(manifest=locked, position=position).first()
    if line is None:
        raise ManifestRefused(f"清单{locked.number}没有第{position}项。请刷新页面核对。")
    if not locked.is_lent:
        raise ManifestRefused(f"清单{locked.number}不须退还，无需说明未退原因。")
    if line.taken_act_id is None or line.back_act_id is not None or line.kept_act_id is not None:
        raise ManifestRefused(f"第{position}项{line.state}，不能登记未退原因。", code="settled")
    if reason in (KeptReason.SEIZED, KeptReason.LOST) and not note.strip():
        raise ManifestRefused(f"“{reason.label}”须写明文书编号或查找情况。请填写说明。", field="note")
    before = {"kept_reason": "", "kept_note": "", "kept_act_id": None}
    line.kept_reason, line.kept_note, line.kept_act_id = reason.value, note.strip(), current_act().id
    line.save(update_fields=list(before))
    counted = {"kept": locked.kept, "closed_act_id": locked.closed_act_id}
    locked.kept += 1
    _close_if_settled(locked)
    locked.save(update_fields=["kept", "closed_act_id"])
    record(
        event="manifest.accounted",
        subject=locked,
        chain=locked.project_id,
        facts={
            "number": locked.number, "item": str(line.item), "why": reason.label,
            "note": f"，{note.strip()}" if note.strip() else "", "left": locked.count.out,
        },
        rows=[*Row.if_changed(line, before), *Row.if_changed(locked, counted)],
    )  # fmt: skip
    return line
