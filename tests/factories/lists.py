"""A row for every list that leaves as a workbook, with any text that a person or another system may have written."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import cycle
from typing import Any, Final

from django.apps import apps
from django.db import models

from commitments.services.exposure import count_exposure
from documents.intake.models import ImportSession
from documents.papers.models import BatchLine, NumberSeries, Outcome, OutsidePaper, Paper, PaperBatch
from documents.reports.models import MonthClose
from projects.casework.models import LiftProposal, Meeting, Policy, PolicyLift, Task, Whistle, WhistleCall
from projects.casework.services.leverage import count_leverage
from projects.gates.models import Blocker, BlockerType, WatchedUnit
from projects.gates.services import raise_blocker
from projects.leads.models import CallBack, Ticket, TicketExecutor
from projects.leads.selectors.texts import TEXT
from projects.ledger.models import Unit, UnitName
from projects.office.models import Blank, CustodyItem, CustodyMove, MadeCertificate, Manifest, ManifestLine
from projects.progress.models import Apart, Mismatch, Payment, Residual, Sample, SampledHome
from registry.accounts.models import Approval, Organisation, Person
from registry.jobs.models import Job
from registry.kernel.scope import EVERYTHING, NOTHING
from registry.store.crypto import encrypt
from registry.store.guard import fixture_writes
from tests.factories.accounts import Player
from tests.factories.projects import FOUND, TODAY, Estate, moment, on_day

OURS: Final = (
    "ledger",
    "gates",
    "progress",
    "casework",
    "office",
    "leads",
    "commitments",
    "papers",
    "reports",
    "exports",
    "intake",
    "accounts",
    "jobs",
)
KEPT: Final = frozenset(  # keys, states, codes, hashes: no words of anybody
    "code district_code township_code area_code kind state stage status standing certificate tax fund use scheme gate "
    "month password reason_code withdrawn_reason void_reason ended_why end_reason initials outcome file_error level "
    "idempotency_key rows_hash previous_hash chain_hash audit_head figures_version pdf_path pdf_hash snapshot_hash "
    "file_sha256 template_version worker figure role lift table from_stage to_stage track from_use to_use prefix from_standing to_standing "
    "marks verdict codes warnings revoked_reason pause condition_met skipped_reason way".split()
)
KEPT_OF: Final = {
    ("building", "number"),
    ("exportfile", "number"),
    ("residual", "reason"),
    ("lettersender", "rung"),
    ("exportfile", "name"),
    ("paperbatch", "number"),
    ("manifest", "number"),
}


def lay_rows(estate: Estate, player: Player, mark: str) -> None:
    """Lay a row for each list, of an estate and the task force of its district."""
    project, here, act = estate.project, player.organisation, {"act_id": 1}
    blocker = estate.blocker or _far_blocker(estate, player)
    unit: Unit = Unit.objects.filter(building__project=project, use="dwelling").order_by("id")[0]
    at, day = moment(TODAY), TODAY
    with fixture_writes():
        policy = Policy.objects.create(
            code=f"ZC-{mark}", level="one", number=f"{mark}号", title="政策", organ="市", district_code="",
            issued_on=day, **act,
        )  # fmt: skip
        PolicyLift.objects.create(policy=policy, type=BlockerType.objects.get(code="P03"))
        LiftProposal.objects.create(policy=policy, blocker=blocker, **act)
        whistle = Whistle.objects.create(
            blocker=blocker,
            code=f"CS-{mark}",
            called_by=here,
            called_on=day,
            place="现场",
            meet_at=at,
            text="吹哨",
            **act,
        )
        WhistleCall.objects.create(whistle=whistle, organisation=here, limit_days=5, starts=day, **act)
        meeting = Meeting.objects.create(
            code=f"HY-{mark}", title="会议", organisation=here, held_on=day, leader="某人", text="纪要", **act
        )
        Task.objects.create(
            code=f"RW-{mark}", meeting=meeting, project=project, text="任务", owner=here, due_on=day,
            original_due_on=day, **act,
        )  # fmt: skip
        WatchedUnit.objects.create(
            blocker=blocker, unit=unit, stage="accepted", stage_on=day, listed_on=day, recorded_at=at, **act
        )
        UnitName.objects.create(unit=unit, scheme="police", text="甲-201", starts=day, **act)
        Residual.objects.create(
            unit=unit, reason="unreachable", evidence="依据", review_on=date(2030, 1, 1), proposed_on=day,
            proposed_by="某人", starts=day, signed_by="另一名人员", **act,
        )  # fmt: skip
        series = NumberSeries.objects.create(prefix=mark, year=2022, last=1)
        Paper.objects.create(
            project=project, kind="brief", series=series, serial=1, number=f"{mark}〔2022〕1", title="简报",
            template_version="1", snapshot_sealed=b"", snapshot_hash="0", pdf_path="x", pdf_hash="0" * 64,
            issued_on=day, issued_at=at, **act,
        )  # fmt: skip
        OutsidePaper.objects.create(
            project=project,
            unit=unit,
            kind="acceptance",
            number=f"受{mark}号",
            organ=here,
            issued_on=day,
            note="说明",
            **act,
        )
        batch = PaperBatch.objects.create(
            number=f"PC-{mark}", project=project, kind="cert_notice", filters="住宅", organ=here,
            asked_by=player.person, asked_at=at, asked=1, is_laid=True, **act,
        )  # fmt: skip
        BatchLine.objects.create(batch=batch, position=1, unit=unit, outcome=Outcome.REFUSED, reason="原因")
        ImportSession.objects.create(
            project=project, file_name="清册.xlsx", file_sha256="0", uploaded_at=at, uploaded_by=player.person, **act
        )
        Approval.objects.create(
            kind="export.personal", title="提请", proposed_by=player.person, proposed_at=at, area_code=project.district_code,
            project_key=project.pk,
        )  # fmt: skip
        lay_custody(unit, here, player, mark)
        lay_ticket_row(unit, here, mark)
        lay_sample(unit, here, mark)
        Mismatch.objects.create(
            project=project, kind="unknown", named=f"77号楼{mark}", track="certificate", stage="accepted", said="未找到",
            file_name="清单.xlsx", noted_on=day, **act,
        )  # fmt: skip
        Job.objects.create(
            kind="exports.make", label="导出", idempotency_key=mark, person_key=player.person.pk, created_at=at,
            state="failed", error="原因",
        )  # fmt: skip


def lay_ticket_row(unit: Unit, here: Any, mark: str) -> None:
    """Lay a ticket about a home, dispatched this month."""
    project, at = unit.building.project, moment(TODAY)
    ticket = Ticket.objects.create(
        number=f"RX-{mark}", received_at=at, text=encrypt("房产证没办", TEXT), district_code=project.district_code,
        township_code=project.township_code, category="房产证", time_class="15d", matter="ours", project=project,
        building=unit.building, unit=unit, state="in_hand", holder=here, due_at=at, recorded_at=at, act_id=1,
    )  # fmt: skip
    TicketExecutor.objects.create(
        ticket=ticket, organisation=here, is_lead=True, round=1, starts_at=at, contact_due_at=at, due_at=at,
        recorded_at=at, act_id=1,
    )  # fmt: skip
    CallBack.objects.create(
        ticket=ticket, called_at=at, is_reached=True, responded=True, solved=True, satisfied="yes", round=1,
        recorded_at=at, act_id=1,
    )  # fmt: skip


def lay_sample(unit: Unit, here: Any, mark: str) -> None:
    """Lay a sample with the home in it."""
    sample = Sample.objects.create(
        code=f"CC202202-{mark}", month="2022-02", seed=len(Sample.objects.all()), size=1, population=1, drawn_on=TODAY,
        drawn_at=moment(TODAY), act_id=1,
    )  # fmt: skip
    SampledHome.objects.create(
        sample=sample, ordinal=1, unit=unit, claimed_on=TODAY, claimed_by=str(here), result="wrong", finding="不符",
        checked_on=TODAY, act_id=1,
    )  # fmt: skip


def lay_custody(unit: Unit, here: Any, player: Player, mark: str) -> None:
    """Lay a bag of a home, and the manifest on which it stands."""
    item = CustodyItem.objects.create(unit=unit, kind="bag", contents="合同", act_id=1)
    CustodyMove.objects.create(
        item=item, position=1, from_party="owner", to_party="office", to_organisation=here, on=TODAY,
        basis="收1号", taken_by=player.person, recorded_at=moment(TODAY), act_id=1,
    )  # fmt: skip
    other = Organisation.objects.exclude(pk=here.pk).order_by("pk")[0]
    manifest = Manifest.objects.create(
        project=unit.building.project,
        number=f"YJ-{mark}",
        purpose="tax",
        sender=here,
        receiver=other,
        listed=1,
        act_id=1,
    )
    fetched = CustodyItem.objects.create(unit=unit, kind="certificate", act_id=1)
    MadeCertificate.objects.create(
        unit=unit,
        number=f"证{mark}",
        form="paper",
        blank_no=f"D{unit.pk:011d}",
        printed_on=TODAY,
        item=fetched,
        act_id=1,
    )
    CustodyMove.objects.create(
        item=fetched, position=1, from_party="centre", from_organisation=other, to_party="office", to_organisation=here,
        given_by=player.person, taken_by=Person.objects.exclude(pk=player.person.pk)[0], on=TODAY,
        line=ManifestLine.objects.create(
            manifest=Manifest.objects.create(
                project=unit.building.project, number=f"ZS-{mark}", purpose="certificates", sender=other, receiver=here,
                listed=1, act_id=1,
            ),
            item=fetched, position=1, listed_act_id=1,
        ),
        recorded_at=moment(TODAY), act_id=1,
    )  # fmt: skip
    Payment.objects.create(
        unit=unit, kind="deed_tax", amount=1, document_no="票1", collected_by="某单位", advanced_by="某公司", paid_on=TODAY,
        act_id=1,
    )  # fmt: skip
    second = Person.objects.exclude(pk=player.person.pk)[0]
    Blank.objects.create(
        organisation=here, number=f"D{unit.pk:011d}", received_on=TODAY, printed_on=TODAY, certificate_no="证",
        spoiled_on=TODAY, spoil_reason="damaged", spoiled_by=player.person, destroyed_on=TODAY, destroyed_by=second,
        record_no="销1号", act_id=1,
    )  # fmt: skip
    ManifestLine.objects.create(manifest=manifest, item=item, position=1, note="备注", listed_act_id=1)


def _far_blocker(estate: Estate, player: Player) -> Blocker:
    with on_day(FOUND):
        found: Blocker = raise_blocker(
            actor=player.actor, project=estate.project, type=BlockerType.objects.get(code="P03"), title="",
            scope=EVERYTHING, at_fault=NOTHING, found_on=FOUND,
        )  # fmt: skip
    return found


def lay_judgement(one: Any, other: Any) -> None:
    """Lay that two projects are not one."""
    with fixture_writes():
        Apart.objects.create(one=one, other=other, reason="不同", judged_on=TODAY, judged_by="某人", act_id=1)


def lay_shared_rows() -> None:
    """Lay what is the city's: a closed month, the counts of leverage and exposure."""
    with fixture_writes():
        MonthClose.objects.create(
            month="2022-02", cut_off_on=date(2022, 2, 28), known_at=moment(TODAY), figures_version="1", rows_hash="0",
            chain_hash="0", closed_at=moment(TODAY), act_id=1,
        )  # fmt: skip
    with on_day(TODAY):
        count_leverage(on=TODAY)
        count_exposure(TODAY)


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """List the fields of a model that hold somebody's words."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in KEPT
        and (model._meta.model_name, field.name) not in KEPT_OF
    ]


def overwrite_texts(words: Callable[[int], str], only: Mapping[type[models.Model], Any] | None = None) -> int:
    """Write words into every text of every row (of each model, or of those named with the filter of each)."""
    turn, written = cycle(range(1000)), 0
    with fixture_writes():
        for model in apps.get_models():
            if model._meta.app_label not in OURS or (only is not None and model not in only):
                continue
            rows = model._default_manager.filter(**(only[model] if only else {}))
            for key in rows.values_list("pk", flat=True):
                changes = {}
                for field in text_fields(model):
                    text, end = words(next(turn)), str(key)  # much of it is unique within something
                    room = field.max_length or 200
                    changes[field.name] = f"{text[: room - len(end)]}{end}"
                if changes:
                    model._default_manager.filter(pk=key).update(**changes)
                    written += len(changes)
    return written
