"""Bags of the demo: filled by the office, lent to the tax office and given back in part, one list on its way."""

from datetime import date, timedelta
from typing import Final

from projects.ledger.models import Project, Unit
from projects.office.models import CustodyItem, Manifest, ManifestPurpose
from projects.office.services.custody import fill_bags
from projects.office.services.manifest_receipt import sign_manifest, take_items
from projects.office.services.manifests import draft_manifest, list_items, send_manifest
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor

BAGS: Final = 18


def lay_custody(project: Project, *, office: Actor, tax: Actor, on: date) -> None:
    """Fill eighteen bags; lend ten to the tax office, which gives six back; the next four are being listed."""
    units = Unit.objects.filter(building__project=project, certificate="collected", standing="active").order_by("id")
    keys = list(units.values_list("id", flat=True)[:BAGS])
    if len(keys) < BAGS:
        return
    fill_bags(
        actor=office, project=project, unit_ids=keys, on=on - timedelta(12), contents="申请书、身份证明、安置协议、发票",
        copies=7, originals=3,
    )  # fmt: skip
    bags = list(CustodyItem.objects.filter(unit_id__in=keys).order_by("unit_id"))
    lent = _drafted(office, project, tax.organisation_id, ManifestPurpose.TAX, on + timedelta(14))
    _hand_over(lent, office, tax, bags[:10], on - timedelta(9))
    back = _drafted(tax, project, office.organisation_id, ManifestPurpose.GIVE_BACK, None)
    _hand_over(back, tax, office, bags[:6], on - timedelta(3))
    waiting = _drafted(office, project, tax.organisation_id, ManifestPurpose.TAX, on + timedelta(21))
    list_items(actor=office, manifest=waiting, codes=[str(bag.code) for bag in bags[10:14]])
    send_manifest(actor=office, manifest=waiting, on=on)


def _drafted(
    actor: Actor, project: Project, receiver: int | None, purpose: ManifestPurpose, due_on: date | None
) -> Manifest:
    manifest: Manifest = draft_manifest(
        actor=actor, project=project, purpose=purpose, receiver=Organisation.objects.get(pk=receiver or 0),
        is_lent=due_on is not None, due_on=due_on,
    )  # fmt: skip
    return manifest


def _hand_over(manifest: Manifest, sender: Actor, receiver: Actor, bags: list[CustodyItem], on: date) -> None:
    codes = [str(bag.code) for bag in bags]
    list_items(actor=sender, manifest=manifest, codes=codes)
    send_manifest(actor=sender, manifest=manifest, on=on)
    take_items(actor=receiver, manifest=manifest, codes=codes, on=on)
    sign_manifest(actor=receiver, manifest=manifest, on=on)
