"""What the acts on a manifest share: how codes are read, who may do what in which state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from projects.ledger.locks import lock_project
from projects.ledger.models import Project
from projects.office.models import CustodyItem, Manifest, ManifestLine, ManifestPurpose
from projects.office.selectors.custody import items_of
from registry.kernel.authority import Actor, Role
from registry.kernel.custody import CustodyRefused, ItemKind, Party
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import ScanCode, ScanKind
from registry.store.acts import Row
from registry.store.second import by_row


class ManifestRefused(CustodyRefused):
    """An act on a manifest that can't be done."""


@dataclass(frozen=True)
class Route:
    """What a purpose is for: from which part to which, of which kinds, whether it may come back."""

    frm: frozenset[Party]
    to: frozenset[Party]
    kinds: frozenset[ItemKind]
    is_lent: bool = False


BAGS, CERTIFICATES = frozenset({ItemKind.BAG}), frozenset({ItemKind.CERTIFICATE})
OFFICE, CENTRE, TAX = (frozenset({party}) for party in (Party.OFFICE, Party.CENTRE, Party.TAX))
ROUTES: Final = {
    ManifestPurpose.SUBMIT: Route(OFFICE, CENTRE, BAGS, is_lent=True),
    ManifestPurpose.TAX: Route(OFFICE, TAX, BAGS, is_lent=True),
    ManifestPurpose.RETURN: Route(CENTRE, OFFICE, BAGS),
    ManifestPurpose.GIVE_BACK: Route(CENTRE | TAX, OFFICE, BAGS),
    ManifestPurpose.CERTIFICATES: Route(CENTRE | OFFICE, OFFICE | CENTRE, CERTIFICATES),
    ManifestPurpose.SUCCESSION: Route(OFFICE, OFFICE, BAGS | CERTIFICATES),
}


@dataclass
class Scanned:
    """What a scan or a list of codes did: the items gone through, and the codes refused with the reason."""

    items: list[CustodyItem] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def require_any(self) -> None:
        """Refuse if nothing went through, with the first reason."""
        if not self.items:
            said = self.refused[0][1] if self.refused else "未扫描条码。请扫描材料袋或证书上的条码。"
            raise ManifestRefused(said, code="scan", field="code", rows=tuple(why for _, why in self.refused))


def lock_manifest(manifest: Manifest) -> Manifest:
    """Lock the project, which excludes every other act on its manifests, and read the manifest anew."""
    lock_project(manifest.project_id)
    row: Manifest = Manifest.objects.select_related("project", "sender", "receiver", "signed_by").get(pk=manifest.pk)
    return row


def next_number(project: Project) -> str:
    """Return the number of a project's next manifest. The project is locked. One query."""
    serial = Manifest.objects.filter(number__startswith=f"{project.code}-YJ-").count() + 1
    return f"{project.code}-YJ-{serial:04d}"


def may_send(actor: Actor, manifest: Manifest) -> bool:
    """Whether an actor signs for the sender: its own staff; where that is gone, the task force hands over. No query."""
    is_in_place = manifest.purpose == ManifestPurpose.SUCCESSION and actor.role is Role.DISTRICT
    return actor.organisation_id == manifest.sender_id or is_in_place


def standing_lines(manifest: Manifest) -> Any:
    """Return the lines that are not struck, with their homes. No query yet."""
    return manifest.lines.filter(struck_act_id__isnull=True).select_related("item__unit__building").order_by("position")


def require_sender(actor: Actor, manifest: Manifest, what: str) -> None:
    """Refuse who is not of the sender's organisation. No query."""
    if not may_send(actor, manifest):
        raise ManifestRefused(f"清单{manifest.number}由{manifest.sender}移交，本单位不能{what}。", code="not_sender")


RECEIVING: Final = by_row("移交和接收", "senders", same="移交人和接收人不得为同一人。请由接收方的另一名人员办理。")


