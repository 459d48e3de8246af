"""Work gives sight: no act leaves an organisation with something on its desk in a project that it cannot see."""

import ast
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from projects.ledger.models import Participation, Project
from projects.ledger.models.project import NoteKind
from projects.ledger.selectors.participation import (
    PARTICIPANTS,
    is_seen_by,
    organisations_near,
    participants_of,
    stated_on,
)
from projects.ledger.services.participation import set_participation, set_participations, take_part
from projects.ledger.services.projects import add_note, take_in_project
from registry.accounts.choices import SEATS
from registry.accounts.selectors import actor_of
from registry.accounts.services import inbox
from registry.audit.invariants import INVARIANTS
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import WRITES, write
from registry.store.guard import fixture_writes
from registry.store.scoping import PARTICIPANT
from tests.factories.accounts import Cast, Player, lay_organisation, lay_setting, sign_in
from tests.factories.projects import (
    TODAY,
    Estate,
    lay_blocker,
    lay_strange_estate,
    moment,
    on_day,
    project_words,
)
from tests.factories.trials import Trial, refused, try_as_a_stranger

pytestmark = pytest.mark.django_db
PRODUCT = dict(WRITES)
ROOT = Path(__file__).parents[3]
NO_PROJECT = {  # things that are of no one project
    "projects/ledger/services/reveal.py",
    "registry/accounts/services/approvals.py",
}


@write(Permission.BLOCKER_RAISE, on="project")
def lay_before(*, actor: Actor, project: Project, organisation: object) -> None:
    inbox.deliver(source="task:1", verb="办理", title="x", link="/", organisation=organisation, project_key=project.pk)  # type: ignore[arg-type]
    record(event="project.changed", subject=project, chain=project.id, facts={"fields": "x"}, rows=[])


WRITES.clear()
WRITES.update(PRODUCT)  # the table is the product's: others count its services


def sees(project: Project, organisation: object) -> bool:
    return bool(Participation.objects.filter(project=project, organisation=organisation).exists())


def test_a_thing_laid_on_a_desk_gives_sight_of_its_project_once(estate: Estate) -> None:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    assert not sees(estate.project, organ)
    with on_day(TODAY):
        for _ in range(2):
            lay_before(actor=estate.cast.district.actor, project=estate.project, organisation=organ)
    assert Participation.objects.filter(project=estate.project, organisation=organ).count() == 1


def test_whom_a_blocker_names_as_responsible_sees_the_project(estate: Estate) -> None:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    lay_blocker(estate, responsible=organ)
    assert sees(estate.project, organ)


def test_an_organ_of_another_district_is_given_no_work_that_it_cannot_see(estate: Estate) -> None:
    organ = lay_organisation(code="BM-HD", name="海淀区园林绿化局", kind="department", area_code="110108")
    with on_day(TODAY), refused("不属于朝阳区，看不到.*请选本区或市级的单位", code="other_district"):
        lay_before(actor=estate.cast.district.actor, project=estate.project, organisation=organ)


def test_a_township_sees_by_its_area_and_takes_no_part(estate: Estate) -> None:
    organ = estate.cast.township.organisation
    with on_day(TODAY):
        lay_before(actor=estate.cast.district.actor, project=estate.project, organisation=organ)
    assert not sees(estate.project, organ)


def test_auditors_and_operators_are_offered_no_work(estate: Estate) -> None:
    near = {organisation.kind for organisation in organisations_near(estate.project)}

    assert not near & {"audit", "operations"}
    assert {"township", "department", "city_task_force", "district_task_force"} <= near


def test_every_kind_whose_people_see_by_taking_part_takes_part() -> None:
    kinds = {kind for role in PARTICIPANT for kind in SEATS[role].kinds}
    assert kinds == set(PARTICIPANTS)
    assert take_part.__name__ == "take_part"


