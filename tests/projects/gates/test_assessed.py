"""未研判: a project that nobody has looked at is neither 已打通 nor shut, and stands apart where figures are read."""

from dataclasses import replace
from datetime import date, timedelta

from django.urls import reverse

from documents.papers.selectors.briefs import brief_snapshot
from projects.gates.metrics import BY_CODE
from projects.gates.models import GatePlan
from projects.gates.selectors.assessed import assessed_projects
from projects.gates.selectors.drill_down import units_counted_by
from projects.gates.selectors.overview import headlines, overviews
from projects.gates.services import record_steps, revoke_document, withdraw_blocker
from projects.ledger.models import Project, Unit
from projects.ledger.services.projects import change_project
from registry.audit.invariants import INVARIANTS
from registry.kernel.gates import Gate, StepStatus
from registry.store.guard import fixture_writes
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import PLACED, TODAY, Estate, lay_blocker, moment, on_day

MARCH = date(2022, 3, 1)


def is_assessed(estate: Estate, on: date = TODAY, known: date | None = None) -> bool:
    known_at = None if known is None else moment(known, 23)
    return assessed_projects([estate.project.pk], on=on, known_at=known_at) == {estate.project.pk}


def step(estate: Estate, on: date = MARCH) -> None:
    with on_day(TODAY):
        record_steps(
            actor=estate.cast.department.actor, project=estate.project, gate=Gate.LAND_SUPPLY, buildings=(), part=None,
            status=StepStatus.PASSED, effective_on=on, document_no="×政地〔2022〕27号", organ="规自分局", issued_on=on,
        )  # fmt: skip


def status(estate: Estate, code: str, on: date) -> None:
    with on_day(on):
        change_project(
            actor=estate.cast.district.actor, project=estate.project, changes={"status": code}, effective_on=on
        )


def page(estate: Estate, name: str, *args: object) -> str:
    return sign_in(estate.cast.district).get(reverse(name, args=args)).content.decode()


def test_a_project_taken_in_and_placed_is_not_assessed(estate: Estate) -> None:
    assert not is_assessed(estate)
    assert assessed_projects([], on=TODAY) == frozenset()


def test_a_blocker_assesses_from_the_day_it_was_found_and_known(estate: Estate) -> None:
    lay_blocker(estate, "P03", on=MARCH)

    assert is_assessed(estate, MARCH)
    assert not is_assessed(estate, MARCH - timedelta(days=1))
    assert is_assessed(estate, known=MARCH)
    assert not is_assessed(estate, known=MARCH - timedelta(days=1))


def test_a_blocker_withdrawn_since_has_assessed_all_the_same(estate: Estate) -> None:
    blocker = lay_blocker(estate, "P03", on=MARCH)
    with on_day(TODAY):
        withdraw_blocker(actor=estate.cast.district.actor, blocker=blocker, reason="登错了项目")

    assert is_assessed(estate)
    assert is_assessed(estate, MARCH, known=MARCH), "what a closed month said does not hang on what came after"


def test_a_step_assesses_even_if_revoked(estate: Estate) -> None:
    step(estate)
    assert is_assessed(estate, MARCH)
    assert not is_assessed(estate, MARCH - timedelta(days=1))
    with on_day(TODAY):
        document = estate.project.basis_documents.get()
        revoke_document(actor=estate.cast.department.actor, document=document, revoked_on=TODAY, reason="文件无效")

    assert is_assessed(estate)


def test_a_status_past_taken_in_assesses_from_its_day(estate: Estate) -> None:
    status(estate, "assessed", MARCH)
    assert (is_assessed(estate, MARCH), is_assessed(estate, MARCH - timedelta(days=1))) == (True, False)

    status(estate, "taken_in", TODAY)
    assert (is_assessed(estate, MARCH), is_assessed(estate)) == (True, False), "its last status by a day speaks"


def test_homes_of_an_unassessed_project_are_not_cleared(estate: Estate) -> None:
    row = overviews([estate.project.pk], on=TODAY)[estate.project.pk]

    assert (row.due, row.cleared, row.cleared_assessed, row.unassessed, row.assessed) == (12, 12, 0, 12, 0)
    assert row.unassessed_projects == 1
    lay_blocker(estate, "P03", on=MARCH)
    row = overviews([estate.project.pk], on=TODAY)[estate.project.pk]
    assert (row.cleared_assessed, row.unassessed, row.assessed, row.unassessed_projects) == (0, 0, 12, 0)


