"""The counter of the demo: a morning's queue, appointments, visits that lack a paper, certificates, money, calls.

Nothing of it moves a home: the story's figures stay as they are told.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from projects.casework.selectors.calendar import calendar_of
from projects.ledger.models import Project, Unit
from projects.office.choices import TicketStep
from projects.office.models import CertificateForm, MadeCertificate, ManifestPurpose, SpoilReason
from projects.office.selectors.families import family_card
from projects.office.services.blanks import spoil_blank, take_in_blanks
from projects.office.services.bookings import book, note_call, prefer, shut_day
from projects.office.services.certificates import StatedCertificate, note_certificates
from projects.office.services.families import state_facts
from projects.office.services.hand_over import Signed, hand_over_certificates
from projects.office.services.manifest_receipt import sign_manifest, take_items
from projects.office.services.manifests import draft_manifest, list_items, send_manifest
from projects.office.services.payments import note_payment, remit_payments
from projects.office.services.queue import call_next, step_ticket, take_ticket
from projects.office.services.visits import receive_family
from projects.progress.models import HandOverWay, PaymentKind, Receiver
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.store.clock import SHANGHAI, stated

BLANKS: Final = 30
SERIES: Final = 20210310000  # of the blanks' numbers
CALLS: Final = (
    ("reached", ""), ("not_reached", ""), ("not_reached", ""), ("refused", "称对实测面积有异议，待开发建设单位答复"),
    ("wrong", "接听人称不是业主，号码已换人"), ("reached", ""),
)  # fmt: skip
SLOTS: Final = (time(9), time(9), time(9, 30), time(10), time(10, 30), time(14))


def lay_office(project: Project, *, office: Actor, centre: Actor, on: date) -> None:
    """Lay what a counter shows on the morning of a day, as its own staff and the centre's."""
    homes = Unit.objects.filter(building__project=project, use="dwelling", standing="active")
    homes = homes.select_related("building__project").order_by("building__number_order", "id")
    told = list(homes.filter(certificate="notified")[:40])
    printed = list(homes.filter(certificate="printed")[:6])
    if len(told) < 40 or len(printed) < 6:
        return
    _call(office, told, on)
    _visit(office, told[20:23], on)
    _book(office, project, told, on)
    _queue(office, project, told, on)
    _certificates(office, centre, project, printed, on)
    _pay(office, project, on)


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def _call(office: Actor, homes: Sequence[Unit], on: date) -> None:
    """Six were called yesterday; one did not answer the day before either; two go before their turn."""
    with stated(_moment(on - timedelta(2), 16)):
        note_call(actor=office, unit=homes[1], result="not_reached", called_on=on - timedelta(2))
    for unit, (result, note) in zip(homes, CALLS, strict=False):
        with stated(_moment(on - timedelta(1), 15)):
            note_call(actor=office, unit=unit, result=result, called_on=on - timedelta(1), note=note)
    prefer(actor=office, unit=homes[8], ground="aged", reason="身份证明载明年满80周岁（演示）")
    prefer(actor=office, unit=homes[9], ground="school", reason="入学报名通知2022—17号（演示）")


def _visit(office: Actor, homes: Sequence[Unit], on: date) -> None:
    """Three families came; each lacks a paper, one came twice because of it."""
    first, second, third = homes
    state_facts(actor=office, unit=second, facts=["minor"], effective_on=on - timedelta(60))
    for unit, days in ((first, 9), (second, 5), (third, 1)):
        _come(office, unit, on - timedelta(days), lacks=1)
    _come(office, first, on - timedelta(2), lacks=1, again="lacked")


def _come(office: Actor, unit: Unit, on: date, *, lacks: int, again: str = "") -> None:
    with stated(_moment(on, 10)):
        card = next(home for home in family_card(unit, on=on) if home.unit.pk == unit.pk)
        needed = [paper.name for paper in card.asked if paper.is_needed and not paper.is_there]
        brought = needed[:-lacks] if not again else []
        receive_family(actor=office, unit=unit, handed={unit.pk: brought}, came_on=on, again=again)


def _book(office: Actor, project: Project, homes: Sequence[Unit], on: date) -> None:
    """Three come today, six tomorrow; one is booked for a day that was shut afterwards."""
    calendar = calendar_of()
    tomorrow, shut = calendar.add_workdays(on, 1), calendar.add_workdays(on, 6)
    for unit, at in zip(homes[10:13], (time(9), time(10), time(14, 30)), strict=True):
        with stated(_moment(on - timedelta(1), 15)):
            book(actor=office, unit=unit, day=on if calendar.is_workday(on) else tomorrow, at=at)
    for unit, at in zip(homes[13:19], SLOTS, strict=True):
        book(actor=office, unit=unit, day=tomorrow, at=at)
    book(actor=office, unit=homes[19], day=shut, at=time(9))
    shut_day(actor=office, project=project, day=shut, reason="服务点线路检修，停办一日（演示）")


