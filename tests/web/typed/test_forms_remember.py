"""Nothing typed is lost: a form sent without a session, a draft offered again, files kept over an error."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.accounts.models import Person
from registry.store.drafts import draft_of, keep_draft
from registry.store.models import FormDraft, HeldFile
from registry.web.models import Attachment
from tests.factories.accounts import PASSWORD, Cast, Player, sign_in
from tests.factories.projects import Estate

pytestmark = pytest.mark.django_db
NEW = "/people/new/"
SCAN = b"%PDF-1.7 scan"


def key_of(client: Client, address: str = NEW) -> str:
    return str(client.get(address).context["form"].once_key)


def typed(cast: Cast, client: Client, **changes: Any) -> dict[str, Any]:
    words = {"organisation": cast.township.organisation.pk, "username": "chen.x", "name": "陈新", "phone": ""}
    return {**words, "once": key_of(client), "save": "1", **changes}


def enter(client: Client, player: Player, page: Any, **more: Any) -> Any:
    """Sign in on the page that asked for it."""
    hidden = dict(re.findall(r'type="hidden" name="(next|typed)" value="([^"]*)"', page.content.decode()))
    return client.post("/sign-in/", {"username": player.person.username, "password": PASSWORD, **hidden, **more})


def test_a_form_sent_without_a_session_goes_on_after_signing_in(cast: Cast) -> None:
    client = sign_in(cast.district)
    words = typed(cast, client)
    client.cookies.pop("sessionid")

    asked = client.post(NEW, words)
    assert asked.status_code == 401
    assert "已填写的内容随后继续提交" in asked.content.decode()
    assert not FormDraft.objects.exists(), "nothing of a stranger's is stored"
    assert "陈新" not in asked.content.decode()

    wrong = enter(client, cast.district, asked, password="no")
    entered = enter(client, cast.district, wrong)
    assert (entered.status_code, entered["Location"]) == (302, NEW)
    page = client.get(NEW)
    html = page.content.decode()
    assert "data-send" in html
    assert 'value="陈新"' in html
    assert page.context["form"].once_key == words["once"]

    sent = client.post(NEW, words)
    assert sent.status_code == 302
    assert Person.objects.filter(username="chen.x").count() == 1
    assert not FormDraft.objects.exists(), "what was sent is forgotten"
    assert "data-send" not in client.get(NEW).content.decode()


def test_another_person_who_signs_in_there_gets_nothing_of_it(cast: Cast) -> None:
    client = sign_in(cast.district)
    words = typed(cast, client)
    client.cookies.pop("sessionid")

    enter(client, cast.district_second, client.post(NEW, words))

    assert not FormDraft.objects.exists()
    assert "陈新" not in client.get(NEW).content.decode()


def test_a_form_whose_token_does_not_fit_is_kept_and_never_sent_on(cast: Cast) -> None:
    client = sign_in(cast.district, Client(enforce_csrf_checks=True))
    words = typed(cast, client)

    answer = client.post(NEW, words)

    assert (answer.status_code, answer["Location"]) == (302, NEW)
    html = client.get(NEW).content.decode()
    assert 'value="陈新"' in html
    assert "data-send" not in html
    assert "请核对后提交" in html


@pytest.mark.parametrize("key", ["", "x" * 40])
def test_a_strange_form_whose_token_does_not_fit_is_refused(cast: Cast, key: str) -> None:
    client = sign_in(cast.district, Client(enforce_csrf_checks=True))

    assert client.post(NEW, typed(cast, client, once=key)).status_code == 403
    assert not FormDraft.objects.exists()


def test_a_sealed_form_that_was_touched_is_passed_over(cast: Cast) -> None:
    client = sign_in(cast.district)
    words = typed(cast, client)
    client.cookies.pop("sessionid")
    client.post("/sign-in/", {"username": cast.district.person.username, "password": PASSWORD, "typed": "AAAA"})

    assert not FormDraft.objects.exists()
    assert words["once"]


def test_a_draft_is_kept_offered_resumed_and_given_up(cast: Cast) -> None:
    client = sign_in(cast.district)
    words = typed(cast, client, csrfmiddlewaretoken="x", password="no")
    kept = client.post(reverse("web:keep_draft") + f"?place={NEW}", words)
    assert re.fullmatch(r"\d\d:\d\d", kept.json()["at"])
    draft = draft_of(person_key=cast.district.person.pk, place=NEW)
    assert draft is not None
    assert set(draft.fields) == {"organisation", "username", "name", "phone", "once", "save"}, "no password, no token"

    offered = client.get(NEW).content.decode()
    assert f'href="{NEW}?draft=1"' in offered
    assert "陈新" not in offered
    resumed = client.get(NEW + "?draft=1").content.decode()
    assert 'value="陈新"' in resumed
    assert 'class="errors"' not in resumed
    assert "data-send" not in resumed

    assert client.post(reverse("web:drop_draft"), {"place": NEW})["Location"] == NEW
    assert "draft=1" not in client.get(NEW).content.decode()


def test_a_draft_is_its_persons_alone(cast: Cast) -> None:
    keep_draft(person_key=cast.district.person.pk, place=NEW, fields={"name": ["陈新"]})
    second = sign_in(cast.district_second)

    assert "draft=1" not in second.get(NEW).content.decode()
    assert "陈新" not in second.get(NEW + "?draft=1").content.decode()


def test_only_a_form_shown_to_the_same_person_is_kept(cast: Cast) -> None:
    client = sign_in(cast.district)
    keep = reverse("web:keep_draft")
    own, strange = key_of(client), key_of(sign_in(cast.district_second))

    answers = [
        client.post(f"{keep}?place={place}", {"name": "陈新", "once": key}).status_code
        for place, key in ((NEW, strange), (NEW, ""), ("https://elsewhere.example/", own), ("/" + "x" * 400, own))
    ]

    assert answers == [422] * 4
    assert not FormDraft.objects.exists()


def test_what_is_filled_in_incompletely_shows_its_faults_once_sent(cast: Cast) -> None:
    client = sign_in(cast.district)
    keep_draft(person_key=cast.district.person.pk, place=NEW, fields={"name": [""], "once": [key_of(client)]})

    assert 'class="errors"' not in client.get(NEW + "?draft=1").content.decode()
    assert 'class="errors"' in client.post(NEW, {"name": "", "once": key_of(client)}).content.decode()


def test_a_chosen_file_outlasts_an_error(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    address = reverse("attachments:add", args=["ledger_project", estate.project.pk])
    key = key_of(client, address)
    files = [SimpleUploadedFile("复函.pdf", SCAN), SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n1")]

    wrong = client.post(address, {"uploads": files, "taken_on": "不是日期", "once": key})
    html = wrong.content.decode()
    token = re.search(r'name="held" value="([^"]+)"', html)
    assert token
    assert "复函.pdf" in html
    assert "图.png" in html
    assert SCAN not in bytes(HeldFile.objects.order_by("ordinal")[0].sealed)

    done = client.post(address, {"taken_on": "", "once": key, "held": token[1], "drop_held": ["1"]})
    assert done.status_code == 302
    assert [row.file_name for row in Attachment.objects.all()] == ["复函.pdf"]
    assert not HeldFile.objects.exists(), "what was taken is let go"


def test_a_held_file_is_its_persons_alone(estate: Estate) -> None:
    address = reverse("attachments:add", args=["ledger_project", estate.project.pk])
    client, second = sign_in(estate.cast.district), sign_in(estate.cast.district_second)
    wrong = client.post(
        address, {"uploads": SimpleUploadedFile("复函.pdf", SCAN), "taken_on": "x", "once": key_of(client, address)}
    )
    token = re.search(r'name="held" value="([^"]+)"', wrong.content.decode())
    assert token

    answer = second.post(address, {"taken_on": "", "once": key_of(second, address), "held": token[1]})

    assert answer.status_code == 422
    assert not Attachment.objects.exists()


def test_signing_in_on_the_spot_answers_the_open_page(cast: Cast) -> None:
    person, seat = cast.district.person, cast.district.assignment.pk
    headers = {"HTTP_X_IN_PLACE": "1"}
    words = {"username": person.username, "password": PASSWORD}

    assert "密码错误" in Client().post("/sign-in/", {**words, "password": "no"}, **headers).json()["said"]
    client = Client()
    assert client.post("/sign-in/", {**words, "seat": str(seat)}, **headers).json()["csrf"]
    assert client.get(NEW).status_code == 200
    assert Client().post("/sign-in/", {**words, "seat": "0"}, **headers).json() == {"is_other": True}


def test_a_page_knows_when_its_session_ends_and_can_keep_it(cast: Cast, settings: Any) -> None:
    client = sign_in(cast.district)
    html = client.get(NEW).content.decode()

    assert f'data-idle="{settings.SESSION_COOKIE_AGE}"' in html
    assert f'data-seat="{cast.district.assignment.pk}"' in html
    assert client.post(reverse("web:stay")).status_code == 204
    assert Client().post(reverse("web:stay")).status_code == 302


def test_a_form_of_an_address_without_a_page_goes_on_too(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    address = reverse("progress:advance", args=[estate.project.code])
    words = {"unit": [str(key) for key in estate.homes[:2]], "target": "certificate:notified", "evidence": "清单一"}
    asked = client.post(address, {**words, "occurred_on": "2022-03-08"})
    form = asked.context["form"]
    assert f'name="once" value="{form.once_key}"' in asked.content.decode(), "bulk acts are carried out once too"
    sent = {**words, "occurred_on": "2022-03-08", "save": "1", "once": form.once_key}
    client.cookies.pop("sessionid")

    entered = enter(client, estate.cast.district, client.post(address, sent))
    shown = client.get(entered["Location"])

    html = shown.content.decode()
    assert shown.status_code == 200
    assert "data-send" in html
    assert all(f'name="unit" value="{key}"' in html for key in words["unit"])
    assert client.get(address).status_code == 405, "once alone"


def test_a_line_of_a_reference_table_goes_on_too(cast: Cast) -> None:
    client = sign_in(cast.system_admin)
    address = reverse("admin:gates_blockertype_add")
    key = client.get(address).context["adminform"].form.once_key
    client.cookies.pop("sessionid")

    asked = client.post(address, {"code": "Z99", "label": "填到一半的类型", "once": key, "_save": "1"})
    entered = enter(client, cast.system_admin, asked)
    shown = client.get(entered["Location"])

    html = shown.content.decode()
    assert 'value="填到一半的类型"' in html
    assert 'class="err"' not in html, "what is missing shows once it is sent"
    assert 'value="填到一半的类型"' not in client.get(address).content.decode(), "once alone"
