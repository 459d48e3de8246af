"""Manifests by their sender: drafted, listed bag by bag, sent or withdrawn."""

from collections.abc import Sequence
from datetime import date

from projects.ledger.locks import lock_project
from projects.ledger.models import Project
from projects.ledger.services.participation import take_part
from projects.office.models import CustodyItem, Manifest, ManifestLine, ManifestPurpose, StruckReason
from projects.office.selectors.certificates import ended_certificates
from projects.office.selectors.custody import handings, holder_of, lent_lines_of, moves_of, open_line_of, receivers_for
from projects.office.services.custody import own_holder
from projects.office.services.manifest_rules import (
    ROUTES,
    ManifestRefused,
    Scanned,
    lock_manifest,
    next_number,
    refusal_of,
    require_draft,
    require_open,
    require_sender,
    scanned_items,
    sort_out,
    standing_lines,
    unit_rows,
)
from projects.progress.models import ReturnKind
from projects.progress.services.submissions import WITH_PAPER, hand_in, return_units
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.custody import Handing, ItemKind, require_next
from registry.kernel.days import DueDay
from registry.store.acts import Row, current_act, write


def purposes_for(actor: Actor) -> list[ManifestPurpose]:
    """List for what the actor's organisation hands over. One query."""
    organisation = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    holder = holder_of(organisation) if organisation else None
    return [purpose for purpose, route in ROUTES.items() if holder and holder.party in route.frm]


@write(Permission.UNIT_ADVANCE, on="project", once=True)
def draft_manifest(
    *,
    actor: Actor,
    project: Project,
    purpose: ManifestPurpose,
    receiver: Organisation,
    is_lent: bool = False,
    due_on: DueDay | None = None,
    way: str = "专人",
    return_kind: str = "",
    paper_no: str = "",
) -> Manifest:
    """Begin a manifest of the actor's organisation to another.

    Refused: a receiver that has no part in what it is for or in the project, the actor's own organisation, a day of
    return for what does not come back or without one for what does, 补正 and 不予受理 without the number of the
    centre's paper.
    """
    sender, taker, route = own_holder(actor, "移交材料"), holder_of(receiver), ROUTES[purpose]
    if receiver.pk == actor.organisation_id:
        raise ManifestRefused("接收方就是本单位，无需移交。请另选接收方。", field="receiver")
    if sender.party not in route.frm:
        raise ManifestRefused(f"“{purpose.label}”不由{sender.party.label}移交。请另选事由。", field="purpose")
    if taker is None or taker.party not in route.to or (purpose == "certificates" and taker.party == sender.party):
        wanted = "、".join(sorted(party.label for party in route.to if party != sender.party or len(route.to) == 1))
        raise ManifestRefused(f"“{purpose.label}”的接收方应为{wanted}。请另选接收方。", field="receiver")
    if receiver not in receivers_for(actor, project, sorted(route.to)):
        raise ManifestRefused(
            f"{receiver}不在本项目所在的区，也不参与本项目，不能接收。请另选接收方。",
            field="receiver",
            code="elsewhere",
        )
    if is_lent and not route.is_lent:
        raise ManifestRefused(f"“{purpose.label}”不须退还。请取消“须退还”。", field="is_lent")
    if is_lent is (due_on is None):
        said = "须退还的，请填写退还期限。" if is_lent else "不须退还的，不填退还期限。"
        raise ManifestRefused(said, field="due_on")
    _require_return_words(purpose, return_kind, paper_no.strip())
    act = current_act()
    lock_project(project.pk)
    manifest: Manifest = Manifest.objects.create(
        project=project, number=next_number(project), purpose=purpose, sender_id=actor.organisation_id,
        receiver=receiver, is_lent=is_lent, due_on=due_on, way=way.strip() or "专人", return_kind=return_kind,
        paper_no=paper_no.strip(), drafted_by_id=actor.person_id, act_id=act.id,
    )  # fmt: skip
    record(
        event="manifest.drafted",
        subject=manifest,
        chain=project.id,
        facts={"number": manifest.number, "purpose": purpose.label, "receiver": str(receiver)},
        rows=[Row.added(manifest, "number", "purpose", "sender_id", "receiver_id", "is_lent", "due_on")],
    )
    return manifest


def _require_return_words(purpose: ManifestPurpose, return_kind: str, paper_no: str) -> None:
    if purpose is not ManifestPurpose.RETURN:
        if return_kind or paper_no:
            raise ManifestRefused("只有“退回补正”才填写退回方式和告知书编号。请清空。", field="return_kind")
        return
    if not return_kind:
        raise ManifestRefused("未选择退回方式。请选择退回办证中心、补正或不予受理。", field="return_kind")
    if ReturnKind(return_kind) in WITH_PAPER and not paper_no:
        raise ManifestRefused(
            f"{ReturnKind(return_kind).label}须填写登记机构出具的告知书编号。", code="paper_no", field="paper_no"
        )


