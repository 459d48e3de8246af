"""Custody: bags are filled for homes whose papers were taken in, and every step from hand to hand is a move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Project, Unit
from projects.office.models import CustodyItem, CustodyMove, ManifestLine
from projects.office.selectors.custody import handings, holder_of, moves_of, open_line_of
from projects.progress.services.advance import Outcome, Refusal
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.custody import CustodyRefused, Handing, Holder, ItemKind, Party, first_holder, require_next
from registry.kernel.errors import PermissionRefused
from registry.kernel.stages import STAGES, Track, stage_of
from registry.store.acts import Row, current_act, within_act, write

STAGES_WITH_PAPERS = tuple(stage.code for stage in STAGES[Track.CERTIFICATE])[2:6]  # 已收材料 to 已缮证


@dataclass(frozen=True)
class Step:
    """One move to write: to whom, on which day; between organisations by a line, given by a person in an act."""

    item: CustodyItem
    to: Holder
    on: date
    line: ManifestLine | None = None
    given_by: int | None = None
    given_act: int | None = None
    basis: str = ""


@within_act
def move_items(actor: Actor, steps: Sequence[Step]) -> list[CustodyMove]:
    """Write the moves of items that follow their chains. Refused, with the item's name: what `require_next` refuses.

    Inside the act of who takes them; the project is locked. Two queries for each 5,000.
    """
    act = current_act()
    chains = moves_of([step.item.pk for step in steps])
    moves = []
    for step in steps:
        kind, chain = ItemKind(step.item.kind), handings(chains[step.item.pk])
        frm = chain[-1].to if chain else first_holder(kind)
        require_next(kind, chain, Handing(frm, step.to, step.on), name=str(step.item))
        moves.append(
            CustodyMove(
                item=step.item, position=len(chain) + 1, from_party=frm.party.value,
                from_organisation_id=frm.organisation, to_party=step.to.party.value,
                to_organisation_id=step.to.organisation, given_by_id=step.given_by, taken_by_id=actor.person_id,
                given_act_id=step.given_act, line=step.line, basis=step.basis, on=step.on,
                recorded_at=act.recorded_at, act_id=act.id,
            )
        )  # fmt: skip
    written: list[CustodyMove] = CustodyMove.objects.bulk_create(moves)
    return written


def own_holder(actor: Actor, what: str) -> Holder:
    """Return the part of the actor's organisation in a chain; refused if it keeps no papers. One query."""
    organisation = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    holder = holder_of(organisation) if organisation else None
    if holder is None:
        raise PermissionRefused(
            f"{actor.organisation_name or actor.role.label}不保管办证材料，不能{what}。请由驻场服务点办理。"
        )
    return holder


def filled_last(project: Project) -> Outcome:
    """Return whose bags were filled last in a project: the answer to its form sent again. One query."""
    rows = CustodyItem.objects.filter(unit__building__project=project, kind=ItemKind.BAG.value)
    last = rows.order_by("-id").values("act_id")[:1]
    return Outcome(tuple(rows.filter(act_id__in=last).order_by("id").values_list("unit_id", flat=True)), ())


