"""Every page that waits for long work says when nobody does it, and says nothing when somebody does."""

from datetime import timedelta

import pytest

from projects.progress.models import Residual
from registry.jobs.models import WorkerBeat
from registry.store.clock import true_now
from registry.store.guard import technical_writes
from tests.factories.accounts import sign_in
from tests.factories.lists import lay_rows
from tests.factories.projects import Estate

SAID = "后台任务进程未运行"
PAGES = (
    "/jobs/",
    "/documents/exports/",
    "/documents/notices/CY-9001/",
    "/casework/leverage/",
    "/casework/agenda/",
    "/commitments/exposure/",
    "/progress/CY-9001/zero/",
)


@pytest.fixture
def waiting(story: Estate) -> Estate:
    """Nothing was counted yet; an export waits; a left-over home is past its review."""
    lay_rows(story, story.cast.district, "own")
    sign_in(story.cast.district).post("/documents/exports/", {"use": ""})
    with technical_writes():
        Residual.objects.update(
            review_on=true_now().date() - timedelta(days=3), proposed_on=true_now().date() - timedelta(days=9)
        )
    return story


@pytest.mark.parametrize("page", PAGES)
def test_page_that_waits_says_that_no_worker_runs(waiting: Estate, page: str) -> None:
    client = sign_in(waiting.cast.township if "notices" in page else waiting.cast.district)
    assert client.get(page).content.decode().count(SAID) == 1

    with technical_writes():
        WorkerBeat.objects.create(worker="w", beaten_at=true_now())
    answer = client.get(page)
    assert (answer.status_code, SAID in answer.content.decode()) == (200, False)


def test_page_on_which_nothing_waits_says_nothing(story: Estate) -> None:
    client = sign_in(story.cast.district)

    for page in ("/jobs/", "/documents/exports/", "/progress/CY-9001/zero/", "/projects/CY-9001/note/"):
        assert SAID not in client.get(page).content.decode(), page
