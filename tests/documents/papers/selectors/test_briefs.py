"""项目简报: one page, from the figures that the project page shows."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from documents.papers.kinds import ProjectBrief
from documents.papers.models import Paper
from documents.papers.selectors.briefs import brief_snapshot
from documents.papers.services import read_pdf
from documents.render.pdf import render_pdf
from projects.gates.services import pause_acceptances
from registry.kernel.scope import EVERYTHING
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, lay_blocker, on_day
from tests.projects.casework.trials import lay_task


def test_a_brief_says_where_the_homes_stand_what_holds_them_and_who_owes_what(story: Estate) -> None:
    bring_to(story, story.homes[:4], "issued", date(2022, 2, 1))
    lay_task(story, on=date(2022, 2, 1))
    paper = brief_snapshot(project=story.project, actor=story.cast.district.actor, on=TODAY)

    assert dict(map(tuple, paper["figures"])) == {
        "应办（住宅）": 12, "已打通": 12, "已首登": 12, "已收材料": 4, "已发证": 4, "剩余": 8,
    }  # fmt: skip
    [blocker] = paper["blockers"]
    assert blocker[0].startswith("P03-0001")
    assert blocker[2:] == [15, (TODAY - story.blocker.found_on).days]  # type: ignore[union-attr]
    [promise] = paper["promises"]
    assert promise[0] == "拆除1间商铺夹层"
    [task] = paper["tasks"]
    assert (task[0], task[3]) == ("出首批核验意见", (TODAY - date(2022, 2, 8)).days)
    assert ["首次登记", 12, 12] in paper["gates"]


def lay_pause(estate: Estate) -> None:
    with on_day(TODAY):
        pause_acceptances(
            actor=estate.cast.district.actor, project=estate.project, scope=EVERYTHING, organ="长" * 20, basis="依据",
            reason="因" * 40, starts=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize("pauses", [0, 1, 3])
def test_a_brief_of_much_is_one_page_and_counts_what_it_leaves_out(story: Estate, pauses: int) -> None:
    for _ in range(9):
        lay_blocker(story, "L05")
    for _ in range(7):
        lay_task(story, on=date(2022, 2, 1))
    paper = brief_snapshot(project=story.project, actor=story.cast.district.actor, on=TODAY)
    assert (len(paper["blockers"]), paper["more_blockers"], paper["more_tasks"]) == (5, 5, 3)
    assert paper["pauses"] == []
    for _ in range(pauses):
        lay_pause(story)
    paper = brief_snapshot(project=story.project, actor=story.cast.district.actor, on=TODAY)
    assert (len(paper["pauses"]), paper["more_pauses"]) == (min(pauses, 2), max(0, pauses - 2))
    assert len(paper["blockers"]) + paper["more_blockers"] == 10
    paper["promises"] = [list(paper["promises"][0]) for _ in range(4)]
    paper["more_promises"] = 3
    for row in (*paper["blockers"], *paper["promises"], *paper["tasks"]):
        row[0] = "长" * 25
    paper["pauses"] = ["停" * 40 for _ in paper["pauses"]]
    paper["steps"] = ["话" * 70] * 2
    paper["facts"] = [[label, "字" * 30] for label, _ in paper["facts"]]
    whole = ProjectBrief.completed(
        paper, number="CY-9001-JB-2022-00001", made_at="2022-03-08T10:00:00+08:00", digest="0" * 64
    )

    made = render_pdf(ProjectBrief.template, whole)

    assert made.pages == 1


def test_a_brief_is_issued_on_a_page_and_kept(story: Estate) -> None:
    client = sign_in(story.cast.district)
    assert "出具简报" in client.get(reverse("papers:brief", args=[story.project.code])).content.decode()
    assert client.post(reverse("papers:brief", args=[story.project.code])).status_code == 302
    paper = Paper.objects.get()
    text = PdfReader(BytesIO(read_pdf(paper))).pages[0].extract_text()
    assert paper.kind == "brief"
    assert "P03-0001" in text
    assert sign_in(story.cast.developer).post(reverse("papers:brief", args=["CY-9002"])).status_code in (403, 404)
