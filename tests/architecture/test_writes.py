"""Every service that writes: it stands in the table of writes, and refuses who may not, before it asks the database."""

import ast
from importlib import import_module

import pytest

from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import PermissionRefused
from registry.store.acts import WRITES, WriteSpec
from tests.architecture.source import Source, called_name, calls, functions, sources

SERVICES = [s for s in sources() if {"services", "services.py"} & set(s.path.parts)]
for _source in SERVICES:
    import_module(_source.module)

# Permissions that every role holds. Services that ask for nothing more, with what they check themselves.
HELD_BY_ALL = {p for p in Permission if all(p in role.permissions for role in Role)}
OWN_AFFAIRS = {
    "change_own_password": "the old password",
    "export_list": "the right of the list that is taken, asked first inside",
    "request_export": "takes what the actor's own reach shows, people masked",
    "finish_export": "called by the job of an export, which reads the asker's rights anew",
    "take_export": "the actor's own export; with people in clear, the right to see them",
    "destroy_export": "called by the nightly job; only what is past its time",
    "save_filter": "the actor's own",
    "drop_filter": "the actor's own",
    "propose": "called inside the service that proposes, which asks for its own permission",
    "approve": "the permission of the kind of approval, and a second person",
    "return_back": "as approve",
    "withdraw": "the actor's own proposal",
}


def actor(role: Role) -> Actor:
    """An actor of a role whose reach doesn't matter: the permission is asked first."""
    return Actor(
        person_id=1,
        name="演示",
        role=role,
        organisation_id=1,
        organisation_name="演示单位",
        area_code="110105",
        project_ids=frozenset(),
    )


def decorated(source: Source) -> list[str]:
    """The names of a file's functions that carry @write."""
    return [
        function.name
        for function in functions(source.tree)
        if any(isinstance(d, ast.Call) and called_name(d) == "write" for d in function.decorator_list)
    ]


def test_every_service_that_writes_stands_in_the_table() -> None:
    written = [name for source in sources() for name in decorated(source)]

    assert sorted(written) == sorted(set(written)), "two services of one name: the table would hold the last only"
    assert set(written) <= set(WRITES)


def test_services_that_write_live_in_services() -> None:
    stray = [source.name for source in sources() if decorated(source) and source not in SERVICES]

    assert stray == []


def test_what_records_is_an_act() -> None:
    """A public function of a service that records an event carries @write; what is called inside an act is
    private, is named so (`…_within_act`), or says in its docstring that it "Runs inside" one."""
    loose = [
        f"{source.name}:{function.lineno} {function.name}"
        for source in SERVICES
        for function in source.tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not function.name.endswith("_within_act")
        and function.name not in decorated(source)
        and "Runs inside" not in (ast.get_docstring(function) or "")
        and any(called_name(call) == "record" for call in calls(function))
        and any(argument.arg == "actor" for argument in (*function.args.args, *function.args.kwonlyargs))
    ]

    assert loose == []


def answer(spec: WriteSpec, role: Role) -> str:
    """The name of what a service raises for an actor of a role who tells it nothing else."""
    try:
        spec.service(actor=actor(role))
    except Exception as error:
        return type(error).__name__
    return "done"


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_role_without_the_permission_is_refused_before_any_query(name: str) -> None:
    # No database fixture: a query would raise, and not what is expected.
    spec = WRITES[name]
    answers = {role.name: answer(spec, role) for role in Role if spec.permission not in role.permissions}

    assert answers == dict.fromkeys(answers, PermissionRefused.__name__)


def test_every_service_can_be_denied_to_someone() -> None:
    undeniable = {spec.name for spec in WRITES.values() if spec.permission in HELD_BY_ALL}

    assert undeniable - set(OWN_AFFAIRS) == set()


def test_every_permission_is_held_by_some_role() -> None:
    held = {p for role in Role for p in role.permissions}

    assert set(Permission) - held == set()


@pytest.mark.parametrize("name", sorted(WRITES))
def test_services_are_keyword_only_with_the_actor_first(name: str) -> None:
    service = WRITES[name].service.inner  # type: ignore[attr-defined]
    code = service.__code__

    assert code.co_argcount == 0, "keyword-only: def service(*, actor, …)"
    assert code.co_varnames[0] == "actor"
