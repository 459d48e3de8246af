"""Two clerks on one manifest, one bag: it is signed once, taken once, listed once; the other is told who and when."""

from projects.ledger.models import Unit
from projects.office.models import CustodyItem, CustodyMove, Manifest, ManifestPurpose
from projects.office.services.manifest_receipt import sign_manifest, take_items
from projects.office.services.manifests import draft_manifest, list_items, send_manifest
from registry.kernel.errors import DomainError
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.races.parties import Outcome, Work


def told_once(first: Outcome, second: Outcome) -> bool:
    """One of the two is done, whoever came first; the other is refused in words."""
    done, refused = (first, second) if first.is_done else (second, first)
    return done.is_done and isinstance(refused.error, DomainError) and refused.error.code != "doubled"


def dated(work: Work) -> Work:
    """The same work on the estate's day."""

    def run() -> object:
        with on_day(TODAY):
            return work()

    return run


def lay_certificate(estate: Estate) -> CustodyItem:
    """A certificate on paper that the centre holds."""
    unit = Unit.objects.get(pk=estate.homes[-1])
    with fixture_writes():
        item: CustodyItem = CustodyItem.objects.create(unit=unit, kind="certificate", act_id=1)
        CustodyMove.objects.create(
            item=item, position=1, from_party="made", to_party="centre", basis="缮证", on=TODAY,
            to_organisation=estate.cast.centre.organisation, recorded_at=moment(TODAY), act_id=1,
        )  # fmt: skip
    return item


def lay_manifest(estate: Estate) -> Manifest:
    centre = estate.cast.centre.actor
    with on_day(TODAY):
        manifest: Manifest = draft_manifest(
            actor=centre, project=estate.project, purpose=ManifestPurpose.CERTIFICATES,
            receiver=estate.cast.township.organisation,
        )  # fmt: skip
    return manifest


def lay_sent(estate: Estate) -> tuple[Manifest, str]:
    code, manifest, centre = str(lay_certificate(estate).code), lay_manifest(estate), estate.cast.centre.actor
    with on_day(TODAY):
        list_items(actor=centre, manifest=manifest, codes=[code])
        send_manifest(actor=centre, manifest=manifest, on=TODAY)
    return manifest, code


def signing(estate: Estate) -> tuple[Work, Work, Manifest]:
    """A manifest of which all is taken is signed by two clerks."""
    manifest, code = lay_sent(estate)
    clerk = estate.cast.township.actor
    with on_day(TODAY):
        take_items(actor=clerk, manifest=manifest, codes=[code], on=TODAY)
    work = dated(lambda: sign_manifest(actor=clerk, manifest=manifest, on=TODAY))
    return work, work, manifest


def taking(estate: Estate) -> tuple[Work, Work, Manifest]:
    """One bag is scanned by two clerks."""
    manifest, code = lay_sent(estate)
    clerk = estate.cast.township.actor
    work = dated(lambda: take_items(actor=clerk, manifest=manifest, codes=[code], on=TODAY))
    return work, work, manifest


def listing(estate: Estate) -> tuple[Work, Work, Manifest]:
    """One certificate is put on two manifests."""
    code, centre = str(lay_certificate(estate).code), estate.cast.centre.actor
    first, second = lay_manifest(estate), lay_manifest(estate)
    works = [dated(lambda to=to: list_items(actor=centre, manifest=to, codes=[code])) for to in (first, second)]
    return works[0], works[1], first
