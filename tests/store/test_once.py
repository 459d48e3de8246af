"""One act for a form sent twice: a repeat answers with the first result, also where two come at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from projects.ledger.models import ProgressNote
from registry.accounts.models import ApiToken, Organisation, Person
from registry.accounts.services import create_organisation, create_person, end_assignment
from registry.audit.models import Act
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import Refused
from registry.store.acts import WRITES, batch, write
from registry.store.clock import shanghai_day, true_now
from registry.store.once import new_key, once
from tests.factories.accounts import Cast, lay_cast, sign_in
from tests.factories.projects import lay_estate

KEY = "k" * 24


@pytest.fixture(autouse=True)
def _only_the_products_services() -> Iterator[None]:
    before = dict(WRITES)
    yield
    WRITES.clear()
    WRITES.update(before)


def person(cast: Cast, number: int = 0, actor: Actor | None = None) -> Person:
    return create_person(
        actor=actor or cast.district.actor, organisation=cast.township.organisation, username=f"chen.x{number}",
        name="陈新",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_same_key_answers_with_the_first_result(cast: Cast) -> None:
    made = []
    for number in range(8):
        with once(KEY):
            made.append(person(cast, number))

    assert {one.pk for one in made} == {made[0].pk}
    assert (Person.objects.filter(name="陈新").count(), Act.objects.count()) == (1, 1)
    act = Act.objects.get()
    assert (act.once_key, act.once_answer) == (KEY, ["create_person", "accounts_person", made[0].pk])


@pytest.mark.django_db
def test_another_key_another_person_no_key_and_a_batch_make_acts_of_their_own(cast: Cast) -> None:
    with once(KEY):
        person(cast, 0)
    with once(new_key()):
        person(cast, 1)
    with once(KEY):
        person(cast, 2, cast.system_admin.actor)
    for word in ("", "x' OR 1=1", "short"):
        with once(word):
            person(cast, 3 + len(word))
    with once(KEY), batch("B-1"):
        person(cast, 20)
    with once(KEY):
        person(cast, 21, system_actor("试"))

    assert Person.objects.filter(name="陈新").count() == 8
    assert Act.objects.exclude(once_key=None).count() == 3


@pytest.mark.django_db
def test_a_key_is_for_the_first_act_under_it(cast: Cast) -> None:
    with once(KEY):
        assert person(cast, 0) != person(cast, 1)

    assert Act.objects.filter(once_key=KEY).count() == 1


@pytest.mark.django_db
def test_another_service_under_the_same_key_is_refused(cast: Cast) -> None:
    with once(KEY):
        person(cast)
    with once(KEY), pytest.raises(Refused, match="已用于办理另一事项") as caught:
        create_organisation(
            actor=cast.district.actor, code="T-9", name="示范街道", kind="township", area_code="110105043"
        )

    assert (caught.value.code, Act.objects.count()) == ("key_reused", 1)


@pytest.mark.django_db
def test_a_refused_act_leaves_its_key_to_the_form_mended(cast: Cast) -> None:
    with once(KEY), pytest.raises(Refused):
        create_person(
            actor=cast.district.actor, organisation=cast.township.organisation,
            username=cast.township.person.username, name="陈新",
        )  # fmt: skip
    with once(KEY):
        assert person(cast).name == "陈新"


@pytest.mark.django_db
def test_an_act_that_creates_nothing_takes_no_key(cast: Cast) -> None:
    with once(KEY):
        end_assignment(actor=cast.district.actor, assignment=cast.township.assignment, ends=shanghai_day(true_now()))

    assert Act.objects.get().once_key is None


@pytest.mark.django_db
def test_a_repeat_is_answered_by_the_function_given(cast: Cast) -> None:
    @write(Permission.ACCOUNT_MANAGE, once=lambda row: f"again {row.pk}")
    def named_for_test(*, actor: Actor) -> str:
        record(event="organisation.changed", subject=cast.township.organisation)
        return "first"

    with once(KEY):
        assert named_for_test(actor=cast.district.actor) == "first"
    with once(KEY):
        assert named_for_test(actor=cast.district.actor) == f"again {cast.township.organisation.pk}"


@pytest.mark.django_db
def test_eight_equal_posts_of_a_form_make_one_row(cast: Cast) -> None:
    client = sign_in(cast.district)
    page = client.get("/people/new/")
    form = page.context["form"]
    assert f'name="once" value="{form.once_key}"' in page.content.decode()
    words = {
        "organisation": cast.township.organisation.pk, "username": "chen.x", "name": "陈新", "phone": "",
        "once": form.once_key,
    }  # fmt: skip
    answers = [client.post("/people/new/", words) for _ in range(8)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, answers[0]["Location"])}
    assert Person.objects.filter(username="chen.x").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_a_time_one_makes_the_row_and_the_others_read_it() -> None:
    """Two forms, each sent by four browsers of one person at the same moment: one answer, one row, one act."""
    cast, acts = (estate := lay_estate(lay_cast())).cast, Act.objects.count()
    note = f"/projects/{estate.project.code}/note/"
    whose = {"organisation": cast.township.organisation.pk, "username": "chen.x", "name": "陈新"}
    posts = {
        "/people/new/": whose,
        note: {"kind": "progress", "text": "已函询", "noted_on": str(shanghai_day(true_now()))},
    }
    keys = {address: sign_in(cast.district).get(address).context["form"].once_key for address in posts}
    sent, start = list(posts) * 4, Barrier(8)
    clients = [sign_in(cast.district) for _ in sent]

    def send(number: int) -> tuple[str, int, str]:
        try:
            start.wait(timeout=20)
            answer = clients[number].post(sent[number], {**posts[sent[number]], "once": keys[sent[number]]})
            return sent[number], answer.status_code, answer.get("Location", answer.content.decode()[-900:])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(send, range(8)))

    assert ({status for _, status, _ in made}, len(set(made))) == ({302}, 2), made
    assert (Person.objects.filter(name="陈新").count(), ProgressNote.objects.count(), Act.objects.count()) == (
        1,
        1,
        acts + 2,
    )


@pytest.mark.django_db
def test_what_another_act_wrote_first_is_refused_in_words_and_a_fault_stays_one(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Two at once come as far as the database: its refusal of a double is told, any other is a fault of the program.

    The operator reads which constraint refused, and no value: it could be a fault of ours all the same.
    """
    named = cast.township.organisation

    @write(Permission.ACCOUNT_MANAGE)
    def doubled(*, actor: Actor) -> None:
        Organisation.objects.create(code=named.code, name="同码", kind="township")

    @write(Permission.ACCOUNT_MANAGE)
    def broken(*, actor: Actor) -> None:
        ApiToken.objects.create(
            organisation=named,
            name="x",
            shown="x",
            digest="x",
            starts=date(2022, 3, 2),
            ends=date(2022, 3, 1),
            act_id=1,
        )

    with pytest.raises(Refused, match="他人刚刚登记了编号或名称相同的内容") as caught:
        doubled(actor=cast.system_admin.actor)
    assert caught.value.code == "doubled"
    told = ("doubled: the database refused a double: ", "accounts_organisation", "code")
    assert [all(part in line for part in told) for line in caplog.messages] == [True]
    assert named.code not in caplog.text
    with pytest.raises(IntegrityError):
        broken(actor=cast.system_admin.actor)
