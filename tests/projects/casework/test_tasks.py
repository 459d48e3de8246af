"""Meetings and instructions become dated tasks with an owner, and return to the next agenda until done (F23)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects.casework.models import Meeting, Task
from projects.casework.selectors.tasks import open_tasks, tasks_chosen, tasks_for
from projects.casework.services.tasks import (
    TaskDraft,
    accept_task,
    cancel_task,
    extend_task,
    keep_meeting,
    report_task,
    send_back_task,
)
from registry.accounts.models import InboxItem
from registry.kernel.errors import DomainError
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import digest
from tests.projects.casework.trials import lay_task, meeting_words

LATE = TODAY + timedelta(days=10)


@contextmanager
def refusing(words: str) -> Iterator[None]:
    before = digest()
    with pytest.raises(DomainError, match=words):
        yield
    assert digest() == before


def waiting(organisation: object) -> list[str]:
    return list(
        InboxItem.objects.filter(organisation=organisation, done_at__isnull=True).values_list("verb", flat=True)
    )


def test_a_task_is_reported_sent_back_and_accepted_by_another_late_for_ever(estate: Estate) -> None:
    cast, task = estate.cast, lay_task(estate)
    assert waiting(cast.department.organisation) == ["办理"]
    with on_day(LATE):
        report_task(actor=cast.department.actor, task=task, text="出了7间", is_done=False)
        assert [one.code for one in open_tasks(cast.district.actor)] == [task.code]
        report_task(actor=cast.department.actor, task=task, text="全出了", is_done=True)
        assert (waiting(cast.department.organisation), waiting(cast.district.organisation)) == ([], ["核定"])
        send_back_task(actor=cast.district.actor, task=task, reason="少两间")
        assert waiting(cast.department.organisation) == ["重办"]
        report_task(actor=cast.department.actor, task=task, text="补齐了", is_done=True)
    with on_day(LATE + timedelta(days=5)):
        accept_task(actor=cast.district.actor, task=task, text="属实")

    kept = Task.objects.get()
    assert (kept.state, kept.done_on, kept.days_late) == ("done", LATE, 3)
    assert open_tasks(cast.district.actor) == []
    assert [one.kind for one in kept.events.order_by("id")] == [
        "reported", "finished", "returned", "finished", "accepted",
    ]  # fmt: skip


def test_who_owns_a_task_neither_accepts_nor_extends_nor_cancels_it(estate: Estate) -> None:
    district = estate.cast.district
    words = meeting_words(estate)
    with on_day(TODAY):
        own = TaskDraft("自己办", district.organisation, TODAY + timedelta(days=3))
        task = keep_meeting(actor=district.actor, **{**words, "tasks": [own]}).tasks.get()
        report_task(actor=district.actor, task=task, text="办完", is_done=True)
        for act in (
            lambda: accept_task(actor=district.actor, task=task, text="好"),
            lambda: extend_task(actor=district.actor, task=task, due_on=LATE, reason="忙"),
            lambda: cancel_task(actor=district.actor, task=task, reason="算了"),
        ):
            with refusing("不得自行核定、延期、撤销"):
                act()
        accept_task(actor=estate.cast.city.actor, task=task, text="属实")


def test_what_is_refused_says_what_and_how(estate: Estate) -> None:
    cast, words = estate.cast, meeting_words(estate)
    whole = words["tasks"][0]
    with on_day(TODAY):
        for change, said in (
            ({"tasks": []}, "未确定任务"),
            ({"tasks": [TaskDraft("出意见", None, whole.due_on)]}, "第1项任务未填写责任单位"),
            ({"tasks": [whole, TaskDraft("", whole.owner, None)]}, "第2项任务未填写任务内容、期限"),
            ({"tasks": [TaskDraft("出意见", whole.owner, TODAY - timedelta(days=1))]}, "期限早于"),
            ({"held_on": TODAY + timedelta(days=1)}, "尚未到来"),
            ({"leader": " "}, "未填写主持人"),
            ({"text": "", "is_instruction": True}, "未填写批示全文"),
        ):
            with refusing(said):
                keep_meeting(actor=cast.district.actor, **{**words, **change})
    task = lay_task(estate)
    with on_day(TODAY):
        with refusing("由其报送办理情况"):
            report_task(actor=cast.tax.actor, task=task, text="代报", is_done=True)
        with refusing("尚未报送完成"):
            accept_task(actor=cast.district.actor, task=task, text="好")
        with refusing("要晚于现在的期限"):
            extend_task(actor=cast.district.actor, task=task, due_on=task.due_on, reason="忙")
        with refusing("由它或市级专班办理"):
            cancel_task(actor=cast.strange_district.actor, task=task, reason="不归")
        extend_task(actor=cast.district.actor, task=task, due_on=LATE, reason="等复测")
    kept = Task.objects.get()
    assert (kept.due_on, kept.original_due_on) == (LATE, TODAY + timedelta(days=7))


def test_tasks_are_seen_by_owner_setter_and_city_and_found_by_words(estate: Estate) -> None:
    cast, task = estate.cast, lay_task(estate, on=date(2022, 1, 10))
    seen = {
        name: [one.code for one in tasks_for(getattr(cast, name).actor)]
        for name in ("city", "district", "department", "tax", "township", "strange_district")
    }
    assert {name for name, codes in seen.items() if codes == [task.code]} == {"city", "district", "department"}
    assert {name for name, codes in seen.items() if not codes} == {"tax", "township", "strange_district"}
    actor = cast.district.actor
    assert [one.code for one in tasks_chosen(actor, {"state": "late", "q": "核验"}, TODAY)] == [task.code]
    assert list(tasks_chosen(actor, {"state": "done"}, TODAY)) == []


def test_the_road_of_a_task_by_pages(estate: Estate) -> None:
    cast = estate.cast
    district, department = sign_in(cast.district), sign_in(cast.department)
    address = reverse("casework:keep_meeting")
    words = {
        "is_instruction": "1", "title": "关于底商的批示", "held_on": "2022-03-01", "leader": "副区长", "text": "不能再拖",
        "t1_text": "排出日程", "t1_owner": cast.department.organisation.pk, "t1_due_on": "2022-03-20",
        "t1_project": estate.project.code,
    }  # fmt: skip
    assert "未填写责任单位" in district.post(address, {**words, "t1_owner": ""}).content.decode()
    assert Meeting.objects.count() == 0
    assert "未找到项目“XX-1”" in district.post(address, {**words, "t1_project": "XX-1"}).content.decode()
    assert district.post(address, words).status_code == 302
    assert Task.objects.get().project == estate.project
    task = Task.objects.get()
    page = department.get(reverse("casework:task", args=[task.code])).content.decode()
    assert "报送办理情况" in page
    assert "核定完成" not in page
    department.post(reverse("casework:task_act", args=[task.code, "report"]), {"text": "已排", "is_done": "on"})
    page = district.get(reverse("casework:task", args=[task.code])).content.decode()
    assert all(word in page for word in ("核定完成", "退回重办", "已排"))
    agenda = district.get(reverse("casework:agenda")).content.decode()
    assert all(word in agenda for word in ("三、未完成的任务", "排出日程", "已报完成待核定"))
    district.post(reverse("casework:task_act", args=[task.code, "accept"]), {"text": "属实"})
    assert "没有未完成的任务" in district.get(reverse("casework:agenda")).content.decode()
    listed = district.get(reverse("casework:tasks")).content.decode()
    assert all(word in listed for word in ("关于底商的批示", "已完成", "共1项"))
    assert sign_in(cast.strange_district).get(reverse("casework:task", args=[task.code])).status_code == 404
    assert sign_in(cast.developer).get(reverse("casework:tasks")).status_code == 403
