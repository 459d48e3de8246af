"""Who issues which paper, on what, under whose head: the table, and the faults that were found without it."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from commitments.models import Instrument, InstrumentState
from commitments.services import sign_instrument
from documents.papers.kinds import BY_CODE
from documents.papers.models import NumberSeries, Paper
from documents.papers.powers import POWERS, Check, may_check, may_issue
from documents.papers.selectors.papers import letter_snapshot, notice_snapshot
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.services import issue_paper, read_pdf, void_paper
from projects.ledger.models import Participation, Unit
from projects.ports import issue_paper as asked_from_below
from registry.jobs.models import Job
from registry.jobs.worker import Worker
from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.errors import DomainError
from registry.kernel.stages import STAGES, Standing, Track
from registry.store.guard import fixture_writes
from tests.factories.accounts import Player, lay_assignment, lay_organisation, lay_person, sign_in
from tests.factories.projects import SIGNED, TODAY, Estate, draft_letter, lay_blocker, on_day
from tests.factories.trials import refused

ISSUERS = ("city", "district", "township", "department", "centre", "developer")  # all who hold DOCUMENT_ISSUE


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def player(estate: Estate, by: str | Player) -> Actor:
    return (getattr(estate.cast, by) if isinstance(by, str) else by).actor  # type: ignore[no-any-return]


def notice(estate: Estate, by: str | Player | Actor = "township", unit: Unit | None = None, **more: Any) -> Paper:
    home = unit or estate.unit()
    snapshot, masked = notice_snapshot(
        project=estate.project, unit=home, place="一层大厅", phone="19900000000", issued_on=TODAY
    )
    snapshot |= more.pop("typed", {})
    words = {"issued_on": TODAY, "addressee_masked": masked, "unit": home, **more}
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=by if isinstance(by, Actor) else player(estate, by), project=estate.project, kind="cert_notice",
            snapshot=snapshot, **words,
        )  # fmt: skip
    return paper


def letter(estate: Estate, by: str | Player = "township", **more: Any) -> Paper:
    assert estate.letter is not None
    instrument = Instrument.objects.select_related("issuer", "letter__recipient").get(pk=estate.letter.pk)
    words = {"issued_on": SIGNED, "snapshot": letter_snapshot(instrument=instrument), **more}
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=player(estate, by), project=estate.project, kind="commitment", instrument=instrument, **words
        )
    return paper


def brief(estate: Estate, by: str) -> Paper:
    title = {"title": "演示小区简报", "keep": [], "issuer": "", "facts": [], "figures": [], "sentence": "", "gates": []}
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=player(estate, by), project=estate.project, kind="brief", snapshot=title, issued_on=TODAY
        )
    return paper


def text_of(paper: Paper) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(read_pdf(paper))).pages).replace("\n", "")


# The table: kind × role × state --------------------------------------------------------------------------------------

PRESSING = frozenset({"city", "district", "department"})
COUNTER = frozenset({"township", "developer"})
WHOSE = {
    **dict.fromkeys(
        (
            "cert_notice",
            "claim_notice",
            "collection_receipt",
            "supplement_notice",
            "power_of_attorney",
            "booking_slip",
        ),
        COUNTER,
    ),
    "closing_record": {"city", "district"},
    "commitment": {"township"},
    **dict.fromkeys(("urging", "supervision", "circular", "summons", "interview_record"), PRESSING),
    **{key: {"city", "district"} for key in ("agenda", "brief", "minutes")},
    **{key: {"city", "district"} for key in ("month_bulletin", "month_circular", "progress_flash")},
    "whistle_sheet": {"township"},
    "handover_list": {"district", "township", "developer", "registration_centre"},
    "signature_sheet": {"township", "developer", "registration_centre"},
    "extension_reply": {"city", "district"},
    "rectification": {"township"},
    "undertaking": {"developer"},
}
RUNNING = frozenset({"performing", "closing", "breached"})
LETTERS = {"signed", "effective", "performing", "closing", "verified", "breached"}
ON = {
    "cert_notice": {"waiting", "notified"},
    "claim_notice": {"printed"},
    **{
        kind: {"waiting", "notified", "collected", "accepted", "recorded", "printed"}
        for kind in ("power_of_attorney", "booking_slip")
    },
    **{kind: {"waiting", "notified", "collected"} for kind in ("collection_receipt", "supplement_notice")},
    "closing_record": {"closed"},
    "commitment": LETTERS,
    **dict.fromkeys(("urging", "supervision", "circular", "summons", "rectification"), RUNNING),
    "minutes": {"meeting"},
    "whistle_sheet": {"running", "closed"},
    "handover_list": {"sent", "certificates"},
    "signature_sheet": {"certificates"},
    "extension_reply": {"extended"},
    "interview_record": {"summoned"},
    "undertaking": LETTERS | {"draft", "countersign"},
}


def test_every_kind_stands_in_the_table() -> None:
    assert POWERS.keys() == BY_CODE.keys() == WHOSE.keys()


def test_the_table_names_only_roles_that_may_issue_papers_or_press() -> None:
    wanted = {Permission.DOCUMENT_ISSUE}
    assert all(wanted <= role.permissions for power in POWERS.values() for role in power.roles)


@pytest.mark.parametrize("kind", sorted(WHOSE))
def test_each_kind_is_issued_by_its_roles_alone(kind: str) -> None:
    every = {role.value for role in Role if may_issue(Actor(1, "某人", role, 1), kind)}
    assert every == WHOSE[kind]
    assert POWERS[kind].states == ON.get(kind, POWERS[kind].states)


def test_the_table_says_who_else_sees_each_kind_before_it_is_numbered() -> None:
    checks = {kind: power.check for kind, power in POWERS.items() if power.check is not Check.NONE}
    assert checks == {
        "commitment": Check.DECIDED, "closing_record": Check.DECIDED, "minutes": Check.OWN,
        "extension_reply": Check.OWN, "rectification": Check.COUNTERSIGN,
    }  # fmt: skip
    own, other = organs = (1, 2)
    assert {
        (kind, role.value, organ)
        for kind in POWERS
        for role in Role
        for organ in organs
        if may_check(Actor(1, "某人", role, own), kind, organ)
    } == {
        ("minutes", "city", own), ("minutes", "district", own), ("extension_reply", "city", own),
        ("extension_reply", "district", own), ("rectification", "township", own), ("rectification", "district", own),
        ("rectification", "district", other),
    }  # fmt: skip


@pytest.mark.parametrize("by", sorted(set(ISSUERS) - WHOSE["cert_notice"]))
def test_a_notice_of_who_may_not_issue_it(estate: Estate, by: str) -> None:
    with refused("不能出具办证通知书。办证通知书由乡镇人民政府、街道办事处或开发建设单位出具", code="no_power"):
        notice(estate, by)


def test_the_role_counts_where_the_organisation_would_do(estate: Estate) -> None:
    organ = lay_organisation(code="D-GOV", name="朝阳区人民政府", kind="government", area_code="110105")
    person = lay_person(username="gov", name="辰政", organisation=organ)
    with fixture_writes():
        Participation.objects.create(project=estate.project, organisation=organ, act_id=1)
    government = Player(person, organ, lay_assignment(person, organ, Role.DEPARTMENT))

    with refused("部门不能出具办证通知书", code="no_power"):
        notice(estate, government)


@pytest.mark.parametrize("by", sorted(set(ISSUERS) - WHOSE["brief"]))
def test_a_brief_of_who_may_not_issue_it(estate: Estate, by: str) -> None:
    with refused("不能出具项目简报。项目简报由市、区工作专班出具", code="no_power"):
        brief(estate, by)


def test_the_system_issues_nothing(estate: Estate) -> None:
    with refused("系统不能代为出具", code="no_power"):
        notice(estate, system_actor("通知"))


@pytest.mark.parametrize("stage", [stage.code for stage in STAGES[Track.CERTIFICATE]])
def test_a_notice_by_the_stage_of_the_home(estate: Estate, stage: str) -> None:
    with fixture_writes():
        Unit.objects.filter(pk=estate.homes[0]).update(certificate=stage)
    if stage in ON["cert_notice"]:
        assert notice(estate).unit_id == estate.homes[0]
    else:
        with refused("不能出具办证通知书。办证通知书仅限“待办”、“已通知”的户", code="state"):
            notice(estate)


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.ACTIVE])
def test_a_notice_by_the_standing_of_the_home(estate: Estate, standing: Standing) -> None:
    with fixture_writes():
        Unit.objects.filter(pk=estate.homes[0]).update(standing=standing.value)
    with refused(f"本户状态为“{standing.label}”，不能出具办证通知书", code="state"):
        notice(estate)


@pytest.mark.parametrize("state", [state for state in InstrumentState if state.value not in LETTERS])
def test_a_letter_by_its_state(story: Estate, state: InstrumentState) -> None:
    with fixture_writes():
        Instrument.objects.update(state=state.value)
    with refused(f"承诺函的状态为“{state.label}”，不能出具政府承诺函", code="state"):
        letter(story)


# The faults, in the words of the issue -------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "head"), [("township", "十八里店乡"), ("developer", "演示开发公司")])
def test_a_notice_takes_its_head_from_who_issues_it_and_never_what_was_typed(
    estate: Estate, by: str, head: str
) -> None:
    paper = notice(estate, by, typed={"issuer": "朝阳区不动产登记中心", "organ": "朝阳区人民政府"})

    assert (snapshot_of(paper)["issuer"], paper.issuer.name, paper.number) == (head, head, "CY9001-2022-00001")
    assert text_of(paper).count("朝阳区不动产登记中心") == 0


def test_the_form_of_a_notice_asks_for_no_issuer_no_number_and_no_day(estate: Estate) -> None:
    url = reverse("papers:notice", args=[estate.project.code, estate.homes[0]])
    client = sign_in(estate.cast.township)
    page = client.get(url).content.decode()

    assert [name for name in ("issuer", "series", "issued_on") if f'name="{name}"' in page] == []
    assert "以十八里店乡名义出具" in page
    client.post(
        url,
        {"place": "大厅", "phone": "19900000000", "issuer": "区政府", "series": "京政办发", "issued_on": "1999-01-01"},
    )
    paper = Paper.objects.get()
    assert (paper.number, snapshot_of(paper)["issuer"]) == (f"CY9001-{paper.issued_on.year}-00001", "十八里店乡")


def test_the_year_of_a_number_is_the_year_of_issue(estate: Estate) -> None:
    for on in (TODAY - timedelta(days=1), date(1999, 1, 1)):
        with refused(f"文书的日期是出具当日2022-03-08，不能填{on}", field="issued_on"):
            notice(estate, issued_on=on)
    assert NumberSeries.objects.count() == 0


def test_a_rung_of_last_year_takes_no_number_of_this_one(story: Estate) -> None:
    with refused("2022年不能出具2021年的文书", field="issued_on"), on_day(TODAY):
        issue_paper(
            actor=story.cast.district.actor, project=story.project, kind="urging", snapshot={"title": "催办"},
            issued_on=date(2021, 12, 31), instrument=story.letter,
        )  # fmt: skip


def test_a_caller_below_obeys_the_same_table(story: Estate) -> None:
    with pytest.raises(DomainError, match="开发建设单位现场不能出具催办函"), on_day(TODAY):
        issue_through_the_port(story.cast.developer.actor, story)


def issue_through_the_port(actor: Actor, story: Estate) -> Any:
    """Ask the port as the ladder does, inside an act."""
    from registry.audit.recording import record
    from registry.store.acts import WRITES, write

    words = {
        "project": "演示小区", "organ": "朝阳区人民政府", "recipient": "十八里店乡", "issued_on": TODAY, "letter": "函",
        "signed_on": SIGNED, "ordinal": 1, "end_state": "拆除", "place": "", "proof": "照片", "due_on": TODAY,
        "original_due_on": TODAY, "late": 0, "state": "未开始", "earlier": [], "text": "请完成", "reply_by": TODAY,
        "meeting_place": "", "times": 1, "cc": "",
    }  # fmt: skip

    @write(Permission.ACCOUNT_SELF)
    def asks_for_a_paper(*, actor: Actor) -> Any:
        record(event="organisation.changed", facts={"name": "x"})
        return asked_from_below(
            actor=actor, project=story.project, kind="urging", subject=story.letter, snapshot=words, issued_on=TODAY
        )

    WRITES.pop("asks_for_a_paper")
    return asks_for_a_paper(actor=actor)


# One in force --------------------------------------------------------------------------------------------------------


def test_eight_notices_to_one_family_are_one_until_it_is_void(estate: Estate) -> None:
    first = notice(estate)
    for by in ("township", "developer"):
        with refused(f"办证通知书{first.number}已于2022-03-08出具", code="in_force"):
            notice(estate, by)
    with on_day(TODAY):
        void_paper(actor=estate.cast.city.actor, paper=first, reason="地址写错", on=TODAY)

    assert notice(estate).number == "CY9001-2022-00002"


def test_the_database_holds_one_in_force_too(estate: Estate) -> None:
    """Two who issue at once: the constraint decides, whatever the reads before it saw."""
    first, second = notice(estate), notice(estate, unit=estate.unit(1))
    with pytest.raises(IntegrityError), fixture_writes(), transaction.atomic():
        Paper.objects.filter(pk=second.pk).update(live_key=first.live_key)


def test_many_notices_are_asked_for_and_issued_by_the_same_table(estate: Estate) -> None:
    url = reverse("papers:notices", args=[estate.project.code])
    told = {
        "kind": "cert_notice", "use": "dwelling", "certificate": "waiting", "way": "personal", "place": "大厅",
        "phone": "19900000000", "issuer": "区政府", "series": "京政办发",
    }  # fmt: skip
    for by in ("city", "district", "department", "centre"):
        assert "不能出具给权利人的文书" in sign_in(getattr(estate.cast, by)).post(url, told).content.decode(), by
    assert not Job.objects.exists()
    told_before = notice(estate)

    assert sign_in(estate.cast.developer).post(url, told).status_code == 302
    Worker("w").run(once=True)

    made = Paper.objects.order_by("id")[1:]
    assert [paper.unit_id for paper in made] == [key for key in estate.homes if key != told_before.unit_id]
    assert {paper.issuer for paper in made} == {estate.cast.developer.organisation}


def test_a_number_of_another_year_is_not_signed(estate: Estate) -> None:
    with on_day(SIGNED):
        draft = draft_letter(estate, lay_blocker(estate))
        with refused("的年份1999与日期2021-06-17不符", field="number"):
            sign_instrument(
                actor=estate.cast.township.actor, instrument=draft, number="京政办发〔1999〕1号", signed_on=SIGNED
            )
