"""Nobody reads the wall clock for a day of the ledger: in a demo the ledger's day is not today's."""

import ast

from tests.architecture.source import sources

TRUE = {"true_now", "now", "today", "localtime", "utcnow"}
# Modules that read the true clock, each with what it is for. A day of the ledger is `store.clock.ledger_today`.
ON_TRUE_TIME = {
    "registry.store.clock": "the clock itself",
    "registry.store.drafts": "how long what was typed is kept",
    "registry.store.month": "the order of acts: an act's key, behind the month gate",
    "registry.store.canary": "when a key was proven",
    "registry.audit.services": "anchors",
    "registry.store.applied": "when a migration was applied, which is never tomorrow",
    "registry.accounts.selectors.tokens": "how often a token asks in a minute",
    "registry.accounts.middleware": "how long a session lay idle",
    "registry.accounts.views.sign_in": "how long a sign-in waits",
    "registry.jobs.worker": "the beat of a worker",
    "registry.jobs.services": "leases",
    "registry.jobs.selectors": "leases",
    "registry.jobs.views": "leases",
    "registry.jobs.lease": "leases",
    "registry.web.context": "the form in which the ledger's moment is shown",
    "registry.web.templatetags.registry_tags": "the form in which a moment is shown",
    "registry.web.typed.carried": "how long a form that came without a session may travel",
    "registry.web.typed.views": "the form in which a moment is shown",
    "registry.web.exports": "leases",
    "registry.web.management.commands.serve": "anchors",
    "projects.casework.views.leverage": "the key of a job",
    "documents.intake.views.imports": "leases: how far a reading is",
    "documents.intake.management.commands.load_city_list": "how long the work took",
    "documents.setup.clock": "the shift of a demo is counted from it",
}


def readers(tree: ast.AST) -> set[str]:
    """The names of clocks that a module calls: `true_now()`, `timezone.now()`, `date.today()`."""
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    plain = {node.id for node in called if isinstance(node, ast.Name)} & {"true_now"}
    dotted = {
        node.attr
        for node in called
        if isinstance(node, ast.Attribute)
        and node.attr in TRUE
        and isinstance(node.value, ast.Name)
        and node.value.id in ("timezone", "datetime", "date")
    }
    return plain | dotted


def test_the_true_clock_is_read_for_what_safety_hangs_on_alone() -> None:
    product = {source.module for source in sources() if readers(source.tree)}

    assert product == set(ON_TRUE_TIME)


def test_no_day_of_the_ledger_is_made_of_the_true_clock() -> None:
    made = [
        source.module
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "shanghai_day" and readers(node)
    ]

    assert made == []


def test_a_reader_is_found() -> None:
    assert readers(ast.parse("shanghai_day(true_now())")) == {"true_now"}
    assert readers(ast.parse("timezone.now(), date.today(), datetime.now(UTC)")) == {"now", "today"}
    assert readers(ast.parse("ledger_now(), request.today, act.today")) == set()
