"""`manage.py create_admin`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from registry.accounts import services
from registry.accounts.models import Assignment, Person
from registry.audit.models import Act
from registry.kernel.errors import PermissionRefused
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


def test_create_admin_prints_two_first_passwords_once() -> None:
    out = StringIO()
    call_command("create_admin", stdout=out)

    lines = [line.split("\t") for line in out.getvalue().splitlines()[:2]]
    assert [line[:2] for line in lines] == [["系统管理员", "sysadmin"], ["安全管理员", "secadmin"]]
    for _, username, secret in lines:
        assert Person.objects.get(username=username).check_password(secret)
        assert Client().post("/sign-in/", {"username": username, "password": secret}).status_code == 302
    assert sorted(Assignment.objects.values_list("role", flat=True)) == ["security_admin", "system_admin"]
    act = Act.objects.get()
    assert (act.event, act.actor_name, act.rows_count) == ("admins.created", "系统（规则：首次启用）", 5)
    assert lines[0][2] not in str(act.facts)


def test_create_admin_a_second_time_is_refused() -> None:
    call_command("create_admin", stdout=StringIO())

    with pytest.raises(CommandError, match="已有系统管理员"):
        call_command("create_admin", "--system-username", "another", "--security-username", "other", stdout=StringIO())

    assert Person.objects.count() == 2


def test_create_admin_with_a_taken_name_leaves_nothing(cast: Cast) -> None:
    held, persons = Assignment.objects.count(), Person.objects.count()

    with pytest.raises(CommandError):
        call_command("create_admin", "--security-username", "district", stdout=StringIO())

    assert (Assignment.objects.count(), Person.objects.count()) == (held, persons)


def test_first_admins_are_for_the_system_alone(cast: Cast) -> None:
    with pytest.raises(PermissionRefused):
        services.create_first_admins(
            actor=cast.system_admin.actor,
            organisation_name="x",
            system_admin=("aaa", "甲"),
            security_admin=("bbb", "乙"),
        )
