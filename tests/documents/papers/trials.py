"""The services of papers as trials: what each needs, and the act."""

from datetime import timedelta
from decimal import Decimal

from commitments.models import Letter, Obligation
from documents.papers.models import Paper, PaperBatch
from documents.papers.selectors.papers import notice_snapshot
from documents.papers.selectors.records import OF_RECORDS
from documents.papers.services import issue_paper, open_paper, sign_paper, void_paper
from documents.papers.services.batches import (
    archive_portion,
    finish_batch,
    lay_batch,
    number_portion,
    request_batch,
    take_batch,
)
from documents.papers.services.deliveries import record_delivery
from documents.papers.services.outside import record_outside_paper, void_outside_paper
from documents.papers.services.printers import set_printer
from documents.render.batch import render_batch
from projects.ledger.models import Developer
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.projects import TODAY, Estate, bring_into_force, draft_letter, lay_blocker, on_day
from tests.factories.trials import Prepared, Trial


def issue(estate: Estate) -> Prepared:
    unit = estate.unit()
    snapshot, masked = notice_snapshot(
        project=estate.project, unit=unit, place="一层大厅", phone="19900000000", issued_on=TODAY
    )
    return lambda actor: issue_paper(
        actor=actor, project=estate.project, kind="cert_notice", snapshot=snapshot, issued_on=TODAY,
        addressee_masked=masked, unit=unit,
    )  # fmt: skip


def sign(estate: Estate) -> Prepared:
    instrument = draft_letter(estate, lay_blocker(estate))
    bring_into_force(estate, instrument)
    with fixture_writes():
        firm = Developer.objects.create(name="演示开发公司")
        Letter.objects.filter(instrument=instrument).update(performer=firm)
    promise, organ = Obligation.objects.get(letter__instrument=instrument), estate.cast.township.organisation
    words = {
        "inspected_on": TODAY, "place": "", "seen": "未拆除", "asked": "拆除", "mend_by": TODAY + timedelta(days=9),
        "state_within": 5, "authority": "",
    }  # fmt: skip
    snapshot = OF_RECORDS["rectification"].snapshot(promise, organ, TODAY, words)
    return lambda actor: sign_paper(
        actor=actor, project=estate.project, kind="rectification", organ=organ, snapshot=snapshot, about=promise,
        first=FirstPerson.of(estate.cast.township.person),
    )  # fmt: skip


def open_notice(estate: Estate) -> Prepared:
    with on_day(TODAY):
        issue(estate)(estate.cast.township.actor)
    paper = Paper.objects.get()
    return lambda actor: open_paper(actor=actor, paper=paper)


def void(estate: Estate) -> Prepared:
    with on_day(TODAY):
        issue(estate)(estate.cast.township.actor)
    paper = Paper.objects.get()
    return lambda actor: void_paper(actor=actor, paper=paper, reason="地址写错", on=TODAY)


def asked_batch(estate: Estate) -> PaperBatch:
    with on_day(TODAY):
        ask_batch(estate)(estate.cast.township.actor)
    return PaperBatch.objects.get()  # type: ignore[no-any-return]


def ask_batch(estate: Estate) -> Prepared:
    words = {"use": "dwelling", "place": "一层大厅", "phone": "19900000000"}
    return lambda actor: request_batch(
        actor=actor, project=estate.project, kind="cert_notice", words=words, filters="住宅"
    )


def lay(estate: Estate) -> Prepared:
    batch = asked_batch(estate)
    return lambda actor: lay_batch(actor=actor, batch=batch)


def number(estate: Estate) -> Prepared:
    batch = asked_batch(estate)
    with on_day(TODAY):
        lay_batch(actor=estate.cast.township.actor, batch=batch)
    return lambda actor: number_portion(actor=actor, batch=batch, size=2)


def archive(estate: Estate) -> Prepared:
    with on_day(TODAY):
        numbered = number(estate)(estate.cast.township.actor)
    batch = PaperBatch.objects.get()
    drawn = render_batch("papers/kinds/cert_notice.html", numbered.contexts)
    return lambda actor: archive_portion(actor=actor, batch=batch, numbered=numbered, drawn=drawn)


def state_printer(estate: Estate) -> Prepared:
    return lambda actor: set_printer(actor=actor, name="一楼文印室", right=Decimal("1.5"), down=Decimal(0))


def finish_papers(estate: Estate) -> Prepared:
    batch = asked_batch(estate)
    return lambda actor: finish_batch(actor=actor, batch=batch)


def take(estate: Estate) -> Prepared:
    batch = asked_batch(estate)
    return lambda actor: take_batch(actor=actor, batch=batch, what="打印文件")


def deliver(estate: Estate) -> Prepared:
    with on_day(TODAY):
        issue(estate)(estate.cast.township.actor)
    words = {"way": "handed", "outcome": "done", "delivered_on": TODAY, "evidence": "签收表第1号"}
    paper = Paper.objects.get()
    return lambda actor: record_delivery(actor=actor, paper=paper, **words)


def record_outside(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: record_outside_paper(
        actor=actor,
        project=estate.project,
        unit=unit,
        kind="tolerance",
        number="朝规容2022-1",
        issued_on=TODAY,
        due_on=TODAY,
    )


def void_outside(estate: Estate) -> Prepared:
    with on_day(TODAY):
        paper = record_outside(estate)(estate.cast.department.actor)
    return lambda actor: void_outside_paper(actor=actor, paper=paper, reason="编号写错")


PAPERS: dict[str, Trial] = {
    "issue_paper": Trial("paper.issued", "township", "strange_township", issue),
    "sign_paper": Trial("paper.issued", "district", "strange_district", sign),
    "open_paper": Trial("paper.opened", "township", "strange_township", open_notice, denied="system_admin"),
    "request_batch": Trial("batch.asked", "township", "strange_township", ask_batch),
    "lay_batch": Trial("batch.laid", "township", "strange_township", lay),
    "number_portion": Trial("batch.numbered", "township", "strange_township", number),
    "archive_portion": Trial("batch.archived", "township", "strange_township", archive),
    "finish_batch": Trial("batch.finished", "township", "strange_township", finish_papers),
    "take_batch": Trial("batch.taken", "township", "strange_township", take, denied="system_admin"),
    "void_paper": Trial("paper.voided", "city", "", void),
    "record_delivery": Trial("paper.delivered", "township", "strange_township", deliver),
    "record_outside_paper": Trial("outside_paper.recorded", "department", "strange_department", record_outside),
    "void_outside_paper": Trial("outside_paper.voided", "department", "strange_department", void_outside),
    "set_printer": Trial("printer.set", "township", "", state_printer),
}