def test_whatever_lays_a_thing_before_an_organisation_says_of_which_project() -> None:
    silent = []
    for path in sorted(ROOT.glob("[cdpr]*/**/services/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "inbox.deliver":
                given = {word.arg for word in node.keywords}
                place = str(path.relative_to(ROOT))
                if "organisation" in given and "project_key" not in given and place not in NO_PROJECT:
                    silent.append(place)
    assert silent == []


def name(estate: Estate, organ: object, takes_part: bool, on: date = TODAY, reason: str = "分工调整") -> None:
    with on_day(TODAY):
        set_participation(
            actor=estate.cast.district.actor, project=estate.project, organisations=[organ],  # type: ignore[list-item]
            takes_part=takes_part, effective_on=on, reason=reason,
        )  # fmt: skip


def projects_of(player: Player, on: date = TODAY) -> list[str]:
    return sorted(Project.objects.visible_to(actor_of(player.assignment, on=on)).values_list("code", flat=True))


def test_a_new_project_is_seen_by_the_centre_without_any_further_act(estate: Estate) -> None:
    alone = project_words(estate.cast, code="CY-9003", participants=())
    with on_day(TODAY):
        take_in_project(actor=estate.cast.district.actor, **alone)

    seen = {who: "CY-9003" in projects_of(getattr(estate.cast, who)) for who in Cast.__annotations__}
    assert {who for who, sees in seen.items() if sees} == {
        "city", "district", "district_second", "township", "department", "centre", "tax", "auditor",
    }  # fmt: skip


def test_who_takes_part_is_read_as_of_a_day_and_as_known_at_a_moment(estate: Estate) -> None:
    tax, key = estate.cast.tax.organisation, estate.project.pk
    name(estate, tax, False, date(2022, 2, 1))
    with on_day(date(2022, 3, 9)):
        set_participation(
            actor=estate.cast.district.actor, project=estate.project, organisations=[tax], takes_part=True,
            effective_on=date(2022, 2, 15), reason="重新列入",
        )  # fmt: skip

    def said(on: date, known_at: datetime | None = None) -> bool | None:
        row = stated_on([key], on=on, known_at=known_at).get(key, {}).get(tax.pk)
        return None if row is None else row.takes_part

    assert [said(date(2022, 1, 31)), said(date(2022, 2, 1)), said(date(2022, 2, 15))] == [True, False, True]
    assert said(date(2022, 3, 1), known_at=moment(TODAY, 23)) is False, "as known before the second word"
    assert said(date(2022, 3, 1), known_at=moment(date(2022, 3, 7))) is True, "as known before the first: its partners"


def test_the_page_says_who_takes_part_and_on_what_basis(estate: Estate) -> None:
    court = lay_organisation(code="FY-1", name="朝阳区人民法院", kind="court", area_code="110105")
    lay_organisation(code="SW-CY2", name="朝阳区税务局二所", kind="tax", area_code="110105")
    name(estate, court, True)
    name(estate, estate.cast.department.organisation, False)

    basis = {str(member.organisation): member.basis for member in participants_of(estate.project, on=TODAY)}
    page = sign_in(estate.cast.district).get(f"/projects/{estate.project.code}/participants/").content.decode()

    assert basis["朝阳区人民法院"] == "自2022-03-08起列入"
    assert basis["规自分局"] == "自2022-03-08起移出"
    assert basis["朝阳区税务局二所"] == "默认参与"
    assert all(words in page for words in (*basis.values(), "分工调整"))


def test_the_editor_names_in_and_out_through_its_page(estate: Estate) -> None:
    organ, address = estate.cast.tax.organisation, f"/projects/{estate.project.code}/participants/set/"
    words = {"organisations": [organ.pk], "takes_part": "out", "effective_on": "2022-03-08", "reason": ""}
    client = sign_in(estate.cast.district)

    with on_day(TODAY):
        assert "未填写原因" in client.post(address, words).content.decode()
        assert client.post(address, {**words, "reason": "由市局办"}).status_code == 302
    assert estate.project.code not in projects_of(estate.cast.tax)
    assert sign_in(estate.cast.tax).get(f"/projects/{estate.project.code}/").status_code == 404
    assert sign_in(estate.cast.township).get(address).status_code == 403
    assert sign_in(estate.cast.strange_district).get(address).status_code == 404


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"organisations": []}, "未选择单位", "organisations"),
        ({"reason": " "}, "未填写原因", "reason"),
        ({"effective_on": date(2019, 1, 1)}, "早于项目纳入日期", "organisations"),
        ({"takes_part": True}, "已在参与单位里", "organisations"),
    ],
)
def test_what_the_editor_refuses(estate: Estate, words: dict[str, Any], message: str, field: str) -> None:
    given = {
        "organisations": [estate.cast.tax.organisation], "takes_part": False, "effective_on": TODAY, "reason": "分工",
    } | words  # fmt: skip
    code = "unchanged" if "takes_part" in words else "refused"
    with on_day(TODAY), refused(message, field=field, code=code):
        set_participation(actor=estate.cast.district.actor, project=estate.project, **given)


