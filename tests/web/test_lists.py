"""Every list page is drawn by the one component: heads sort both ways, totals are of the whole list, filters stay."""

import re
from datetime import date
from pathlib import Path

from django.test import Client
from django.urls import reverse

from projects.ledger.models import Unit
from registry.kernel.stages import Track
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, lay_strange_estate, move

ROOT = Path(__file__).resolve().parents[2]
OF_ALL = (
    "ledger:projects", "gates:blockers", "commitments:instruments", "papers:documents", "progress:progress", "progress:mismatches",
    "casework:tasks", "casework:whistles", "casework:policies", "casework:leverage", "accounts:approvals",
    "leads:tickets", "office:manifests", "office:waiting_certificates", "office:blanks",
)  # fmt: skip
OF_PROJECT = ("progress:units", "gates:documents", "gates:watch", "office:custody", "office:money")


def addresses(story: Estate) -> list[str]:
    """Every list page that the district sees."""
    tracks = [reverse("progress:track_list", args=[track]) for track in ("tax", "fund")]
    queues = [reverse("progress:queue", args=["accept"])]
    return [
        *(reverse(name) for name in OF_ALL),
        *(reverse(name, args=[story.project.code]) for name in OF_PROJECT),
        *tracks,
        *queues,
    ]


def heads_of(client: Client, address: str) -> int:
    """Follow each head of a list up and down; how many it has that sort."""
    page = client.get(address)
    listing = page.context.get("page")
    assert listing is not None, address
    sortable = [head for head in listing.heads if head.query]
    for head in sortable:
        for query in (head.query, next_query(client, address, head.name, head.query)):
            sorted_page = client.get(f"{address}?{query}")
            assert sorted_page.status_code == 200, (address, query)
            now = {each.name: each.sorted for each in sorted_page.context["page"].heads}
            assert now[head.name], (address, query)
            assert [name for name, state in now.items() if state] == [head.name]
            if sorted_page.context["page"].rows:
                assert 'aria-sort="' in sorted_page.content.decode(), address
    return len(sortable)


def next_query(client: Client, address: str, name: str, query: str) -> str:
    """What the head asks for once the list is sorted by it: the other way round."""
    listing = client.get(f"{address}?{query}").context["page"]
    query_back: str = next(head.query for head in listing.heads if head.name == name)
    assert query_back != query
    return query_back


def test_the_heads_of_every_list_sort_it_both_ways(story: Estate) -> None:
    client = sign_in(story.cast.district)

    counts = {address: heads_of(client, address) for address in addresses(story)}

    assert {address for address, count in counts.items() if count == 0} == set()


def test_the_heads_of_people_organisations_and_acts_sort_too(cast) -> None:  # type: ignore[no-untyped-def]
    assert heads_of(sign_in(cast.system_admin), reverse("accounts:people")) == 4
    assert heads_of(sign_in(cast.system_admin), reverse("accounts:organisations")) == 7
    assert heads_of(sign_in(cast.security_admin), reverse("audit:acts")) == 1


def test_a_list_with_pages_is_drawn_by_the_component_alone() -> None:
    """A page that pages or names its columns, and still draws its own table, would have neither heads nor totals."""
    own = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if "_components/pager.html" in (text := path.read_text("utf-8")) and "{% listing " not in text
    ]

    assert own == ["templates/web/list.html"]  # the bare frame of the specimens


def test_projects_are_sorted_by_the_sound_of_their_names_and_by_their_homes(story: Estate) -> None:
    lay_strange_estate(story.cast)
    client = sign_in(story.cast.city)

    def names(order: str) -> list[str]:
        return [row["project"].name for row in client.get(f"/projects/?order={order}").context["rows"]]

    assert len(names("name")) == 2
    assert names("-name") == names("name")[::-1]
    due = [row["due"] for row in client.get("/projects/?order=-due").context["rows"]]
    assert due == sorted(due, reverse=True)


def test_the_totals_are_of_the_whole_list_as_filtered(story: Estate) -> None:
    client = sign_in(story.cast.district)
    move(story, story.homes[:3], "settled", date(2021, 9, 1), Track.TAX)

    page = client.get(reverse("progress:units", args=[story.project.code]) + "?tax=settled").context["page"]
    totals = {head.name: head.total for head in page.heads if head.total}
    areas = Unit.objects.filter(tax="settled").values_list("area", flat=True)
    projects = client.get("/projects/").context["page"]

    assert totals == {"area": f"{sum(area for area in areas if area):,.2f}"}
    assert {head.name: head.total for head in projects.heads}["due"] == str(
        Unit.objects.filter(use="dwelling").exclude(standing="excluded").count()
    )


def test_a_sorted_list_is_exported_as_it_is_shown(story: Estate) -> None:
    page = sign_in(story.cast.district).get("/projects/?order=-due&status=taken_in").content.decode()

    (link,) = re.findall(r'href="([^"]*exports[^"]*projects[^"]*)"', page)[:1]
    assert "order=-due" in link
    assert "status=taken_in" in link