@write(Permission.UNIT_ADVANCE, on="manifest")
def list_items(*, actor: Actor, manifest: Manifest, codes: Sequence[str], note: str = "") -> Scanned:
    """Put what was scanned on a manifest that is being drafted; `note` is what a bag given back lacks.

    Refused, code by code: no code of a bag or certificate; of another project, or unknown; not in the sender's hands;
    on another manifest; not of what the manifest is for; spoiled; listed already. Raises if none goes through.
    """
    locked = lock_manifest(manifest)
    require_sender(actor, locked, "列入")
    require_draft(locked)
    receiver = holder_of(locked.receiver)
    scanned = Scanned()
    items = scanned_items(actor, locked, codes, scanned)
    chains, lines = moves_of([item.pk for item in items]), open_line_of([item.pk for item in items])
    route, act = ROUTES[ManifestPurpose(locked.purpose)], current_act()
    sender, ended = holder_of(locked.sender), ended_certificates([item.pk for item in items])

    def why_not(item: CustodyItem) -> str:
        line, chain = lines.get(item.pk), handings(chains[item.pk])
        if line is not None:
            if line.manifest_id == locked.pk:
                return f"{item}已在本清单第{line.position}项，不重复列入。"
            return f"{item}已列入移交清单{line.manifest.number}，不能同时列入两份清单。请先在该清单划去或接收。"
        if ItemKind(item.kind) not in route.kinds:
            wanted = "、".join(kind.label for kind in ItemKind if kind in route.kinds)
            return f"“{locked.get_purpose_display()}”只移交{wanted}，{item}不能列入。请另立清单。"
        if item.kind == ItemKind.CERTIFICATE.value and item.pk in ended:
            return f"{item}{ended[item.pk]}已作废，不能移交。请由登记中心销毁。"
        assert sender is not None
        assert receiver is not None
        return refusal_of(
            lambda: require_next(ItemKind(item.kind), chain, Handing(sender, receiver, act.today), name=str(item))
        )

    sort_out(items, scanned, why_not)
    scanned.require_any()
    lent = lent_lines_of([item.pk for item in scanned.items], lender=locked.receiver_id, borrower=locked.sender_id)
    ManifestLine.objects.bulk_create(
        ManifestLine(
            manifest=locked, item=item, position=locked.listed + at, note=note.strip(), answers=lent.get(item.pk),
            listed_by_id=actor.person_id, listed_act_id=act.id,
        )
        for at, item in enumerate(scanned.items, start=1)
    )  # fmt: skip
    before = {"listed": locked.listed}
    locked.listed += len(scanned.items)
    locked.save(update_fields=["listed"])
    record(
        event="manifest.listed",
        subject=locked,
        chain=locked.project_id,
        facts={"number": locked.number, "count": len(scanned.items), "refused": len(scanned.refused)},
        rows=[Row.changed(locked, before)],
    )
    return scanned


@write(Permission.UNIT_ADVANCE, on="manifest")
def strike_line(*, actor: Actor, manifest: Manifest, position: int, reason: StruckReason) -> ManifestLine:
    """Take a line off, by the sender: what was listed wrongly or did not go with the rest stays where it is.

    Refused: a line that is taken or struck; a manifest that is signed.
    """
    locked = lock_manifest(manifest)
    require_sender(actor, locked, "划去")
    line: ManifestLine | None = ManifestLine.objects.filter(manifest=locked, position=position).first()
    if line is None:
        raise ManifestRefused(f"清单{locked.number}没有第{position}项。请刷新页面核对。")
    if line.struck_act_id is not None or line.taken_act_id is not None:
        raise ManifestRefused(f"第{position}项{line.state}，不能划去。", code="settled")
    require_open(locked)
    before = {"struck_act_id": None, "struck_reason": ""}
    line.struck_act_id, line.struck_reason = current_act().id, reason.value
    line.save(update_fields=list(before))
    counted = {"struck": locked.struck}
    locked.struck += 1
    locked.save(update_fields=["struck"])
    record(
        event="manifest.struck",
        subject=locked,
        chain=locked.project_id,
        facts={"number": locked.number, "position": position, "item": str(line.item)},
        reason=reason.label,
        rows=[Row.changed(line, before), Row.changed(locked, counted)],
    )
    return line


