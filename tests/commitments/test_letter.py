"""A commitment letter drafted in steps: what is offered, what is filled in, what is lacking, and the few clicks."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from commitments.forms.letter import DROP, KEYS, stepped
from commitments.models import Instrument, Obligation
from registry.store.drafts import draft_of
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, lay_blocker, on_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked(estate: Estate) -> Estate:
    with on_day(TODAY):
        blocker = lay_blocker(estate)
        lay_blocker(estate, "E03")
    return replace(estate, blocker=blocker)


def page_of(estate: Estate) -> str:
    return reverse("commitments:draft_letter", args=[estate.project.code])


def sent(answer: Any) -> dict[str, Any]:
    """What a browser would send of the page."""
    form = answer.context["form"]
    return {name: form.data.getlist(name) for name in form.data if name != "resumed"}


def promise(estate: Estate, n: int, **changes: Any) -> dict[str, Any]:
    words = {
        "end_state": "拆除夹层", "due_on": "2030-12-31", "proof": "现场照片、复测报告",
        "verifier": str(estate.cast.department.organisation.pk),
    }  # fmt: skip
    return {f"o{n}_{key}": value for key, value in {**words, **changes}.items()}


def test_the_page_opens_with_what_is_known(blocked: Estate) -> None:
    answer = sign_in(blocked.cast.township).get(page_of(blocked))
    html, form = answer.content.decode(), answer.context["form"]

    assert [row.number for row in form.fields["blockers"].queryset] == [blocked.blocker.number]  # type: ignore[union-attr]
    assert "不能凭承诺解除，未列" in html
    assert "E03-" in html
    assert form.data["issuer"] == str(blocked.cast.township.organisation.pk)
    assert form.data["recipient"] == str(blocked.cast.district.organisation.pk)
    assert form.data["in_uses"] == "dwelling"
    kinds = {row.kind for name in ("recipient", "supervisor") for row in form.fields[name].queryset}
    assert not kinds & {"audit", "developer", "operations", "township"}
    assert "提交前尚缺" in html
    assert 'class="errors"' not in html
    assert html.count('name="in_buildings"') == blocked.project.buildings.count(), "buildings are ticked once"
    assert 'name="out_buildings"' not in html


def test_a_letter_of_two_promises_takes_four_pages(blocked: Estate) -> None:
    client, address = sign_in(blocked.cast.township), page_of(blocked)
    opened = client.get(address)
    first = {**sent(opened), **promise(blocked, 1), "fault": "底商加建夹层", "add": "1"}

    added = client.post(address, first)
    assert added.context["form"].row_count == 2
    assert "autofocus" in added.content.decode()
    kept = draft_of(person_key=blocked.cast.township.person.pk, place=address)
    assert kept is not None
    assert kept.fields["o1_end_state"] == ["拆除夹层"]
    assert "已自动保存" in added.content.decode()

    words = {**sent(added), **promise(blocked, 2, end_state="恢复用途"), "save": "1"}
    done = client.post(address, words)
    assert done.status_code == 302
    letter = Instrument.objects.get()
    assert [row.end_state for row in Obligation.objects.order_by("ordinal")] == ["拆除夹层", "恢复用途"]
    assert done["Location"] == reverse("commitments:instrument", args=[letter.code])
    assert draft_of(person_key=blocked.cast.township.person.pk, place=address) is None
    assert client.post(address, words)["Location"] == done["Location"], "sent twice, drafted once"
    assert Instrument.objects.count() == 1


def test_all_that_is_wrong_is_said_at_once_each_where_it_is_put_right(blocked: Estate) -> None:
    client, address = sign_in(blocked.cast.township), page_of(blocked)
    words = {**sent(client.get(address)), "blockers": [], "fault": "", "o1_end_state": "拆除夹层", "save": "1"}

    html = client.post(address, words).content.decode()

    assert not Instrument.objects.exists()
    links = re.findall(r'<li><a href="#(id_\w+)">', html)
    assert {"id_blockers", "id_fault", "id_o1_due_on", "id_o1_proof", "id_o1_verifier"} <= set(links)
    assert "未填写期限" in html


def test_what_the_rules_refuse_is_said_with_the_faults_of_the_form(blocked: Estate) -> None:
    with on_day(TODAY):
        conditional = lay_blocker(blocked, "P02")
    client, address = sign_in(blocked.cast.township), page_of(blocked)
    words = {**sent(client.get(address)), "blockers": [str(conditional.pk)], "save": "1"}

    answer = client.post(address, words)

    form = answer.context["form"]
    assert {"condition_met", "fault", "o1_end_state"} <= set(form.errors)
    assert "附条件的堵点必填" in answer.content.decode()


def test_the_effect_and_the_paper_follow(blocked: Estate) -> None:
    client, address = sign_in(blocked.cast.township), page_of(blocked)
    opened = client.get(address)
    looked = client.post(address, {**sent(opened), **promise(blocked, 1), "look": "1"})

    assert opened.context["preview"].gained == looked.context["preview"].gained
    assert looked.context["preview"].effect.dwellings == 12
    assert "拆除夹层；" in looked.content.decode()
    assert not Instrument.objects.exists(), "nothing is written before it is handed in"


def test_a_promise_is_taken_out_and_the_others_move_up() -> None:
    data = QueryDict(mutable=True)
    data["rows"], data["o1_end_state"], data["o2_end_state"], data[DROP] = "2", "甲", "乙", "1"

    shown = stepped(data)

    assert shown is not None
    assert (shown["rows"], shown["o1_end_state"]) == ("1", "乙")
    assert not any(shown.get(f"o2_{key}") for key in KEYS)


def test_a_promise_is_added_once_the_last_one_is_whole() -> None:
    data = QueryDict(mutable=True)
    data["rows"], data["add"], data["o1_end_state"] = "1", "1", "甲"
    unready = stepped(data)
    data.update({"o1_due_on": str(date(2030, 1, 1)), "o1_proof": "照片", "o1_verifier": "1"})
    ready = stepped(data)

    assert unready is not None
    assert ready is not None
    assert (unready["rows"], ready["rows"]) == ("1", "2")
    assert stepped(QueryDict("rows=1&save=1")) is None
