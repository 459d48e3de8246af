"""Two people on one edit form, through its pages: merged, or asked; nothing reverted and nothing typed lost."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commitments.models import Instrument, Letter
from commitments.services.settings import decide_lapse_rule
from projects.casework.models import Policy
from projects.casework.selectors.policies import conditions_by_code
from projects.casework.services.policies import draft_policy
from projects.gates.models import BlockerType, BlockerVersion
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.store.second import FirstPerson
from registry.store.versions import Seen
from tests.factories.accounts import Cast, sign_in
from tests.factories.projects import FAULT, SIGNED, TODAY, Estate, draft_letter, lay_blocker, on_day
from tests.web.html import sent_by, tight


def said(client: Client, url: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form if nothing were touched."""
    html = client.get(url).content.decode()
    return fields_of(html)


def fields_of(html: str) -> dict[str, list[str]]:
    return sent_by(html, with_field="seen")


def send(client: Client, url: str, opened: dict[str, list[str]], **more: Any) -> Any:
    return client.post(url, {**opened, **more})


@pytest.fixture
def two(estate: Estate) -> tuple[Client, Client]:
    return sign_in(estate.cast.district), sign_in(estate.cast.district_second)


def test_two_who_change_different_fields_of_a_plan_both_keep_theirs(estate: Estate, two: tuple[Client, Client]) -> None:
    url = reverse("ledger:plan", args=[estate.project.code])
    first, second = (said(client, url) for client in two)

    assert send(two[0], url, first, plan="先补消防").status_code == 302
    assert send(two[1], url, second, leader="张一").status_code == 302

    project = Project.objects.get(pk=estate.project.pk)
    assert (project.plan, project.leader) == ("先补消防", "张一")


def test_two_who_change_one_field_are_asked_and_nothing_typed_is_lost(
    estate: Estate, two: tuple[Client, Client]
) -> None:
    url = reverse("ledger:plan", args=[estate.project.code])
    first, second = (said(client, url) for client in two)
    send(two[0], url, first, plan="先补消防")

    asked = send(two[1], url, second, plan="先办首登", leader="张一")

    html = tight(asked.content.decode())
    assert Project.objects.get(pk=estate.project.pk).plan == "先补消防"
    assert "一项目一策：打开表单之后已被别人改过" in html
    assert "保留现在的：先补消防" in html
    assert "改成我填的：先办首登" in html
    assert estate.cast.district.organisation.name in html
    assert fields_of(asked.content.decode())["leader"] == ["张一"]

    again = fields_of(asked.content.decode())
    still = send(two[1], url, again)
    assert "打开表单之后已被别人改过" in still.content.decode()
    assert Project.objects.get(pk=estate.project.pk).plan == "先补消防"

    mine = re.search(r'name="pick_plan" value="(mine\.[0-9a-f]+)"', asked.content.decode())
    assert mine is not None
    assert send(two[1], url, again, pick_plan=mine[1]).status_code == 302
    project = Project.objects.get(pk=estate.project.pk)
    assert (project.plan, project.leader) == ("先办首登", "张一")


def test_theirs_is_kept_and_the_rest_of_mine_is_saved(estate: Estate, two: tuple[Client, Client]) -> None:
    url = reverse("ledger:plan", args=[estate.project.code])
    first, second = (said(client, url) for client in two)
    send(two[0], url, first, plan="先补消防")
    asked = send(two[1], url, second, plan="先办首登", leader="张一")

    assert send(two[1], url, fields_of(asked.content.decode()), pick_plan="theirs").status_code == 302

    project = Project.objects.get(pk=estate.project.pk)
    assert (project.plan, project.leader) == ("先补消防", "张一")


def test_mine_is_over_the_value_that_was_shown_and_no_later_one(estate: Estate, two: tuple[Client, Client]) -> None:
    url = reverse("ledger:plan", args=[estate.project.code])
    first, second = (said(client, url) for client in two)
    send(two[0], url, first, plan="先补消防")
    asked = send(two[1], url, second, plan="先办首登").content.decode()
    send(two[0], url, said(two[0], url), plan="先补规划")
    mine = re.search(r'name="pick_plan" value="(mine\.[0-9a-f]+)"', asked)
    assert mine is not None

    again = send(two[1], url, fields_of(asked), pick_plan=mine[1])

    assert "保留现在的：先补规划" in tight(again.content.decode())
    assert Project.objects.get(pk=estate.project.pk).plan == "先补规划"


