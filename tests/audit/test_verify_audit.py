"""`manage.py verify_audit`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.accounts import services
from registry.audit.models import Act
from registry.store.guard import fixture_writes
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(cast: Cast) -> Cast:
    for name in "甲乙丙":
        services.save_filter(actor=cast.district.actor, page="p", name=name, query="a=1")
    return cast


def run(*arguments: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue()


def test_a_whole_trail_is_said_to_hold(laid: Cast) -> None:
    assert run() == (0, "核验1条链、3条记录，0处不符。\n")


def test_a_changed_act_is_named_with_exit_code_1(laid: Cast) -> None:
    with fixture_writes():
        Act.objects.filter(seq=2).update(reason="改")

    code, out = run()

    assert code == 1
    assert out.splitlines()[0] == "链0 第2号：记录被改动，或其前一条被改动"


def test_json_gives_heads_to_anchor_and_faults(laid: Cast) -> None:
    with fixture_writes():
        Act.objects.filter(seq=3).update(actor_name="别人")

    code, out = run("--json")

    found = json.loads(out)
    assert (code, found["chains"], found["acts"]) == (1, 1, 3)
    assert found["heads"] == [{"chain": 0, "seq": 3, "hash": Act.objects.get(seq=3).hash}]
    assert found["faults"] == [{"chain": 0, "seq": 3, "what": "记录被改动，或其前一条被改动"}]


def test_an_unknown_project_is_refused_with_exit_code_2(laid: Cast) -> None:
    with pytest.raises(CommandError, match="没有项目") as refusal:
        call_command("verify_audit", "--project", "NOPE")

    assert refusal.value.returncode == 2
