"""F5 in its own words: a blocker's life is split without gap; late stays late; a new holiday moves what runs."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.casework.invariants import turns_follow_each_other
from projects.casework.models import DayKind, Holiday, Turn
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.clock import balls_of, clock_of, department_days
from projects.casework.services.holidays import keep_holiday
from projects.casework.services.turns import hand_over, pause_clock, resume_clock, return_ball
from projects.gates.models import Blocker
from projects.gates.services import reopen_blocker, resolve_blocker
from projects.ledger.models import Participation
from registry.accounts.models import Organisation
from registry.kernel.authority import Permission
from registry.kernel.errors import DomainError
from registry.store.acts import write
from registry.store.guard import fixture_writes
from registry.store.once import new_key, once
from tests.factories.accounts import sign_in
from tests.factories.histories import are_all_acts_expected, many_histories, undone
from tests.factories.projects import Estate, lay_blocker, on_day
from tests.factories.trials import digest, last_act

MONDAY = date(2022, 2, 7)


@pytest.fixture
def ball(estate: Estate) -> Blocker:
    """Found on a Monday, the department's, thirty working days."""
    with fixture_writes():
        Holiday.objects.all().delete()
    return lay_blocker(estate, "L05", on=MONDAY, responsible=estate.cast.department.organisation)


def hand(estate: Estate, blocker: Blocker, to: Organisation, on: date, limit: int = 5, by: str = "district") -> None:
    with on_day(on):
        hand_over(
            actor=getattr(estate.cast, by).actor, blocker=blocker, to=to, on=on, limit_days=limit, reason="请核定欠缴数"
        )


def resolve(estate: Estate, blocker: Blocker, on: date) -> Blocker:
    with on_day(on):
        return resolve_blocker(actor=estate.cast.district.actor, blocker=blocker, resolved_on=on, resolution="已缴清")


@contextmanager
def refusing(words: str) -> Iterator[None]:
    """Refused with these words, nothing written."""
    before = digest()
    with pytest.raises(DomainError, match=words):
        yield
    assert digest() == before


def again(blocker: Blocker) -> Blocker:
    return Blocker.objects.select_related("type", "responsible", "project").get(pk=blocker.pk)


def days_of(blocker: Blocker, on: date) -> list[tuple[str, int, int, int]]:
    return [(one.who, one.days, one.workdays, one.late) for one in clock_of(again(blocker), on).segments]


def test_a_blocker_never_handed_over_is_with_its_first_holder_since_it_was_found(estate: Estate, ball: Blocker) -> None:
    clock = clock_of(again(ball), MONDAY + timedelta(days=14))

    [only] = clock.segments
    assert (only.who, only.days, only.workdays) == (str(estate.cast.department.organisation), 14, 10)
    assert only.due_on == date(2022, 5, 3)
    assert Turn.objects.count() == 0


def test_the_ball_goes_on_comes_back_pauses_and_the_days_add_up(estate: Estate, ball: Blocker) -> None:
    department, tax = estate.cast.department.organisation, estate.cast.tax.organisation
    hand(estate, ball, tax, date(2022, 2, 14), 3)
    with on_day(date(2022, 2, 21)):
        return_ball(actor=estate.cast.tax.actor, blocker=ball, on=date(2022, 2, 21), reason="欠缴的是出让金，不是税")
    with on_day(date(2022, 2, 28)):
        pause_clock(actor=estate.cast.district.actor, blocker=ball, on=date(2022, 2, 28), reason="待法院判决")
    with on_day(date(2022, 3, 7)):
        resume_clock(actor=estate.cast.district.actor, blocker=ball, on=date(2022, 3, 7))
    resolve(estate, ball, date(2022, 3, 9))

    assert days_of(ball, date(2022, 4, 1)) == [
        (str(department), 7, 5, 0), (str(tax), 7, 5, 2), (str(department), 7, 5, 0), ("暂停：待法院判决", 7, 5, 0),
        (str(department), 2, 2, 0),
    ]  # fmt: skip
    turns = list(Turn.objects.order_by("ordinal"))
    assert [(turn.kind, turn.round) for turn in turns] == [
        ("first", 1), ("handed", 1), ("returned", 2), ("paused", 2), ("resumed", 2),
    ]  # fmt: skip
    assert turns[2].reason == "欠缴的是出让金，不是税"
    assert turns[4].limit_days == 55, "sixty, less the five that the round before the pause took"
    assert again(ball).responsible == department
    assert department_days([again(ball)], date(2022, 4, 1), calendar_of()) == {ball.pk: 17}