@write(Permission.UNIT_ADVANCE, on="manifest", once=True)
def send_manifest(*, actor: Actor, manifest: Manifest, on: date) -> Manifest:
    """Sign by the sender: from now on the receiver sees it and takes it, bag by bag; until then the sender holds all.

    送登记中心 notes the papers of the homes as handed in, 退回补正 as given back, each by its own rule; refused if one
    may not go. Refused besides: nothing listed, another organisation's, sent before.
    """
    locked = lock_manifest(manifest)
    require_sender(actor, locked, "移交")
    require_draft(locked)
    lines = list(standing_lines(locked).select_related("item__unit__building"))
    if not lines:
        raise ManifestRefused(f"清单{locked.number}没有列入材料。请先扫描列入。")
    latest = max((moves[-1].on for moves in moves_of([line.item_id for line in lines]).values() if moves), default=on)
    if on < latest:
        raise ManifestRefused(f"清单中有材料于{latest}才到本单位，移交日期不得早于该日。请核对。", field="on")
    take_part(locked.project, locked.receiver)
    if locked.purpose == ManifestPurpose.SUBMIT:
        _hand_in(actor, locked, lines, on)
    if locked.purpose == ManifestPurpose.RETURN:
        _give_back(actor, locked, lines, on)
    act = current_act()
    before = {"sent_on": None, "sent_act_id": None}
    locked.sent_on, locked.sent_at, locked.sent_by_id, locked.sent_act_id = on, act.recorded_at, actor.person_id, act.id
    locked.save(update_fields=["sent_on", "sent_at", "sent_by", "sent_act_id"])
    record(
        event="manifest.sent",
        subject=locked,
        chain=locked.project_id,
        facts={"number": locked.number, "receiver": str(locked.receiver), "count": len(lines), "on": on},
        rows=[Row.changed(locked, before), *unit_rows(lines, f"列入{locked.number}移交")],
    )
    return locked


def _hand_in(actor: Actor, manifest: Manifest, lines: Sequence[ManifestLine], on: date) -> None:
    units = [line.item.unit_id for line in lines if line.item.unit.certificate == "collected"]
    if not units:
        return
    outcome = hand_in.within(actor=actor, project=manifest.project, unit_ids=units, on=on, list_no=manifest.number)
    if outcome.refused:
        raise ManifestRefused(
            f"清单中有{len(outcome.refused)}户不能送件：{outcome.refused[0].reason}请先划去。", rows=outcome.refused
        )


def _give_back(actor: Actor, manifest: Manifest, lines: Sequence[ManifestLine], on: date) -> None:
    by_lack: dict[str, list[int]] = {}
    for line in lines:
        if not line.note:
            raise ManifestRefused(f"第{line.position}项{line.item}未写明所缺材料。请划去后重新列入并写明。")
        by_lack.setdefault(line.note, []).append(line.item.unit_id)
    for lacks, units in by_lack.items():
        outcome = return_units.within(
            actor=actor, project=manifest.project, unit_ids=units, on=on, kind=ReturnKind(manifest.return_kind),
            lacks=lacks, paper_no=manifest.paper_no,
        )  # fmt: skip
        if outcome.refused:
            raise ManifestRefused(
                f"清单中有{len(outcome.refused)}户不能退回：{outcome.refused[0].reason}请先划去。", rows=outcome.refused
            )


@write(Permission.UNIT_ADVANCE, on="manifest")
def withdraw_manifest(*, actor: Actor, manifest: Manifest, reason: str) -> Manifest:
    """Withdraw, by the sender, a manifest of which nothing was taken: its bags are free for another.

    Refused: no reason; a bag taken; one that noted papers at the centre, which goes back by its own way.
    """
    if not reason.strip():
        raise ManifestRefused("未填写撤回原因。", field="reason")
    locked = lock_manifest(manifest)
    require_sender(actor, locked, "撤回")
    require_open(locked)
    if locked.taken:
        raise ManifestRefused(f"清单{locked.number}已接收{locked.taken}项，不能撤回。请将未接收的划去。")
    if locked.sent_act_id is not None and locked.purpose in (ManifestPurpose.SUBMIT, ManifestPurpose.RETURN):
        raise ManifestRefused(
            f"清单{locked.number}已登记送件或退回。请先在户页面撤销该项登记，再由接收方接收后退还，或将各项划去。"
        )
    act, lines = current_act(), list(standing_lines(locked))
    for line in lines:
        line.struck_act_id, line.struck_reason = act.id, StruckReason.WRONG.value
    ManifestLine.objects.bulk_update(lines, ["struck_act_id", "struck_reason"])
    before = {"struck": locked.struck, "withdrawn_act_id": None}
    locked.struck, locked.withdrawn_act_id = locked.struck + len(lines), act.id
    locked.save(update_fields=list(before))
    record(
        event="manifest.withdrawn",
        subject=locked,
        chain=locked.project_id,
        facts={"number": locked.number, "count": len(lines)},
        reason=reason.strip(),
        rows=Row.if_changed(locked, before),
    )
    return locked
