"""Trials of the services of custody."""

from decimal import Decimal

from projects.office.models import (
    Blank,
    CertificateForm,
    CustodyItem,
    KeptReason,
    MadeCertificate,
    Manifest,
    ManifestPurpose,
    SpoilReason,
    StruckReason,
)
from projects.office.services.blanks import destroy_blanks, spoil_blank, take_in_blanks
from projects.office.services.certificates import StatedCertificate, note_certificates
from projects.office.services.custody import fill_bags, return_bag
from projects.office.services.hand_over import Signed, hand_over_certificates, hand_over_family
from projects.office.services.manifest_receipt import account_for_line, sign_manifest, take_items
from projects.office.services.manifests import (
    draft_manifest,
    list_items,
    send_manifest,
    strike_line,
    withdraw_manifest,
)
from projects.office.services.payments import note_payment, remit_payments
from projects.progress.models import HandOverWay, PaymentKind
from registry.store.guard import fixture_writes
from tests.factories.projects import Estate, bring_to, lay_registration, move, on_day
from tests.factories.trials import Prepared, Trial
from tests.projects.office.custody import DUE, FILLED, GOT, SENT, TAKEN, codes, draft, lay_bags, send, take

TAX = ManifestPurpose.TAX


def bags_of(estate: Estate) -> list[CustodyItem]:
    return lay_bags(lay_registration(estate), 2)


def drafted(estate: Estate) -> tuple[Manifest, list[CustodyItem]]:
    bags, cast = bags_of(estate), estate.cast
    return draft(estate, cast.township, cast.tax, TAX, is_lent=True, due_on=DUE), bags


def listed(estate: Estate) -> tuple[Manifest, list[CustodyItem]]:
    manifest, bags = drafted(estate)
    with on_day(SENT, 11):
        list_items(actor=estate.cast.township.actor, manifest=manifest, codes=codes(bags))
    return manifest, bags


def sent(estate: Estate) -> tuple[Manifest, list[CustodyItem]]:
    bags, cast = bags_of(estate), estate.cast
    return send(estate, cast.township, cast.tax, bags), bags


def taken(estate: Estate) -> tuple[Manifest, list[CustodyItem]]:
    manifest, bags = sent(estate)
    take(estate.cast.tax, manifest, bags, sign=False)
    return manifest, bags


def filling(estate: Estate) -> Prepared:
    lay_registration(estate)
    move(estate, estate.homes[:2], "collected", TAKEN)
    return lambda actor: fill_bags(actor=actor, project=estate.project, unit_ids=estate.homes[:2], on=FILLED)


def giving_back(estate: Estate) -> Prepared:
    bag = bags_of(estate)[0]
    return lambda actor: return_bag(actor=actor, item=bag, on=GOT, basis="签收1号")


def drafting(estate: Estate) -> Prepared:
    to = estate.cast.tax.organisation
    return lambda actor: draft_manifest(actor=actor, project=estate.project, purpose=TAX, receiver=to)


def listing(estate: Estate) -> Prepared:
    manifest, bags = drafted(estate)
    return lambda actor: list_items(actor=actor, manifest=manifest, codes=codes(bags))


def striking(estate: Estate) -> Prepared:
    manifest, _ = listed(estate)
    return lambda actor: strike_line(actor=actor, manifest=manifest, position=1, reason=StruckReason.WRONG)


def sending(estate: Estate) -> Prepared:
    manifest, _ = listed(estate)
    return lambda actor: send_manifest(actor=actor, manifest=manifest, on=SENT)


def taking(estate: Estate) -> Prepared:
    manifest, bags = sent(estate)
    return lambda actor: take_items(actor=actor, manifest=manifest, codes=codes(bags), on=GOT)


def signing(estate: Estate) -> Prepared:
    manifest, _ = taken(estate)
    return lambda actor: sign_manifest(actor=actor, manifest=manifest, on=GOT)


def accounting(estate: Estate) -> Prepared:
    manifest, _ = taken(estate)
    return lambda actor: account_for_line(actor=actor, manifest=manifest, position=1, reason=KeptReason.ARCHIVED)


def withdrawing(estate: Estate) -> Prepared:
    manifest, _ = sent(estate)
    return lambda actor: withdraw_manifest(actor=actor, manifest=manifest, reason="税务当日不收")


