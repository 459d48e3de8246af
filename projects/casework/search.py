"""How tasks and whistles are found from the search box."""

from django.urls import reverse

from projects.casework.selectors.tasks import tasks_chosen
from projects.casework.selectors.whistles import whistles_chosen
from registry.kernel.authority import Actor, Permission
from registry.web.search import SHOWN, Group, Hit, Question, SearchSource


def find_tasks(actor: Actor, question: Question) -> Group:
    """Find tasks by code, words or project."""
    rows = tasks_chosen(actor, {"q": question.text}, question.on)
    hits = tuple(
        Hit(
            f"{task.code} {task.text}",
            reverse("casework:task", args=[task.code]),
            tuple(str(part) for part in (task.project, task.owner) if part),
            task.get_state_display(),
        )
        for task in rows[:SHOWN]
    )
    count = len(hits) if len(hits) < SHOWN else rows.order_by().count()
    return Group("任务", hits, count, all_query=question.text)


def find_whistles(actor: Actor, question: Question) -> Group:
    """Find whistles by code, words, blocker or project."""
    rows = whistles_chosen(actor, {"q": question.text})
    hits = tuple(
        Hit(
            f"{whistle.code} {whistle.text}",
            reverse("casework:whistle", args=[whistle.code]),
            (whistle.blocker.project.name,),
            "已办结" if whistle.closed_on else "未办结",
        )
        for whistle in rows[:SHOWN]
    )
    count = len(hits) if len(hits) < SHOWN else rows.order_by().count()
    return Group("吹哨", hits, count, all_query=question.text)


SEARCH = (
    SearchSource("task", 60, Permission.TASK_ANSWER, find_tasks, all_view="casework:tasks"),
    SearchSource("whistle", 70, Permission.WHISTLE_ANSWER, find_whistles, all_view="casework:whistles"),
)
