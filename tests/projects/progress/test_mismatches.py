"""A row of the centre's list that the ledger can't follow stays open until a home or an answer settles it."""

from datetime import date

import pytest
from django.urls import reverse

from projects.ledger.models import Move, Unit
from projects.progress.models import Mismatch, MismatchKind
from projects.progress.services.mismatches import UnmatchedRow, home_called, note_mismatches, settle_mismatch
from registry.audit.invariants import INVARIANTS
from registry.kernel.errors import PermissionRefused
from registry.kernel.stages import Track
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, bring_to, lay_strange_estate, on_day
from tests.factories.trials import refused

MARCH = date(2022, 3, 1)
UNKNOWN = UnmatchedRow(MismatchKind.UNKNOWN, "77号楼1单元999", "台账未找到该户。")
TWICE = UnmatchedRow(MismatchKind.CONTRADICTORY, "1号楼1单元301", "不动产单元号与台账不符。")


@pytest.fixture
def estate(story: Estate) -> Estate:
    bring_to(story, story.homes[:2], "collected", date(2022, 2, 10))
    return story


def note(estate: Estate, *rows: UnmatchedRow, by: str = "centre") -> int:
    with on_day(MARCH):
        kept: int = note_mismatches(
            actor=getattr(estate.cast, by).actor, project=estate.project, track=Track.CERTIFICATE, to="accepted",
            file_name="清单.xlsx", rows=rows,
        )  # fmt: skip
    return kept


def settle(estate: Estate, row: Mismatch, by: str = "centre", **words: object) -> Mismatch:
    with on_day(MARCH):
        done: Mismatch = settle_mismatch(
            actor=getattr(estate.cast, by).actor,
            mismatch=row,
            **{"on": MARCH, **words},  # type: ignore[arg-type]
        )
    return done


def faults() -> list[str]:
    return [violation.subject for violation in INVARIANTS["I71"].check(None)]


def test_a_row_is_kept_once_and_settled_by_the_home_that_it_means(estate: Estate) -> None:
    assert note(estate, UNKNOWN, TWICE) == 2
    assert note(estate, UNKNOWN) == 0, "the same row of the next list stands open already"
    first, second = Mismatch.objects.order_by("id")

    settle(estate, first, home=estate.unit(0))
    settle(estate, second, answer="清单把301写成了另一户，请更正后重报")

    assert Unit.objects.get(pk=estate.homes[0]).certificate == "accepted"
    assert [row.settled_as for row in Mismatch.objects.order_by("id")] == ["matched", "returned"]
    assert faults() == []
    with refused(f"已由{estate.cast.centre.actor.name}于2022-03-01处理：已对应到户", code="settled"):
        settle(estate, first, home=estate.unit(1))
    assert note(estate, UNKNOWN) == 1, "stated again after it was settled: it is open anew"
    moves = Move.objects.count()
    settle(estate, Mismatch.objects.get(settled_as=""), home=estate.unit(0))
    assert Move.objects.count() == moves, "the home is there already"

    with fixture_writes():
        Mismatch.objects.filter(pk=first.pk).update(unit=estate.homes[3])
    assert faults() == [f"清单不符{first.pk} {UNKNOWN.named}"]


def test_a_home_that_the_rules_refuse_stays_where_it_is_and_the_row_open(estate: Estate) -> None:
    note(estate, UNKNOWN)
    row = Mismatch.objects.get()
    with refused("现在是“待办”|不能直接办理至“已受理”", code="contradictory", field="home"):
        settle(estate, row, home=estate.unit(4))
    with refused("请填写所指的户，或写明清单有误的内容", field="answer"):
        settle(estate, row, answer="错")
    other = lay_strange_estate(estate.cast)
    with refused("不属于本项目", field="home"):
        settle(estate, row, home=other.unit())
    with pytest.raises(PermissionRefused, match="不能处理这种清单"):
        settle(estate, row, by="developer", home=estate.unit(0))
    with refused("本项目未找到“77-1-999”", field="home"):
        home_called(estate.project, "77-1-999")
    with refused("“201”对应多户", field="home"):
        home_called(estate.project, "201")


def test_the_centre_settles_a_row_on_its_page_and_a_stranger_sees_none(estate: Estate) -> None:
    note(estate, UNKNOWN)
    row = Mismatch.objects.get()
    address, settling = reverse("progress:mismatches"), reverse("progress:settle_mismatch", args=[row.pk])
    assert UNKNOWN.named not in sign_in(estate.cast.strange_township).get(address).content.decode()
    client = sign_in(estate.cast.centre)
    assert settling in client.get(address).content.decode()
    words = {"home": "1-1-201", "on": MARCH.isoformat(), "answer": ""}
    assert "本项目未找到" in client.post(settling, {**words, "home": "77-1-999"}).content.decode()
    assert client.post(settling, words).status_code == 302
    assert "已对应到户" in client.get(address + "?state=matched").content.decode()