@pytest.mark.parametrize("fault", ["gap", "two run"])
def test_a_turn_with_neither_holder_nor_reason_or_beside_another_that_runs_is_impossible(
    estate: Estate, ball: Blocker, fault: str
) -> None:
    hand(estate, ball, estate.cast.tax.organisation, date(2022, 2, 14))
    holder = estate.cast.tax.organisation if fault == "two run" else None
    with pytest.raises(IntegrityError), transaction.atomic(), fixture_writes():
        Turn.objects.create(blocker=ball, ordinal=9, kind="handed", starts=date(2022, 2, 20), holder=holder, act_id=1)


def test_late_stays_late_for_ever_and_a_holiday_moves_only_what_runs(estate: Estate, ball: Blocker) -> None:
    closed = lay_blocker(estate, "P05", on=MONDAY, responsible=estate.cast.tax.organisation)
    hand(estate, closed, estate.cast.department.organisation, date(2022, 2, 8), 3)
    resolve(estate, closed, date(2022, 2, 18))
    hand(estate, ball, estate.cast.tax.organisation, date(2022, 2, 14), 5)
    before = [(turn.due_on, turn.days_late) for turn in Turn.objects.filter(blocker=closed)]
    assert before == [(date(2022, 5, 3), 0), (date(2022, 2, 11), 5)]

    @write(Permission.PARAMETER_APPROVE)
    def keep(*, actor: object) -> Holiday:
        return keep_holiday(day=date(2022, 2, 16), kind=DayKind.HOLIDAY, name="演示节", year=2022, notice="演示")

    with on_day(date(2022, 2, 15)):
        keep(actor=estate.cast.city.actor)

    facts = last_act().facts
    assert facts["deadlines"] == [f"{ball.number} {estate.cast.tax.organisation} 2022-02-21→2022-02-22"]
    assert "1个在办的期限随之变动" in facts["moved"]
    assert clock_of(again(ball), date(2022, 2, 15)).segments[-1].due_on == date(2022, 2, 22)
    assert [(turn.due_on, turn.days_late) for turn in Turn.objects.filter(blocker=closed)] == before
    assert clock_of(again(closed), date(2022, 6, 1)).late == 5


def test_a_reopened_blocker_counts_on_and_nobody_has_the_time_between(estate: Estate, ball: Blocker) -> None:
    resolve(estate, ball, date(2022, 2, 14))
    with on_day(date(2022, 2, 21)):
        reopen_blocker(actor=estate.cast.district.actor, blocker=ball, reopened_on=date(2022, 2, 21), reason="银行退票")

    assert [(who, days) for who, days, _, _ in days_of(ball, date(2022, 2, 28))] == [
        (str(estate.cast.department.organisation), 7), ("暂停：已记解决", 7),
        (str(estate.cast.department.organisation), 7),
    ]  # fmt: skip


def test_what_is_refused_says_what_and_how(estate: Estate, ball: Blocker) -> None:
    cast, on = estate.cast, date(2022, 2, 14)
    words = {"blocker": ball, "on": on}
    with on_day(on):
        with refusing("未填写暂停原因"):
            pause_clock(actor=cast.district.actor, reason=" ", **words)
        with refusing("责任单位已是"):
            hand_over(actor=cast.district.actor, to=cast.department.organisation, limit_days=5, **words)
        with refusing("由其或工作专班"):
            hand_over(actor=cast.tax.actor, to=cast.centre.organisation, limit_days=5, **words)
        with refusing("此前无其他责任单位"):
            return_ball(actor=cast.department.actor, reason="不归我办", **words)
        with refusing("计时未暂停"):
            resume_clock(actor=cast.district.actor, **words)
        with refusing("尚未到来"):
            hand_over(
                actor=cast.district.actor, blocker=ball, to=cast.tax.organisation, on=date(2022, 3, 1), limit_days=5
            )
        with refusing("不能更早"):
            pause_clock(actor=cast.district.actor, blocker=ball, on=date(2022, 2, 1), reason="等判决")
        with refusing("未填写退回原因"):
            return_ball(actor=cast.department.actor, reason="", **words)
    resolve(estate, ball, on)
    with on_day(on), refusing("已办结"):
        pause_clock(actor=cast.district.actor, reason="等判决", **words)
    assert Turn.objects.exclude(kind="first").count() == 0


