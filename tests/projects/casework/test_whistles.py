"""吹哨报到: who is called, by when each reports in and answers, what a round costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from projects.casework.models import Holiday, Whistle, WhistleEvent
from projects.casework.selectors.whistles import call_lines, scores_of, whistles_chosen
from projects.casework.services.holidays import keep_holiday
from projects.casework.services.whistles import answer_call, blow_whistle, close_whistle, report_in, return_answer
from registry.accounts.models import InboxItem
from registry.kernel.authority import Permission
from registry.kernel.errors import DomainError
from registry.store.acts import write
from registry.store.clock import SHANGHAI
from registry.store.guard import fixture_writes
from registry.web.attachments.selectors import attachments_of
from registry.web.attachments.services import Upload
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, moment, on_day
from tests.factories.trials import digest
from tests.projects.casework.trials import lay_ball, lay_whistle

MONDAY = date(2022, 3, 7)


@pytest.fixture
def whistle(estate: Estate) -> Whistle:
    """On a Monday the township calls the department and the tax office for three o'clock, five working days."""
    with fixture_writes():
        Holiday.objects.all().delete()
    return lay_whistle(estate, estate.cast.department.organisation, estate.cast.tax.organisation, on=MONDAY)


@contextmanager
def refusing(words: str) -> Iterator[None]:
    before = digest()
    with pytest.raises(DomainError, match=words):
        yield
    assert digest() == before


def waiting(organisation: object) -> list[tuple[str, date]]:
    return list(InboxItem.objects.filter(organisation=organisation, done_at__isnull=True).values_list("verb", "due_on"))


def test_departments_report_in_answer_and_are_sent_back_with_reason_round_and_time_lost(
    estate: Estate, whistle: Whistle
) -> None:
    cast = estate.cast
    mine, theirs = whistle.calls.order_by("organisation__kind")
    assert waiting(cast.department.organisation) == [("报到", MONDAY)]
    with on_day(MONDAY - timedelta(days=3), 14), refusing("到场日期是2022-03-07，未到，不能提前登记报到"):
        report_in(actor=cast.department.actor, call=mine)
    with on_day(MONDAY, 14):
        report_in(actor=cast.department.actor, call=mine)
    assert waiting(cast.department.organisation) == [("答复", date(2022, 3, 14))]
    with on_day(MONDAY, 16):
        report_in(actor=cast.tax.actor, call=theirs)
    with on_day(date(2022, 3, 16)):
        paper = Upload("方案.pdf", b"%PDF-1.4 nothing")
        answer_call(actor=cast.department.actor, call=mine, answer="三十日内拆完", uploads=[paper])
    assert waiting(cast.department.organisation) == []
    with on_day(date(2022, 3, 18)):
        return_answer(actor=cast.township.actor, call=mine, reason="没说谁来拆")
    assert waiting(cast.department.organisation) == [("重新答复", date(2022, 3, 25))]

    first, second = call_lines(whistle, cast.department.actor, date(2022, 3, 18))
    assert (first.call.state, first.call.round, first.late, first.call.is_late_there, first.is_mine) == (
        "returned", 2, 2, False, True,
    )  # fmt: skip
    assert (second.call.state, second.late, second.call.is_late_there, second.is_mine) == ("reported", 4, True, False)
    back = WhistleEvent.objects.get(kind="returned")
    assert (back.text, back.round, back.workdays) == ("没说谁来拆", 1, 9)
    assert [one.file_name for one in attachments_of(whistle)] == ["方案.pdf"]
    scores = {
        (one.called, one.there_in_time, one.late, one.sent_back)
        for one in scores_of(cast.district.actor, date(2022, 3, 18))
    }
    assert scores == {(1, 1, 1, 1), (1, 0, 1, 0)}
    assert scores_of(cast.strange_district.actor, date(2022, 3, 18)) == []


def test_a_whistle_closes_when_everybody_has_answered(estate: Estate, whistle: Whistle) -> None:
    cast = estate.cast
    with on_day(MONDAY, 14):
        for player, call in zip((cast.department, cast.tax), whistle.calls.order_by("organisation__kind"), strict=True):
            report_in(actor=player.actor, call=call)
            with refusing("尚未答复，不能办结"):
                close_whistle(actor=cast.township.actor, whistle=whistle, note="定了")
            answer_call(actor=player.actor, call=call, answer="照办")
        close_whistle(actor=cast.township.actor, whistle=whistle, note="定了")
        with refusing("已于2022-03-07办结"):
            return_answer(actor=cast.township.actor, call=whistle.calls.first(), reason="再想想")
    assert [one.waiting for one in whistles_chosen(cast.township.actor, {"state": "closed"})] == [0]
    assert list(whistles_chosen(cast.township.actor, {"state": "open"})) == []