def test_what_is_not_assessed_stands_apart(story: Estate) -> None:
    row = overviews([story.project.pk], on=TODAY)[story.project.pk]
    other = replace(row, unassessed_projects=1, unassessed=12, unassessed_cleared=12)

    assert (row.cleared_assessed, row.assessed, row.unassessed) == (12, 12, 0)
    assert (other.cleared_assessed, other.assessed, other.unassessed, other.unassessed_projects) == (0, 0, 12, 1)


def test_each_figure_is_the_length_of_its_list(estate: Estate) -> None:
    def listed(code: str) -> int:
        counted = units_counted_by(code, estate.project.pk, on=TODAY)
        return Unit.objects.filter(counted, building__project=estate.project).count()

    def stated(code: str) -> int:
        return BY_CODE[code].value(overviews([estate.project.pk], on=TODAY)[estate.project.pk])

    for expected in ((12, 0), (0, 12)):
        assert (listed("unassessed"), listed("cleared_assessed")) == expected
        assert (stated("unassessed"), stated("cleared_assessed")) == expected
        status(estate, "assessed", MARCH) if expected[0] else None


def test_pages_say_that_nobody_has_assessed(estate: Estate) -> None:
    shown = page(estate, "ledger:project", estate.project.code)
    assert "尚未研判。" in shown
    assert "100.00%" not in shown
    assert "已打通" not in shown.split('class="figs"')[1].split("</dl>")[0], "of homes and shops alike"
    assert ">未研判 12<" in shown, "what is left is one class, and no other is named"
    assert '<span class="pill amber">未研判</span>' in page(estate, "ledger:projects")
    assert "未研判" in page(estate, "gates:why", estate.project.code)
    progress = page(estate, "progress:progress")
    assert "未研判" in progress.split("</thead>")[0]
    assert "100.00%" not in progress
    figures = dict(map(tuple, brief_snapshot(
        project=estate.project, actor=estate.cast.district.actor, on=TODAY)["figures"]))  # fmt: skip
    assert (figures["未研判"], "已打通" in figures) == (12, False)

    status(estate, "assessed", PLACED + timedelta(days=1))

    shown = page(estate, "ledger:project", estate.project.code)
    assert "尚未研判" not in shown
    assert "100.00%" in shown
    assert '<span class="pill amber">未研判</span>' not in page(estate, "ledger:projects")
    assert "100.00%" in page(estate, "progress:progress")


def test_whatever_their_number_one_query(estate: Estate) -> None:
    ids = list(Project.objects.values_list("pk", flat=True))
    with assert_asks(1):
        assessed_projects([*ids, 10**6], on=TODAY)


def test_another_kind_of_housing_counts_what_is_ready_anew(estate: Estate) -> None:
    def readiness() -> list[str]:
        return [str(fault) for fault in INVARIANTS["I6"].check(estate.project.pk)]

    with fixture_writes():
        GatePlan.objects.filter(housing_type="commercial").delete()
        GatePlan.objects.create(housing_type="commercial", gates=[], effective_on=PLACED)
    assert readiness() == []
    with on_day(TODAY):
        change_project(
            actor=estate.cast.district.actor, project=estate.project, changes={"housing_type": "commercial"},
            effective_on=TODAY,
        )  # fmt: skip

    assert Project.objects.get(pk=estate.project.pk).housing_type == "commercial"
    assert readiness() == []


def test_the_headlines_of_a_list_are_those_of_the_whole_overview(estate: Estate, stranger: Estate) -> None:
    ids = [estate.project.pk, stranger.project.pk]
    status(estate, "assessed", PLACED + timedelta(days=1))

    for key, row in headlines(ids, on=TODAY).items():
        whole = overviews(ids, on=TODAY)[key]
        for name in ("due", "unassessed", "cleared_assessed", "assessed", "ready", "issued"):
            assert getattr(row, name) == getattr(whole, name), name