def test_a_ball_returned_twice_by_one_form_goes_back_once(estate: Estate, ball: Blocker) -> None:
    """The second click would give it to whoever had it before."""
    cast, on, key = estate.cast, date(2022, 2, 14), new_key()
    with on_day(on):
        for to in (cast.tax, cast.centre):
            hand_over(actor=cast.district.actor, blocker=ball, to=to.organisation, on=on, limit_days=5, reason="请办")
        for _ in range(2):
            with once(key):
                returned = return_ball(actor=cast.district.actor, blocker=ball, on=on, reason="不归它办")

    assert returned.responsible == cast.tax.organisation
    assert Turn.objects.filter(blocker=ball, kind="returned").count() == 1


def test_a_form_sent_again_is_not_judged_by_what_it_has_changed(estate: Estate, ball: Blocker) -> None:
    """The second click of 移交: whom it names is responsible by now, and is no choice any more."""
    client, url = sign_in(estate.cast.district), reverse("casework:move_ball", args=[ball.number, "hand"])
    form = client.get(url).context["form"]
    words = {
        "to": estate.cast.tax.organisation.pk, "on": "2022-02-14", "limit_days": 5, "reason": "请办", "once": form.once_key,
    }  # fmt: skip
    with on_day(date(2022, 2, 14)):
        answers = [client.post(url, words) for _ in range(2)]
        again = client.post(url, {**words, "once": new_key()})

    assert [(answer.status_code, answer.get("Location")) for answer in answers] == [(302, f"/gates/{ball.number}/")] * 2
    assert again.status_code == 200
    assert Turn.objects.filter(blocker=ball, kind="handed").count() == 1


def test_who_is_given_the_ball_sees_the_project_from_then_on(estate: Estate, ball: Blocker) -> None:
    tax = estate.cast.tax
    with fixture_writes():
        Participation.objects.filter(organisation=tax.organisation).delete()
    assert balls_of(tax.actor, date(2022, 2, 14)) == []

    hand(estate, ball, tax.organisation, date(2022, 2, 14), 3)

    [mine] = balls_of(tax.actor, date(2022, 2, 21))
    assert (mine.blocker.number, mine.due_on, mine.late) == (ball.number, date(2022, 2, 17), 2)
    assert balls_of(estate.cast.department.actor, date(2022, 2, 21)) == []


def test_the_page_of_the_blocker_shows_the_clock_and_the_desk_the_ball(estate: Estate, ball: Blocker) -> None:
    hand(estate, ball, estate.cast.tax.organisation, date(2022, 2, 14), 3)
    shown = sign_in(estate.cast.district).get(reverse("gates:blocker", args=[ball.number])).content.decode()
    assert all(word in shown for word in ("责任时段", "请核定欠缴数", "3个工作日", "暂停计时", "移交", "累计逾期"))
    theirs = sign_in(estate.cast.tax).get(reverse("gates:blocker", args=[ball.number])).content.decode()
    assert "退回</a>" in theirs
    assert "暂停计时</a>" not in theirs
    desk = sign_in(estate.cast.tax).get("/").content.decode()
    assert ball.number in desk
    assert "1件逾期" in desk


def test_the_ball_is_handed_over_on_a_page(estate: Estate, ball: Blocker) -> None:
    client = sign_in(estate.cast.district)
    address = reverse("casework:move_ball", args=[ball.number, "hand"])
    words = {"to": estate.cast.tax.organisation.pk, "on": "2022-02-14", "limit_days": "3", "reason": "请核定"}

    none = client.post(address, {**words, "limit_days": "0"}).context["form"].errors
    assert list(none) == ["limit_days"]
    assert client.post(address, words).status_code == 302
    assert again(ball).responsible == estate.cast.tax.organisation
    assert client.get(reverse("casework:move_ball", args=[ball.number, "drop"])).status_code == 404