def _queue(office: Actor, project: Project, homes: Sequence[Unit], on: date) -> None:
    """Since half past eight eight took a number: two are done, one is served, one is called, one left, three wait."""
    units = [None, homes[20], None, homes[21], None, None, homes[22], None]
    tickets = []
    for minute, unit in zip((30, 31, 33, 36, 40, 44, 48, 52), units, strict=True):
        with stated(_moment(on, 8, minute)):
            tickets.append(take_ticket(actor=office, project=project, unit=unit))
    steps = (  # at which minute, what, of whose: the next to a window, or a step of a ticket
        (34, "1", None), (35, "2", None), (36, TicketStep.STARTED, 0), (37, TicketStep.STARTED, 1),
        (46, TicketStep.DONE, 0), (47, "1", None), (48, TicketStep.STARTED, 2), (54, TicketStep.DONE, 1),
        (55, "2", None), (56, TicketStep.PARKED, 4),
    )  # fmt: skip
    for minute, what, whose in steps:
        with stated(_moment(on, 8, minute)):
            if isinstance(what, TicketStep):
                step_ticket(actor=office, ticket=tickets[whose or 0], step=what)
            else:
                call_next(actor=office, project=project, window=what)


def _certificates(office: Actor, centre: Actor, project: Project, homes: Sequence[Unit], on: date) -> None:
    """The centre noted seven certificates, spoiled a blank, sent five over; the owner has one of a home with two."""
    made_on = on - timedelta(7)
    take_in_blanks(actor=centre, first=_blank(1), last=_blank(BLANKS), on=on - timedelta(30))
    spoil_blank(actor=centre, number=_blank(BLANKS), reason=SpoilReason.MISPRINT, on=made_on)
    made: list[MadeCertificate] = []
    for at, unit in enumerate(homes, start=1):
        made += note_certificates(
            actor=centre, unit=unit, certificates=[_paper(at, "共同共有")] + ([_paper(20, "")] if at == 1 else []),
            printed_on=max(made_on, unit.certificate_on or made_on),
        )  # fmt: skip
    sent = made[:5]
    manifest = draft_manifest(
        actor=centre, project=project, purpose=ManifestPurpose.CERTIFICATES,
        receiver=Organisation.objects.get(pk=office.organisation_id or 0),
    )  # fmt: skip
    codes = [str(row.item.code) for row in sent if row.item is not None]
    list_items(actor=centre, manifest=manifest, codes=codes)
    day = max(row.printed_on for row in sent)
    send_manifest(actor=centre, manifest=manifest, on=day)
    take_items(actor=office, manifest=manifest, codes=codes, on=day)
    sign_manifest(actor=office, manifest=manifest, on=day)
    hand_over_certificates(
        actor=office, project=project, certificates=sent[:1], on=on,
        signed=Signed(
            way=HandOverWay.COUNTER, relation=Receiver.CO_OWNER, identity_tail="0011", is_known=True, is_read=True,
            sheet_no="签2022—031（演示）",
        ),
    )  # fmt: skip


def _blank(serial: int) -> str:
    return f"D{SERIES + serial:011d}"


def _paper(serial: int, remark: str) -> StatedCertificate:
    number = f"京（2022）朝不动产权第{9_100_000 + serial:07d}号"
    return StatedCertificate(number, CertificateForm.PAPER, _blank(serial), remark)


def _pay(office: Actor, project: Project, on: date) -> None:
    """Of one building six homes paid the fund, four of them the deed tax, one is free of it; the fund was remitted."""
    building = Unit.objects.filter(building__project=project, certificate="collected").order_by("id")[0].building_id
    homes = Unit.objects.filter(building=building, use="dwelling", certificate="collected")
    homes = homes.select_related("building__project").order_by("id")
    for at, unit in enumerate(homes[:6], start=1):
        note_payment(
            actor=office, unit=unit, kind=PaymentKind.FUND, amount=Decimal(17_726), on=on - timedelta(4),
            document_no=f"维演2022{at:04d}",
        )  # fmt: skip
        if at < 6:
            note_payment(
                actor=office, unit=unit, kind=PaymentKind.DEED_TAX, amount=Decimal(0 if at == 5 else 5_318),
                is_exempt=at == 5, on=on - timedelta(1), document_no=f"税演2022{at:04d}",
                advanced_by="开发建设单位（演示）" if at == 4 else "",
            )  # fmt: skip
    remit_payments(actor=office, project=project, kind=PaymentKind.FUND, on=on - timedelta(2), building=building)