def noting(estate: Estate) -> Prepared:
    lay_registration(estate)
    bring_to(estate, estate.homes[:1], "recorded", TAKEN)
    stated = StatedCertificate("京（2022）朝不动产权第0000001号", CertificateForm.PAPER, "D00000000001")
    return lambda actor: note_certificates(actor=actor, unit=estate.unit(0), certificates=[stated], printed_on=FILLED)


def handing(estate: Estate) -> Prepared:
    act, cast = noting(estate), estate.cast
    with on_day(FILLED):
        made = act(cast.centre.actor)
    items = [row.item for row in made]
    take(cast.township, send(estate, cast.centre, cast.township, items, ManifestPurpose.CERTIFICATES), items)
    signed = Signed(HandOverWay.COUNTER, is_known=True, identity_tail="0011", is_read=True, sheet_no="签1号")
    return lambda actor: hand_over_certificates(
        actor=actor, project=estate.project, certificates=made, signed=signed, on=GOT
    )


def handing_family(estate: Estate) -> Prepared:
    handing(estate)
    made = list(MadeCertificate.objects.order_by("pk"))
    unit = made[0].unit
    signed = Signed(HandOverWay.COUNTER, is_known=True, identity_tail="0011", is_read=True, sheet_no="签1号")
    return lambda actor: hand_over_family(actor=actor, unit=unit, certificates=made, signed=signed, on=GOT)


def taking_in(estate: Estate) -> Prepared:
    return lambda actor: take_in_blanks(actor=actor, first="D00000000001", last="D00000000002", on=FILLED)


def spoiling(estate: Estate) -> Prepared:
    with on_day(FILLED):
        taking_in(estate)(estate.cast.centre.actor)
    return lambda actor: spoil_blank(actor=actor, number="D00000000001", reason=SpoilReason.DAMAGED, on=FILLED)


def destroying(estate: Estate) -> Prepared:
    """By a second person: what the first noted is laid."""
    with on_day(FILLED):
        spoiling(estate)(estate.cast.centre.actor)
    with fixture_writes():
        Blank.objects.filter(spoiled_on__isnull=False).update(spoiled_by=estate.cast.district.person)
    return lambda actor: destroy_blanks(actor=actor, numbers=["D00000000001"], record_no="销1号", on=FILLED)


def paying(estate: Estate) -> Prepared:
    words = {"kind": PaymentKind.DEED_TAX, "amount": Decimal(100), "on": FILLED, "document_no": "票1"}
    return lambda actor: note_payment(actor=actor, unit=estate.unit(0), **words)


def remitting(estate: Estate) -> Prepared:
    with on_day(FILLED):
        paying(estate)(estate.cast.township.actor)
    return lambda actor: remit_payments(actor=actor, project=estate.project, kind=PaymentKind.DEED_TAX, on=GOT)


CUSTODY: dict[str, Trial] = {
    "fill_bags": Trial("custody.bags_filled", "township", "strange_township", filling),
    "return_bag": Trial("custody.returned", "township", "strange_township", giving_back),
    "draft_manifest": Trial("manifest.drafted", "township", "strange_township", drafting),
    "list_items": Trial("manifest.listed", "township", "strange_township", listing),
    "strike_line": Trial("manifest.struck", "township", "strange_township", striking),
    "send_manifest": Trial("manifest.sent", "township", "strange_township", sending),
    "take_items": Trial("manifest.taken", "tax", "strange_township", taking),
    "sign_manifest": Trial("manifest.signed", "tax", "strange_township", signing),
    "account_for_line": Trial("manifest.accounted", "tax", "strange_township", accounting),
    "note_payment": Trial("payment.noted", "township", "strange_township", paying),
    "remit_payments": Trial("payments.remitted", "township", "strange_township", remitting),
    "note_certificates": Trial("certificate.made", "centre", "strange_township", noting),
    "hand_over_certificates": Trial("certificates.handed_over", "township", "strange_township", handing),
    "hand_over_family": Trial("certificates.handed_over", "township", "strange_township", handing_family),
    "take_in_blanks": Trial("blanks.taken_in", "centre", "", taking_in),
    "spoil_blank": Trial("blank.spoiled", "centre", "", spoiling),
    "destroy_blanks": Trial("blanks.destroyed", "centre", "", destroying),
    "withdraw_manifest": Trial("manifest.withdrawn", "township", "strange_township", withdrawing),
}