def test_what_is_refused_says_what_and_how(estate: Estate, whistle: Whistle) -> None:
    cast = estate.cast
    ball = whistle.blocker
    words = {
        "actor": cast.township.actor, "blocker": ball, "place": "现场", "meet_at": moment(MONDAY, 15), "text": "定方案",
        "organisations": [cast.department.organisation], "limit_days": 5,
    }  # fmt: skip
    with on_day(MONDAY):
        for change, said in (
            ({"organisations": []}, "未选择部门"), ({"place": " "}, "未填写地点"), ({"text": ""}, "未填写请求解决的事项"),
            ({"meet_at": moment(date(2022, 3, 1))}, "到场时间已过去"), ({"limit_days": 0}, "1至365个工作日"),
            ({"organisations": [cast.township.organisation]}, "不能列为报到单位"),
        ):  # fmt: skip
            with refusing(said):
                blow_whistle(**{**words, **change})
        mine = whistle.calls.order_by("organisation__kind").first()
        with refusing("尚未报到"):
            answer_call(actor=cast.department.actor, call=mine, answer="办")
        with refusing("其他单位不得代为报到"):
            report_in(actor=cast.tax.actor, call=mine)
        with refusing("由其退回、办结"):
            close_whistle(actor=cast.district.actor, whistle=whistle, note="算了")


def test_the_road_of_a_whistle_by_pages(estate: Estate) -> None:
    ball = lay_ball(estate)
    township, department = sign_in(estate.cast.township), sign_in(estate.cast.department)
    address = reverse("casework:blow", args=[ball.number])
    words = {
        "text": "定下夹层怎么拆", "organisations": [estate.cast.department.organisation.pk], "place": "9号楼前",
        "meet_at": f"{datetime.now(SHANGHAI) + timedelta(minutes=3):%Y-%m-%dT%H:%M}", "limit_days": "5",
    }  # fmt: skip
    bare = township.post(address, {**words, "organisations": []})
    assert list(bare.context["form"].errors) == ["organisations"]
    assert Whistle.objects.count() == 0

    assert township.post(address, words).status_code == 302
    whistle = Whistle.objects.get()
    call = whistle.calls.get()
    page = department.get(reverse("casework:whistle", args=[whistle.code])).content.decode()
    assert '<button class="btn small primary" type="submit">报到</button>' in page
    department.post(reverse("casework:report_in", args=[whistle.code, call.pk]))
    department.post(reverse("casework:call_act", args=[whistle.code, call.pk, "answer"]), {"answer": "三十日内拆完"})
    page = township.get(reverse("casework:whistle", args=[whistle.code])).content.decode()
    assert all(word in page for word in ("三十日内拆完", "已答复", "办结", "退回"))
    township.post(reverse("casework:close_whistle", args=[whistle.code]), {"note": "定了"})
    listed = township.get(reverse("casework:whistles")).content.decode()
    assert all(word in listed for word in (whistle.code, "已办结", "共1次", "报到情况"))
    assert (
        sign_in(estate.cast.strange_district).get(reverse("casework:whistle", args=[whistle.code])).status_code == 404
    )


def test_silence_is_late_too_and_a_filter_does_not_change_the_counts(estate: Estate, whistle: Whistle) -> None:
    actor = estate.cast.district.actor
    assert {score.late for score in scores_of(actor, date(2022, 3, 14))} == {0}
    assert {score.late for score in scores_of(actor, date(2022, 6, 1))} == {1}
    only = whistles_chosen(actor, {"called": str(estate.cast.tax.organisation.pk)}).get()
    assert (only.called, only.waiting) == (2, 2)


def test_the_desk_follows_a_new_holiday_but_not_the_day_of_meeting(estate: Estate, whistle: Whistle) -> None:
    mine = whistle.calls.get(organisation=estate.cast.department.organisation)
    with on_day(MONDAY, 14):
        report_in(actor=estate.cast.department.actor, call=mine)

    @write(Permission.PARAMETER_APPROVE)
    def keep(*, actor: object) -> Holiday:
        return keep_holiday(day=date(2022, 3, 9), kind="holiday", name="演示节", year=2022, notice="演示")

    with on_day(date(2022, 3, 8)):
        keep(actor=estate.cast.city.actor)

    assert waiting(estate.cast.department.organisation) == [("答复", date(2022, 3, 15))]
    assert waiting(estate.cast.tax.organisation) == [("报到", MONDAY)]


def test_a_department_named_twice_is_called_once(estate: Estate) -> None:
    called = estate.cast.department.organisation
    assert lay_whistle(estate, called, called).calls.count() == 1