def require_receiver(actor: Actor, manifest: Manifest, what: str) -> None:
    """Refuse who is not of the receiver's organisation, and the very person who sent it. No query."""
    if actor.organisation_id != manifest.receiver_id:
        raise ManifestRefused(
            f"清单{manifest.number}由{manifest.receiver}接收，本单位不能{what}。", code="not_receiver"
        )
    RECEIVING.require(actor, senders=[manifest.sent_by_id] if manifest.sent_by_id is not None else [])


def require_open(manifest: Manifest) -> None:
    """Refuse a manifest that is withdrawn, or signed by the receiver, with by whom and when. No query."""
    if manifest.withdrawn_act_id is not None:
        raise ManifestRefused(f"清单{manifest.number}已撤回。请另立清单。", code="settled")
    if manifest.signed_act_id is not None:
        raise ManifestRefused(
            f"清单{manifest.number}已于{manifest.signed_on}由{manifest.receiver}{manifest.signed_by}签收，不能再次办理。",
            code="settled",
        )


def require_draft(manifest: Manifest) -> None:
    """Refuse a manifest that was sent. No query."""
    require_open(manifest)
    if manifest.sent_act_id is not None:
        raise ManifestRefused(f"清单{manifest.number}已于{manifest.sent_on}移交，不能再改。请另立清单。", code="sent")


def require_sent(manifest: Manifest) -> None:
    """Refuse a manifest that the sender has not signed. No query."""
    require_open(manifest)
    if manifest.sent_act_id is None:
        raise ManifestRefused(f"清单{manifest.number}尚未移交。请移交方先签字移交。", code="draft")


def scanned_items(actor: Actor, manifest: Manifest, codes: Sequence[str], scanned: Scanned) -> list[CustodyItem]:
    """Read the codes, each once; those that are no item of this project are refused. One query for each 500 codes."""
    serials: dict[int, str] = {}
    kinds: dict[int, ItemKind] = {}
    for text in codes:
        try:
            code = ScanCode.parse(text, ScanKind.BAG, ScanKind.CERTIFICATE)
        except DomainError as refusal:
            scanned.refused.append((text, refusal.message))
            continue
        serials[code.serial] = text
        kinds[code.serial] = ItemKind.BAG if code.kind is ScanKind.BAG else ItemKind.CERTIFICATE
    rows: dict[int, CustodyItem] = {}
    keys = list(serials)
    for start in range(0, len(keys), 500):
        part = items_of(actor).filter(pk__in=keys[start : start + 500])
        rows |= {item.pk: item for item in part.select_related("unit__building__project")}
    items = []
    for key, text in serials.items():
        item = rows.get(key)
        if item is None or item.kind != kinds[key]:
            scanned.refused.append((text, "本项目没有这个条码的材料袋或证书。请核对条码后重新扫描。"))
        elif item.unit.building.project_id != manifest.project_id:
            scanned.refused.append(
                (text, f"{item}属于{item.unit.building.project}，不是本清单的项目。请放回原处，另立清单。")
            )
        else:
            items.append(item)
    return items


def sort_out(items: Sequence[CustodyItem], scanned: Scanned, why_not: Callable[[CustodyItem], str]) -> None:
    """Part the items that may go through from those refused, each with its reason."""
    for item in items:
        if why := why_not(item):
            scanned.refused.append((str(item.code), why))
        else:
            scanned.items.append(item)


def refusal_of(rule: Callable[[], None]) -> str:
    """Return the words of a rule that refuses; empty if it does not."""
    try:
        rule()
    except CustodyRefused as refusal:
        return refusal.message
    return ""


def unit_rows(lines: Sequence[ManifestLine], said: str) -> list[Row]:
    """Return rows of the homes, so that the act stands in the history of each."""
    return [Row.of("ledger_unit", line.item.unit_id, before={"custody": ""}, after={"custody": said}) for line in lines]