def test_a_township_and_an_organ_of_another_district_are_not_named_in(estate: Estate) -> None:
    stranger = lay_organisation(code="BM-HD", name="海淀区园林绿化局", kind="department", area_code="110108")
    with refused("按辖区或按项目授权查看", field="organisations"):
        name(estate, estate.cast.township.organisation, True)
    with refused("不属于朝阳区", code="other_district"):
        name(estate, stranger, True)


def test_nobody_is_named_out_of_a_project_in_which_it_has_work(estate: Estate) -> None:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    lay_blocker(estate, responsible=organ)

    with refused("朝阳区园林绿化局：负责的堵点未解决", field="organisations", code="has_work"):
        name(estate, organ, False)


def test_an_organ_named_out_comes_back_with_work(estate: Estate) -> None:
    organ = estate.cast.tax.organisation
    name(estate, organ, False)
    lay_blocker(estate, responsible=organ, on=TODAY)

    assert estate.project.code in projects_of(estate.cast.tax)
    lay_setting("sight.tax", False, area_code="110105")
    assert estate.project.code in projects_of(estate.cast.tax), "what gave it work named it in: no rule takes that away"


def test_several_projects_are_named_at_once_and_what_refuses_is_said(estate: Estate) -> None:
    lay_strange_estate(estate.cast)
    court = lay_organisation(code="FY-1", name="朝阳区人民法院", kind="court", area_code="110105")
    client, every = sign_in(estate.cast.city), list(Project.objects.order_by("code").values_list("pk", flat=True))
    words = {"projects": every, "organisations": [court.pk], "takes_part": "in", "reason": "专班会"}

    shown = client.get("/projects/participation/?q=HD").content.decode()
    with on_day(TODAY):
        page = client.post("/projects/participation/", {**words, "effective_on": "2022-03-08"}).content.decode()

    assert ("按项目列表的筛选列出1个项目" in shown, "已在1个项目登记参与单位，1个未办理" in page) == (True, True)
    assert "不属于海淀区" in page
    assert set(Participation.objects.filter(organisation=court).values_list("project_id", flat=True)) == {
        estate.project.pk
    }


def test_a_reason_that_is_missing_refuses_the_whole_bulk(estate: Estate) -> None:
    with on_day(TODAY), refused("未填写原因", field="reason"):
        set_participations(
            actor=estate.cast.district.actor, projects=[estate.project], takes_part=False, effective_on=TODAY,
            organisations=[estate.cast.tax.organisation], reason="",
        )  # fmt: skip


def test_whoever_has_work_and_no_sight_is_a_violation(estate: Estate) -> None:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    blocker = lay_blocker(estate)
    assert list(INVARIANTS["I43"].violations(estate.project.pk)) == []
    with fixture_writes():
        type(blocker).objects.filter(pk=blocker.pk).update(responsible=organ)

    (violation,) = INVARIANTS["I43"].violations(None)
    assert (violation.expected, violation.found) == ("看得到它要办的事（负责的堵点未解决）", "看不到这个项目")


def test_who_sees_by_its_area_sees_no_other(estate: Estate) -> None:
    cast = estate.cast
    seen = {
        who: is_seen_by(estate.project, getattr(cast, who).organisation, None)
        for who in ("city", "district", "township", "strange_district", "strange_township", "tax")
    }
    assert seen == {
        "city": True, "district": True, "township": True, "strange_district": False, "strange_township": False,
        "tax": False,
    }  # fmt: skip
    assert not is_seen_by(estate.project, cast.strange_department.organisation, True)


def test_a_department_that_does_not_take_part_is_a_stranger_in_its_own_district(estate: Estate) -> None:
    lay_setting("sight.department", False, area_code="110105")
    alone = project_words(estate.cast, code="CY-9003", participants=())
    with on_day(TODAY):
        project = take_in_project(actor=estate.cast.district.actor, **alone)

    def note(actor: Actor) -> object:
        return add_note(actor=actor, project=project, kind=NoteKind.NEXT, text="研判", noted_on=TODAY)

    try_as_a_stranger(Trial("note.added", "district", "department", lambda _: note), estate)