def test_the_days_of_the_segments_are_the_days_of_the_life_for_every_closed_blocker(
    estate: Estate, ball: Blocker
) -> None:
    done: Counter[str] = Counter()
    cast = estate.cast
    holders = [cast.department, cast.tax, cast.centre, cast.township]

    def live(data: st.DataObject, on: date) -> None:
        actor, act = cast.district.actor, data.draw(st.sampled_from(["hand", "return", "pause", "resume", "reopen"]))
        words = {"actor": actor, "blocker": ball, "on": on}
        with on_day(on), suppress(DomainError), transaction.atomic():
            if act == "hand":
                to = data.draw(st.sampled_from(holders)).organisation
                hand_over(to=to, limit_days=data.draw(st.integers(1, 9)), **words)
            elif act == "return":
                return_ball(reason="退", **words)
            elif act == "pause":
                pause_clock(reason="等", **words)
            elif act == "resume":
                resume_clock(**words)
            else:
                resolve_blocker(actor=actor, blocker=ball, resolved_on=on, resolution="已缴")
                back = on + timedelta(days=data.draw(st.integers(0, 5)))
                with on_day(back):
                    reopen_blocker(actor=actor, blocker=ball, reopened_on=back, reason="又欠")
            done[act] += 1

    @many_histories(seed=1, on_sqlite=25)
    @given(data=st.data())
    def lives(data: st.DataObject) -> None:
        on = MONDAY
        with undone():
            for _ in range(data.draw(st.integers(1, 8))):
                on += timedelta(days=data.draw(st.integers(0, 12)))
                live(data, on)
            end = on + timedelta(days=data.draw(st.integers(6, 20)))
            resolve(estate, ball, end)
            clock = clock_of(again(ball), end + timedelta(days=30))
            assert sum(one.days for one in clock.segments) == (end - MONDAY).days == clock.days
            worked = calendar_of().workdays_between(MONDAY, end)
            assert sum(one.workdays for one in clock.segments) == worked
            joints = zip(clock.segments, clock.segments[1:], strict=False)
            assert all(one.ends == following.starts for one, following in joints)
            assert Turn.objects.filter(blocker=ball, ended_on__isnull=True).count() == 0

    lives()
    if are_all_acts_expected():
        assert set(done) == {"hand", "return", "pause", "resume", "reopen"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"starts": date(2022, 2, 8)}, "起有人负责"),
        ({"ended_on": date(2022, 2, 15)}, "第1段止于2022-02-14"),
    ],
)
def test_a_gap_between_turns_is_named(estate: Estate, ball: Blocker, words: dict[str, date], said: str) -> None:
    hand(estate, ball, estate.cast.tax.organisation, date(2022, 2, 14))
    assert list(turns_follow_each_other(None)) == []
    with fixture_writes():
        Turn.objects.filter(ordinal=1).update(**words)

    [violation] = turns_follow_each_other(estate.project.pk)
    assert (violation.subject, said in violation.expected) == (ball.number, True)


def test_a_holder_that_is_not_the_blockers_is_named(estate: Estate, ball: Blocker) -> None:
    hand(estate, ball, estate.cast.tax.organisation, date(2022, 2, 14))
    with fixture_writes():
        Blocker.objects.filter(pk=ball.pk).update(responsible=estate.cast.centre.organisation)
    assert [one.expected for one in turns_follow_each_other(None)] == ["在办的单位与堵点一致"]


def test_a_return_after_a_pause_gives_the_whole_limit_again(estate: Estate, ball: Blocker) -> None:
    actor = estate.cast.district.actor
    hand(estate, ball, estate.cast.tax.organisation, date(2022, 2, 8), 3)
    for act, day, words in (
        (pause_clock, date(2022, 2, 21), {"reason": "等判决"}), (resume_clock, date(2022, 2, 22), {}),
    ):  # fmt: skip
        with on_day(day):
            act(actor=actor, blocker=ball, on=day, **words)
    hand(estate, ball, estate.cast.centre.organisation, date(2022, 2, 23))
    with on_day(date(2022, 2, 24)):
        return_ball(actor=actor, blocker=ball, on=date(2022, 2, 24), reason="不归我办")

    assert clock_of(again(ball), date(2022, 2, 24)).segments[-1].turn.limit_days == 3
