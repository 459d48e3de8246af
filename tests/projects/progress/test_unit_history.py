"""One history of a home: an act on many homes says what became of this one; each act stands once, newest first."""

from datetime import date

from django.urls import reverse

from projects.ledger.models import Unit
from projects.progress.selectors.unit_history import unit_history
from projects.progress.services import advance_units
from registry.kernel.stages import Track
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate

ON = date(2021, 9, 1)


def moved(story: Estate, to: str, homes: list[int]) -> None:
    advance_units(
        actor=story.cast.township.actor, project=story.project, unit_ids=homes, track=Track.CERTIFICATE, to=to,
        occurred_on=ON, evidence=f"{to}清单",
    )  # fmt: skip


def test_a_bulk_act_is_told_of_this_home_alone(story: Estate) -> None:
    moved(story, "notified", story.homes[:5])
    moved(story, "collected", story.homes[:2])

    first, second = (
        unit_history(Unit.objects.select_related("building").get(pk=key)) for key in (story.homes[0], story.homes[3])
    )

    assert first[0].text == f"办证：已通知→已收材料，办理日期{ON}，凭证collected清单"
    assert first[0].who == "十八里店乡"
    assert first[1].text == f"办证：待办→已通知，办理日期{ON}，凭证notified清单"
    assert second[0].text == first[1].text, "the other home was not collected"
    assert not any("5户" in line.text or "2户" in line.text for line in first)
    assert [line.at for line in first] == sorted((line.at for line in first), reverse=True)
    assert len({line.act_id for line in first}) == len(first), "each act once"
    assert "入账" in first[-1].text


def test_the_page_has_one_history(story: Estate) -> None:
    moved(story, "notified", story.homes[:5])
    address = reverse("progress:unit", args=[story.project.code, story.homes[0]])
    page = sign_in(story.cast.township).get(address).content.decode()

    assert page.count('<ol class="tl">') == 1
    assert "办证：待办→已通知" in page
    assert "5户办到" not in page


def test_a_home_opened_from_a_queue_leads_on_to_the_next(story: Estate) -> None:
    moved(story, "notified", story.homes[:3])
    client = sign_in(story.cast.township)
    listed = reverse("progress:units", args=[story.project.code]) + "?queue=collect&order=place"
    first, second, third = (unit.pk for unit in client.get(listed).context["rows"])

    def address(key: int) -> str:
        return reverse("progress:unit", args=[story.project.code, key]) + "?queue=collect&order=place"

    assert f'href="{address(second)}"'.replace("&", "&amp;") in client.get(listed).content.decode()
    walk = client.get(address(second)).context["walk"]
    assert (walk["place"].number, walk["place"].total) == (2, 3)
    assert (walk["before"], walk["behind"], walk["list"]) == (address(first), address(third), listed)
    done = client.post(
        reverse("progress:advance", args=[story.project.code]),
        {"unit": second, "target": "certificate:collected", "occurred_on": ON, "next": walk["onward"]},
    )
    assert done["Location"] == address(third), "the next one comes by itself"
    assert client.get(address(second)).context["walk"] is None, "it left the queue"
    assert client.get(address(third).split("?")[0]).context["walk"] is None, "opened from no list"
