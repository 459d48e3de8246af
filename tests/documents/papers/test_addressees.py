"""The addressee line of the two notices to owners, for every way in which lists state the people of a home."""

import re

from documents.papers.selectors.claims import claim_snapshot
from documents.papers.selectors.papers import notice_snapshot
from projects.ledger.models import Unit
from tests.documents.intake.reading.files import home
from tests.documents.intake.services.lists import DAY, written
from tests.factories.projects import Estate
from tests.kernel.test_people import MASKED, NOT_STATED, READ, REFUSED

SHARE_OR_NOTE = re.compile("=[0-9./%]+|<[^>]*>|[\\[\\]]")


def test_every_example_is_addressed_by_its_names_alone(estate: Estate) -> None:
    """No share, no note, no mask, no placeholder ever stands in the line; what is refused makes no home."""
    sole = {text for text, said in READ.items() if "=" in said and "+" not in said and not said.endswith("=1")}
    refused = [*sole, *MASKED, *(text for texts in REFUSED.values() for text in texts)]
    texts = [*READ, *NOT_STATED, *refused]
    bare = {"entrance": "1", "floor": "1", "identity": "", "identity_kind": "", "phone": "", "unit_code": ""}
    rows = [
        home(1, project=estate.project.code, room=f"{n}", agreement="", holder=text, **bare)
        for n, text in enumerate([text for text in texts if text not in sole] + [*sole], start=1001)
    ]
    written(estate, rows)

    units = {unit.room: unit for unit in Unit.objects.filter(building__number="9").select_related("building")}
    right = {
        text: SHARE_OR_NOTE.sub("", people).replace("+", "、") for text, people in READ.items() if text not in sole
    }
    for drafted in (notice_snapshot, claim_snapshot):
        what = {"project": estate.project, "place": "驻场服务点", "phone": "010-65001234", "issued_on": DAY}
        said = {
            row["holder"]: drafted(unit=units[row["room"]], **what)[0]["recipients"]
            for row in rows
            if row["room"] in units
        }
        assert said == right | dict.fromkeys(NOT_STATED, "权利人"), drafted.__name__