def test_without_the_protection_the_second_reverts_the_first(
    estate: Estate, two: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the tests: a service that does not compare loses what the first wrote."""
    monkeypatch.setattr(Seen, "merge", lambda self, stored, wanted, *rows: dict(wanted))
    url = reverse("ledger:plan", args=[estate.project.code])
    first, second = (said(client, url) for client in two)

    send(two[0], url, first, plan="先补消防")
    send(two[1], url, second, leader="张一")

    project = Project.objects.get(pk=estate.project.pk)
    assert (project.plan, project.leader) == ("", "张一")


def test_an_organisation_is_merged_and_asked(cast: Cast) -> None:
    client, other = sign_in(cast.system_admin), sign_in(cast.system_admin)
    township = cast.township.organisation
    url = reverse("accounts:change_organisation", args=[township.pk])
    first, second, third = said(client, url), said(other, url), said(other, url)

    assert send(client, url, first, short_name="甲乡").status_code == 302
    assert send(other, url, second, document_prefix="甲政函").status_code == 302
    asked = send(other, url, third, short_name="乙乡")

    stored = Organisation.objects.get(pk=township.pk)
    assert (stored.short_name, stored.document_prefix) == ("甲乡", "甲政函")
    assert "保留现在的：甲乡" in tight(asked.content.decode())


def test_a_developer_is_asked_also_when_none_was_named(estate: Estate, two: tuple[Client, Client]) -> None:
    url = reverse("ledger:developer", args=[estate.project.code])
    first, second = (said(client, url) for client in two)
    send(two[0], url, first, name="演示甲公司", condition="revoked")

    asked = send(two[1], url, second, name="演示乙公司", condition="revoked")

    assert "保留现在的：演示甲公司" in tight(asked.content.decode())
    assert Project.objects.get(pk=estate.project.pk).developer.name == "演示甲公司"


@pytest.fixture
def letter(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate, at_fault=FAULT)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


def test_a_draft_its_clauses_and_its_promises_are_merged_and_asked(estate: Estate, letter: Instrument) -> None:
    client, other = sign_in(estate.cast.township), sign_in(estate.cast.township)
    faults = []
    for url, mine, theirs in (
        (reverse("commitments:edit", args=[letter.code]), {"fault": "夹层"}, {"liability": "罚款"}),
        (
            reverse("commitments:clause", args=[letter.code, 1]),
            {"ends": "2029-01-01"},
            {"condition_met": "鉴定1号"},
        ),
        (reverse("commitments:promise", args=[letter.code, 1]), {"place": "东门"}, {"measure": "拆除"}),
    ):
        with on_day(SIGNED):
            first, second, third = said(client, url), said(other, url), said(other, url)
            answers = [send(client, url, first, **mine), send(other, url, second, **theirs)]
            asked = send(other, url, third, **{name: f"{value[:-1]}3" for name, value in mine.items()})
        if [answer.status_code for answer in answers] != [302, 302] or "pick_" not in asked.content.decode():
            faults.append((url, [answer.status_code for answer in answers]))

    assert faults == []
    stored, clause = Letter.objects.get(), letter.clauses.get()
    promise = stored.obligations.get(ordinal=1)
    assert (stored.fault, stored.liability) == ("夹层", "罚款")
    assert (clause.ends, clause.condition_met) == (date(2029, 1, 1), "鉴定1号")
    assert (promise.place, promise.measure) == ("东门", "拆除")


def test_a_scope_is_chosen_as_one(estate: Estate, two: tuple[Client, Client]) -> None:
    blocker = lay_blocker(estate)
    url = reverse("gates:rescope", args=[blocker.number])
    with on_day(TODAY):
        first, second = (said(client, url) for client in two)
        words = {"effective_on": TODAY.isoformat(), "reason": "复勘"}
        assert send(two[0], url, first, scope_floors="1", **words).status_code == 302
        asked = send(two[1], url, second, scope_floors="2", **words)

    html = tight(asked.content.decode())
    assert "涉及范围：打开表单之后已被别人改过" in html
    assert BlockerVersion.objects.filter(blocker=blocker).count() == 2


def test_a_setting_is_proposed_on_what_its_page_showed(estate: Estate) -> None:
    client, district = sign_in(estate.cast.district), estate.project.district_code
    url = reverse("commitments:setting", args=[district])
    with on_day(TODAY):
        opened = said(client, url)
        decide_lapse_rule(
            actor=estate.cast.city.actor, district_code=district, grace_days=7, pauses=False, effective_on=TODAY,
            reason="纪要", first=FirstPerson.of(estate.cast.district.person),
        )  # fmt: skip
        asked = send(client, url, opened, grace_days="9", reason="纪要2号")

    assert "保留现在的：7" in tight(asked.content.decode())


def test_a_policy_in_draft_is_merged_and_asked(estate: Estate) -> None:
    cast = estate.cast
    lay_blocker(estate, "P03")
    lay_blocker(estate, "P04")
    types = list(BlockerType.objects.filter(code__in=("P03", "P04")).order_by("code"))
    policy = draft_policy(
        actor=cast.city.actor, level="single", title="关于消防的意见", organ="市专班", lifts=dict.fromkeys(types, "")
    )
    client, other = sign_in(cast.city), sign_in(cast.city)
    url = reverse("casework:change_policy", args=[policy.code])
    first, second, third = said(client, url), said(other, url), said(other, url)

    answers = [
        send(client, url, first, condition_1_type=types[0].pk, condition_1_text="已鉴定"),
        send(other, url, second, summary="要点"),
    ]
    asked = send(other, url, third, condition_1_type=types[0].pk, condition_1_text="已检测")

    assert [answer.status_code for answer in answers] == [302, 302]
    stored = Policy.objects.get(pk=policy.pk)
    assert (stored.summary, conditions_by_code(stored)["P03"]) == ("要点", "已鉴定")
    assert "保留现在的：P03 已鉴定" in tight(asked.content.decode())