@write(Permission.UNIT_ADVANCE, on="project", once=filled_last)
def fill_bags(
    *,
    actor: Actor,
    project: Project,
    unit_ids: Sequence[int],
    on: date,
    contents: str = "",
    copies: int = 0,
    originals: int = 0,
    receipt_no: str = "",
) -> Outcome:
    """Put the papers of homes into a bag each, which the actor's office holds from that day on.

    Refused, by home: papers not taken in yet, or the certificate issued; a bag that is open. Raises if none is filled.
    """
    office = own_holder(actor, "装袋")
    if office.party is not Party.OFFICE:
        raise PermissionRefused(f"{actor.role.label}不收材料，不能装袋。请由驻场服务点办理。")
    if originals > copies:
        raise CustodyRefused("原件数不能多于份数。请核对。", field="originals")
    lock_project(project.pk)
    units = lock_units(project, unit_ids)
    with_bag = set(
        CustodyItem.objects.filter(
            unit_id__in=[unit.pk for unit in units], kind=ItemKind.BAG.value, ended_act_id__isnull=True
        ).values_list("unit_id", flat=True)
    )
    refused = [Refusal(key, "", "本项目无此户，未办理。") for key in unit_ids if key not in {unit.pk for unit in units}]
    refused += [
        Refusal(unit.pk, f"{unit.building}{unit}", why) for unit in units if (why := _why_no_bag(unit, with_bag))
    ]
    stopped = {refusal.unit_id for refusal in refused}
    filled = [unit for unit in units if unit.pk not in stopped]
    if not filled:
        raise CustodyRefused(refused[0].reason if refused else "未选择户。请勾选需装袋的户。", rows=tuple(refused))
    act = current_act()
    items = CustodyItem.objects.bulk_create(
        CustodyItem(
            unit=unit, kind=ItemKind.BAG.value, contents=contents.strip(), copies=copies, originals=originals,
            receipt_no=receipt_no.strip(), act_id=act.id,
        )
        for unit in filled
    )  # fmt: skip
    move_items(actor, [Step(item, office, on, basis=receipt_no.strip()) for item in items])
    record(
        event="custody.bags_filled",
        subject=project,
        chain=project.id,
        facts={"count": len(items), "on": on, "refused": len(refused)},
        rows=[
            *(Row.added(item, "unit_id", "kind", "contents", "copies", "originals") for item in items),
            *(Row.of("ledger_unit", item.unit_id, before={"bag": ""}, after={"bag": str(item.code)}) for item in items),
        ],
    )
    return Outcome(tuple(unit.pk for unit in filled), tuple(refused))


def _why_no_bag(unit: Unit, with_bag: set[int]) -> str:
    name = f"{unit.building}{unit}"
    if unit.pk in with_bag:
        return f"{name}已有材料袋，不能再装一袋。请在该袋补入材料，或先退还原袋。"
    if unit.certificate not in STAGES_WITH_PAPERS:
        here = stage_of(Track.CERTIFICATE, unit.certificate).label
        return f"{name}现在是“{here}”，没有在办的材料。请先收材料。"
    return ""


@write(Permission.UNIT_ADVANCE, on="item.unit", once=True)
def return_bag(*, actor: Actor, item: CustodyItem, on: date, basis: str) -> CustodyMove:
    """Give a bag back to its owner on signature: its chain ends there.

    Refused: it lies elsewhere, it stands on a manifest, no number of the paper that the owner signed.
    """
    if not basis.strip():
        raise CustodyRefused("未填写签收凭证。请填写权利人签收的接收清单或签收表编号。", field="basis")
    office = own_holder(actor, "退还材料")
    lock_project(item.unit.building.project_id)
    current: CustodyItem = CustodyItem.objects.select_related("unit__building__project").get(pk=item.pk)
    require_unlisted(current)
    chain = handings(moves_of([current.pk])[current.pk])
    if not chain or chain[-1].to != office:
        raise CustodyRefused(f"{current}不在{actor.organisation_name}手里，不能退还。请由保管单位退还。")
    [move] = move_items(actor, [Step(current, Holder(Party.OWNER), on, basis=basis.strip())])
    current.ended_act_id = current_act().id
    current.save(update_fields=["ended_act_id"])
    record(
        event="custody.returned",
        subject=current,
        chain=current.unit.building.project_id,
        facts={"item": str(current), "on": on, "basis": basis.strip()},
        rows=[
            Row.added(move, "item_id", "to_party", "on", "basis"),
            Row.changed(current, {"ended_act_id": None}),
            Row.of("ledger_unit", current.unit_id, before={"bag": str(current.code)}, after={"bag": ""}),
        ],
    )
    return move


def require_unlisted(item: CustodyItem) -> None:
    """Refuse an item that stands on a manifest and is not taken yet. One query."""
    line = open_line_of([item.pk]).get(item.pk)
    if line is not None:
        raise CustodyRefused(
            f"{item}已列入移交清单{line.manifest.number}，尚未接收。请先在该清单划去或接收。", code="listed"
        )
