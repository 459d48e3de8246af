"""Every service that writes: it stands in the table of writes, and refuses who may not, before it asks the database."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import PermissionRefused
from registry.store.acts import PARTS, WRITES, WriteSpec
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
    "keep_run": "called by the worker in the name of the rule alone",
    "open_export": "the actor's own export; with people in clear, the right to see them",
    "destroy_export": "called by the nightly job; only what is past its time",
    "save_filter": "the actor's own",
    "tell_failed": "called by the worker; only of a job that failed and was not told",
    "note_failure_seen": "the actor's own job; the system administrators those of all",
    "drop_filter": "the actor's own",
    "move_demo_clock": "whoever is signed in to a demo; no other database has such a clock",
    "propose": "called inside the service that proposes, which asks for its own permission",
    "approve": "the permission of the kind of approval, and a second person",
    "return_back": "as approve",
    "withdraw": "the actor's own proposal",
    "propose_again": "the actor's own proposal, and the permission of the kind to propose",
}


# Public functions of services that write outside an act, with the reason.
OUTSIDE = {
    "enqueue": "jobs are no part of the ledger: asked for by views and commands too, under technical_writes",
    "take_up": "as enqueue",
    "cancel": "as enqueue",
}


# Services that lay rows and carry no once-key, with why a second equal call makes no second row.
NOT_TWICE = {
    **dict.fromkeys(
        ("set_exposure_cap", "grant_waiver", "decide_lapse_rule", "decide_ladder_rule", "decide_setting", "issue_policy",
         "close_month", "merge_projects", "sign_residuals", "extend_obligation",
         "sign_paper"),
        "carries out a proposal: a second person's, decided once",
    ),
    **dict.fromkeys(
        ("keep_exposure", "keep_leverage", "apply_ladder", "stage_received", "lay_batch", "number_portion", "tell_failed",
         "create_first_admins", "move_demo_clock", "lay_opening_list", "keep_run"),
        "called by the system, not by a form",
    ),
    "state_facts": "a fact stands once a home; the same again is refused",
    "sign_instrument": "signed: another state",
    "list_items": "an item stands on one manifest: the second scan is refused by name",
    "submit_session": "handed in: another state",
    "save_mapping": "kept by its name",
    "save_filter": "kept by its name",
    "propose_close": "one proposal of a month waits at a time",
    "propose_restatement": "one proposal of a month waits at a time",
    "restate_month": "a proposal is agreed to once",
    "propose_lifts": "the same lifts are no second time",
    "keep_building": "a building of this number is there",
    "accept_names": "the same names are no second time",
    "change_project": "nothing left to change",
    "reveal_holder": "each look is counted",
    "issue_token": "one of a name at a time",
    "place_units": "by the homes' own names; through a session",
    "change_standing": "stands so already",
    "hand_in": "handed in already",
    "return_units": "returned already",
    "note_mismatches": "a row that stands open is kept once",
}  # fmt: skip
LAYS = {"create", "bulk_create", "get_or_create", "insert_rows", "deliver", "add_obligation_event"}


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


WRITING = {
    "record", "save", "create", "bulk_create", "bulk_update", "post", "update", "delete", "get_or_create",
    "update_or_create", "insert_rows",
}  # fmt: skip


def marks(function: ast.FunctionDef) -> set[str]:
    """The names of the decorators of a function."""
    return {called_name(d) if isinstance(d, ast.Call) else getattr(d, "id", "") for d in function.decorator_list}


def is_writing(call: ast.Call) -> bool:
    """Whether a call writes rows: `update` of a dict or a set, and of a digest, does not."""
    if called_name(call) not in WRITING:
        return False
    receiver = ast.unparse(call.func)
    return called_name(call) not in {"update", "delete"} or ".objects" in receiver or ".filter(" in receiver


def loose(tree: ast.Module) -> list[str]:
    """Public functions of a module that write rows or record, and are neither a service nor a part of one."""
    return [
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not marks(function) & {"write", "within_act"}
        and any(is_writing(call) for call in calls(function))
    ]


def test_what_writes_is_a_service_or_a_part_of_one() -> None:
    """A part runs inside the act of a service and says so by `@within_act`, which refuses it outside one."""
    found = [f"{source.name} {name}" for source in SERVICES for name in loose(source.tree) if name not in OUTSIDE]

    assert found == []


def test_a_planted_function_that_writes_is_named() -> None:
    planted = "def plant(*, actor):\n    Row.objects.create()\n\n\n@within_act\ndef part():\n    row.save()\n"

    assert loose(ast.parse(planted)) == ["plant"]


def test_parts_carry_no_suffix_and_stand_in_the_table() -> None:
    marked = {f"{s.module}.{f.name}" for s in SERVICES for f in functions(s.tree) if "within_act" in marks(f)}

    assert marked == set(PARTS)
    assert [name for name in PARTS if name.endswith("_within_act")] == []


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
    parameters = inspect.signature(WRITES[name].service).parameters

    keywords = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    assert {p.kind for p in parameters.values()} <= keywords, "def service(*, actor, …)"
    assert next(iter(parameters)) == "actor"


def laying(source: Source) -> list[tuple[str, bool]]:
    """The services of a file that lay rows, by themselves or by a function of the file, and whether each is once."""
    own = {function.name: function for function in functions(source.tree)}

    def called(name: str, met: frozenset[str]) -> set[str]:
        names = {called_name(call) for call in calls(own[name])}
        return names.union(*(called(more, met | {more}) for more in names & set(own) - met))

    laid = []
    for name in decorated(source):
        [mark] = [d for d in own[name].decorator_list if isinstance(d, ast.Call) and called_name(d) == "write"]
        if called(name, frozenset({name})) & LAYS:
            laid.append((name, any(keyword.arg == "once" for keyword in mark.keywords)))
    return laid


def test_a_service_that_lays_rows_answers_a_form_sent_twice_with_the_first() -> None:
    """Or stands in the table, with why a second equal call makes no second row."""
    laid = [each for source in SERVICES for each in laying(source)]

    assert sorted(name for name, is_once in laid if not is_once) == sorted(NOT_TWICE)
    assert sum(is_once for _, is_once in laid) > 40


# Services that refuse by themselves for want of a second person: they compare nobody.
SENT_ON = {
    "documents.intake.services.list_sessions": "a firm's list is submitted first",
    "documents.intake.services.sessions": "a firm's list is submitted first",
    "documents.intake.services.take_back_list": "the way is a proposal",
    "registry.accounts.services.assignments": "nobody grants a role to themselves, whoever proposed it",
}


def test_persons_are_compared_by_the_one_rule_of_the_door() -> None:
    """`second_person=` and `by_row(…).require`: a comparison spelled out would be asked on its own path alone."""
    own = {source.module for source in SERVICES if 'code="second_person"' in source.text}

    assert own == set(SENT_ON)


def keyless(tree: ast.AST, creating: set[str]) -> list[str]:
    """The calls of creating services that take no key of a form: outside `with once(…)`."""
    keyed = {
        id(call)
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and any("once(" in ast.unparse(item.context_expr) for item in block.items)
        for call in calls(block)
    }
    return [called_name(call) for call in calls(tree) if called_name(call) in creating and id(call) not in keyed]


def test_a_page_calls_what_creates_under_the_key_of_its_form() -> None:
    """By `form.submitted` and `form.carry_out`, which take the service itself; called straight, within `once`."""
    creating = {name for source in SERVICES for name, is_once in laying(source) if is_once}
    plain = {f.name: f for s in SERVICES for f in functions(s.tree) if not marks(f) and not f.name.startswith("_")}
    while more := {name for name in plain.keys() - creating if keyless(plain[name], creating)}:
        creating |= more  # a function that calls what creates, as `read_again`
    views = [source for source in sources() if {"views", "views.py"} & set(source.path.parts)]

    creating.discard("match_by_rule")  # acts as the system, on a ticket that nobody decided on: once by itself
    assert [(source.name, name) for source in views for name in keyless(source.tree, creating)] == []
    assert keyless(ast.parse("take_ticket(actor=a)"), {"take_ticket"}) == ["take_ticket"]
    assert keyless(ast.parse("with once(key):\n    take_ticket(actor=a)"), {"take_ticket"}) == []


def test_a_planted_service_that_lays_a_row_on_every_click_is_named(tmp_path: Path) -> None:
    planted = tmp_path / "services.py"
    text = "@write(P.X)\ndef note(*, actor):\n    _put()\n\ndef _put():\n    Note.objects.create()\n"

    planted.write_text(text)

    assert laying(Source(planted)) == [("note", False)]
