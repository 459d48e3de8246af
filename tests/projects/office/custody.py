"""Bags of the estate and manifests between its office, the tax office and the registration centre."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from projects.ledger.models import Unit
from projects.office.models import CustodyItem, Manifest, ManifestPurpose
from projects.office.services.custody import fill_bags
from projects.office.services.manifest_receipt import sign_manifest, take_items
from projects.office.services.manifests import draft_manifest, list_items, send_manifest
from tests.factories.accounts import Player
from tests.factories.projects import Estate, move, on_day

TAKEN, FILLED, SENT, GOT = date(2022, 2, 1), date(2022, 2, 7), date(2022, 2, 10), date(2022, 2, 11)
BACK, DUE = date(2022, 2, 14), date(2022, 3, 31)


def lay_bags(estate: Estate, count: int = 4, *, player: str = "township") -> list[CustodyItem]:
    """Take the papers of the first homes in and fill a bag for each."""
    keys = estate.homes[:count]
    waiting = Unit.objects.filter(pk__in=keys, certificate="waiting").values_list("pk", flat=True)
    if waiting:
        move(estate, list(waiting), "collected", TAKEN)
    with on_day(FILLED):
        fill_bags(
            actor=getattr(estate.cast, player).actor, project=estate.project, unit_ids=keys, on=FILLED,
            contents="申请书、身份证明、合同", copies=6, originals=2, receipt_no="收1号",
        )  # fmt: skip
    return list(CustodyItem.objects.filter(unit__in=keys, kind="bag").order_by("unit_id"))


def codes(items: Sequence[CustodyItem]) -> list[str]:
    return [str(item.code) for item in items]


def draft(
    estate: Estate, sender: Player, receiver: Player, purpose: ManifestPurpose, on: date = SENT, **more: Any
) -> Manifest:
    with on_day(on):
        manifest: Manifest = draft_manifest(
            actor=sender.actor, project=estate.project, purpose=purpose, receiver=receiver.organisation, **more
        )
    return manifest


def send(
    estate: Estate, sender: Player, receiver: Player, items: Sequence[CustodyItem],
    purpose: ManifestPurpose = ManifestPurpose.TAX, on: date = SENT, note: str = "", **more: Any,
) -> Manifest:  # fmt: skip
    """Draft, list and send in one day; what goes to the tax office is lent."""
    if purpose == ManifestPurpose.TAX:
        more = {"is_lent": True, "due_on": DUE, **more}
    manifest = draft(estate, sender, receiver, purpose, on, **more)
    with on_day(on, 11):
        list_items(actor=sender.actor, manifest=manifest, codes=codes(items), note=note)
        return send_manifest(actor=sender.actor, manifest=manifest, on=on)


def take(
    receiver: Player, manifest: Manifest, items: Sequence[CustodyItem], on: date = GOT, *, sign: bool = True
) -> Any:
    """Scan what was brought, and sign for it."""
    with on_day(on, 12):
        scanned = take_items(actor=receiver.actor, manifest=manifest, codes=codes(items), on=on)
        if sign:
            sign_manifest(actor=receiver.actor, manifest=manifest, on=on)
    manifest.refresh_from_db()
    return scanned
