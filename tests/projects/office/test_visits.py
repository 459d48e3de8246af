"""A visit: papers of all homes of a family in one act, one receipt, everything that lacks told once (F13)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from documents.papers.models import Paper
from documents.papers.selectors.snapshots import snapshot_of
from projects.ledger.models import Move, Unit
from projects.office.choices import ExtraTrip
from projects.office.forms import VisitForm
from projects.office.models import Scan, Visit, VisitHome, VisitPaper
from projects.office.selectors.families import family_card
from projects.office.services.families import join_homes, state_facts
from projects.office.services.scans import note_scan
from projects.office.services.visits import Shown, receive_family
from registry.audit.invariants import INVARIANTS
from registry.kernel.errors import PermissionRefused
from registry.kernel.identifiers.scans import ScanCode, ScanKind
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import FAULT, TODAY, Estate, lay_blocker, move, on_day
from tests.factories.trials import refused
from tests.projects.office.families import all_papers, come, lay_family, unit_of

FIRST = date(2022, 2, 10)
NOT_GIVEN = "户口簿"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def stages(keys: list[int]) -> list[str]:
    by_key = dict(Unit.objects.filter(pk__in=keys).values_list("pk", "certificate"))
    return [by_key[key] for key in keys]


def test_one_visit_moves_every_home_whose_papers_are_complete(story: Estate) -> None:
    family = lay_family(story)
    handed = {key: all_papers(key) for key in family}

    visit = come(story, handed)

    assert stages(family) == ["collected"] * 4
    assert set(Move.objects.filter(act_id=visit.act_id).values_list("unit_id", flat=True)) == set(family)
    assert (visit.ordinal, visit.again, visit.notice_no, VisitHome.objects.filter(visit=visit, is_moved=True).count()) == (
        1, "", "", 4,
    )  # fmt: skip
    receipt = Paper.objects.get(pk=visit.receipt_key)
    said = snapshot_of(receipt)
    assert (Paper.objects.count(), receipt.kind, receipt.number) == (1, "collection_receipt", visit.receipt_no)
    assert said["no_acceptance"] == "本单不是登记机构的受理凭证。"
    assert (len(said["homes"]), said["kinds"]) == (4, sum(len(names) for names in handed.values()))
    assert said["code"] == visit.code == ScanCode(ScanKind.RECEIPT, visit.pk).format()


def test_what_lacks_is_told_once_and_the_other_homes_go_on(story: Estate) -> None:
    family = lay_family(story)
    first = family[0]
    handed = {key: [name for name in all_papers(key) if (key, name) != (first, NOT_GIVEN)] for key in family}

    visit = come(story, handed, by="developer")

    assert stages(family) == ["waiting", "collected", "collected", "collected"]
    notice = snapshot_of(Paper.objects.get(pk=visit.notice_key))
    assert [[paper["name"] for paper in home["lacks"]] for home in notice["homes"]] == [[NOT_GIVEN], [], [], []]
    assert ScanCode.parse(notice["code"]) == ScanCode(ScanKind.NOTICE, visit.pk)
    assert notice["issuer"] == story.cast.developer.organisation.name


def test_what_was_handed_in_need_not_be_brought_again(story: Estate) -> None:
    key = story.homes[0]
    come(story, {key: [name for name in all_papers(key) if name != NOT_GIVEN]}, on=FIRST)
    assert all_papers(key) == all_papers(key)

    visit = come(story, {key: [NOT_GIVEN]}, again=ExtraTrip.LACKED)

    assert stages([key]) == ["collected"]
    assert list(VisitPaper.objects.filter(home__visit=visit).values_list("name", "state")) == [(NOT_GIVEN, "taken")]
    assert (visit.ordinal, visit.again, visit.is_own_fault) == (2, "lacked", False)


def test_a_later_visit_asks_why_and_no_day_goes_back(story: Estate) -> None:
    key = story.homes[0]
    come(story, {key: []}, on=FIRST)

    with refused("这一家以前来过。请选择再次来访原因", field="again"):
        come(story, {key: [NOT_GIVEN]})
    with refused("来访日期不得早于上次来访", field="came_on"):
        come(story, {key: [NOT_GIVEN]}, on=FIRST - timedelta(1), again=ExtraTrip.LACKED)


def test_a_paper_asked_for_later_that_was_to_be_foreseen_is_our_fault(story: Estate) -> None:
    """The heir was heir at the first visit already; nobody asked, so the papers of heirs are asked for too late."""
    key = story.homes[0]
    come(story, {key: [name for name in all_papers(key) if name != NOT_GIVEN]}, on=FIRST)
    with on_day(TODAY):
        state_facts(
            actor=story.cast.township.actor,
            unit=unit_of(key),
            facts=["unnotarised"],
            effective_on=FIRST - timedelta(300),
        )

    second = come(story, {key: [NOT_GIVEN]}, again=ExtraTrip.LACKED)
    late = VisitPaper.objects.filter(home__visit=second, was_foreseeable=True)
    assert set(late.values_list("name", flat=True)) == {"继承材料（可不公证）", "亲属关系材料、具结书"}
    assert (second.is_own_fault, stages([key])) == (False, ["waiting"])
    third = come(story, {key: list(late.values_list("name", flat=True))}, again=ExtraTrip.LACKED)
    assert (third.is_own_fault, stages([key])) == (True, ["collected"])


def test_what_became_so_later_is_nobodys_fault(story: Estate) -> None:
    key = story.homes[0]
    come(story, {key: [name for name in all_papers(key) if name != NOT_GIVEN]}, on=FIRST)
    with on_day(TODAY):
        state_facts(actor=story.cast.township.actor, unit=unit_of(key), facts=["proxy"], effective_on=TODAY)

    second = come(story, {key: [NOT_GIVEN]}, again=ExtraTrip.CHANGED)

    assert not VisitPaper.objects.filter(home__visit=second, was_foreseeable=True).exists()
    assert VisitPaper.objects.filter(home__visit=second, state="lacks").count() == 2


def test_an_heir_gets_the_list_of_heirs(story: Estate) -> None:
    key = story.homes[0]
    with on_day(TODAY):
        state_facts(actor=story.cast.township.actor, unit=unit_of(key), facts=["inherited"], effective_on=TODAY)

    notice = snapshot_of(Paper.objects.get(pk=come(story, {key: []}).notice_key))

    assert "继承材料（可不公证）" in [paper["name"] for paper in notice["homes"][0]["lacks"]]


def test_of_two_clerks_one_wins_and_the_other_is_told_who_and_when(story: Estate) -> None:
    key = story.homes[0]
    shown = Shown({key: "waiting"}, 0)
    come(story, {key: [NOT_GIVEN]}, shown=shown)

    who = story.cast.township.person.name
    with refused(f"{who}已于03-08 10:00登记这一家的来访，本次没有登记", code="overtaken"):
        come(story, {key: [NOT_GIVEN]}, by="developer", shown=shown, again=ExtraTrip.OTHER)
    assert Visit.objects.count() == 1


def test_a_move_by_another_since_the_card_was_shown_is_told_with_who_and_when(story: Estate) -> None:
    key = story.homes[0]
    move(story, [key], "collected", TODAY)

    with refused("于03-08 10:00已将1号楼.*办理至“已收材料”，本次没有登记", code="overtaken"):
        come(story, {key: []}, by="developer", shown=Shown({key: "waiting"}, 0))


def test_a_home_at_fault_keeps_its_reason_and_the_others_move(estate: Estate) -> None:
    """Shop and home of one family: the shop is at fault; the card offers the home alone, and a visit that names both
    moves the home."""
    lay_blocker(estate, at_fault=FAULT)
    shop, home = unit_of(estate.shops[1]), estate.unit()
    with on_day(TODAY):
        join_homes(actor=estate.cast.township.actor, unit=home, other=shop, reason="户口簿载明同一人")

    assert [line.may_take for line in family_card(home, on=TODAY)] == [True, False]
    visit = come(estate, {home.pk: all_papers(home.pk), shop.pk: all_papers(shop.pk)})
    rows = VisitHome.objects.filter(visit=visit).order_by("unit_id").values_list("unit_id", "is_moved", "why_not")
    assert {key: (moved, "过错范围" in why) for key, moved, why in rows} == {
        home.pk: (True, False),
        shop.pk: (False, True),
    }


def test_who_only_looks_and_whom_it_is_not_about_are_refused(story: Estate) -> None:
    key, other = story.homes[:2]
    with pytest.raises(PermissionRefused, match="区专班不能登记来访"):
        come(story, {key: []}, by="district")
    with refused("未选择办理的户"), on_day(TODAY):
        receive_family(actor=story.cast.township.actor, unit=unit_of(key), handed={}, came_on=TODAY)
    with refused("已不在这一家名下", code="not_family"):
        come(story, {key: [], other: []})


def test_a_receipt_is_scanned_once_and_what_is_not_ours_is_said(story: Estate) -> None:
    key = story.homes[0]
    visit = come(story, {key: [NOT_GIVEN]})
    actor = story.cast.township.actor

    def scan(code: str) -> tuple[str, str, int | None]:
        answer = note_scan(actor=actor, project=story.project, code=code)
        return answer.outcome.value, answer.said, answer.unit_id

    with on_day(TODAY):
        outcomes = [
            scan(visit.code), scan(visit.code), scan(visit.notice_code), scan(ScanCode(ScanKind.RECEIPT, 999).format()),
            scan("6901234567892"), scan(ScanCode(ScanKind.BAG, 1).format()), scan(""),
        ]  # fmt: skip
    assert [each[0] for each in outcomes] == ["found", "again", "found", "foreign", "unknown", "unknown", "unknown"]
    assert outcomes[0][1:] == (f"1号楼1单元201一家，材料接收清单，来访{TODAY}。", key)
    assert "刚扫过" in outcomes[1][1]
    assert outcomes[3][1].endswith("不是本项目的单据，本窗口不能办理。")
    assert Scan.objects.count() == 7


@pytest.mark.parametrize("code", ["I51", "I52"])
def test_the_books_of_the_counter_hold_and_tampering_is_named(story: Estate, code: str) -> None:
    key = story.homes[0]
    visit = come(story, {key: all_papers(key)})
    with on_day(TODAY):
        note_scan(actor=story.cast.township.actor, project=story.project, code=visit.code)
    invariant = INVARIANTS[code]
    assert list(invariant.violations(None)) == list(invariant.violations(story.project.pk)) == []

    with fixture_writes():
        if code == "I51":
            VisitHome.objects.update(is_moved=False)
        else:
            Visit.objects.update(receipt_key=None)

    assert len(list(invariant.violations(None))) == len(list(invariant.violations(story.project.pk))) == 1


def test_the_pages_of_the_counter_from_field_to_receipt(story: Estate) -> None:
    first, *_ = family = lay_family(story)
    client = sign_in(story.cast.township)
    with on_day(TODAY):
        field = client.get(reverse("office:counter", args=[story.project.code])).content.decode()
        assert "找一家" in field
        answer = client.post(reverse("office:counter", args=[story.project.code]), {"text": "AZ-0002"})
        card = reverse("office:family", args=[story.project.code, first])
        assert (answer.status_code, answer["Location"]) == (302, card)
        page = client.get(card).content.decode()
        assert page.count('name="home"') == 4
        shown = page.split('name="shown" value="')[1].split('"')[0]
        words = {
            "came_on": TODAY.isoformat(), "shown": shown, "home": family,
            "paper": [f"{key}:{name}" for key in family for name in all_papers(key)],
        }  # fmt: skip
        done = client.post(card, words, follow=True).content.decode()
        assert done.count("已收齐，办理至“已收材料”") == 4
        again = client.post(card, words).content.decode()
        assert "登记这一家的来访，本次没有登记" in again
        assert Visit.objects.count() == 1
        code = client.post(reverse("office:scan", args=[story.project.code]), {"code": Visit.objects.get().code})
    assert 'class="say good"' in code.content.decode()
    assert card in code.content.decode()


@pytest.mark.parametrize("mark", ["²;1=waiting", "1;²=waiting", f"{'9' * 5000};{'9' * 5000}=waiting", ";;==", "٣;٣=x"])
def test_a_mark_of_the_card_that_is_none_says_nothing(mark: str) -> None:
    stages, last = VisitForm.unmark(mark)
    assert (dict(stages), last if last != 1 else None) in (({}, None), ({1: "waiting"}, None))
