"""No service without a door: each is reached by a page, a command, a job, a proposal or a list; most by a page.

`end_pause` was called by a rule alone, so a pause decided by a person stood for good: that another service uses a
service is not enough. What people decide has a page; what has none is part of another act, and says of which.
"""

import ast

from registry.store.acts import WRITES
from tests.architecture.references import References, references
from tests.architecture.source import sources
from tests.architecture.test_writes import SERVICES

DOORS = ("urls", "commands", "jobs", "approvals", "lists", "apps", "middleware")  # apps: what ready() hands over
PAGES = ("views", "approvals", "lists", "reference")

# Services that no page, proposal or list calls, with what carries them out.
WITHOUT_A_PAGE = {
    "archive_portion": "the job of a batch that was asked for on a page",
    "finish_batch": "as archive_portion",
    "lay_batch": "as archive_portion",
    "number_portion": "as archive_portion",
    "apply_ladder": "a rule of each day: what falls due is put on a desk",
    "apply_lapse_rule": "a rule of each day, and of each act that turns a key",
    "create_first_admins": "the command that starts an installation: nobody can sign in yet",
    "destroy_export": "the nightly job: a file past its time",
    "expire_session": "the nightly job: an upload past its time",
    "finish_export": "the job of an export that was asked for on a page",
    "keep_exposure": "the nightly job that counts what is promised and open",
    "keep_count": "the job that counts open months of a large ledger",
    "keep_run": "the worker: a run of a schedule, made or not",
    "keep_leverage": "the nightly job that ranks blockers",
    "close_list_session": "part of carrying out a list, which is several acts",
    "note_copy": "part of handing out a marked copy",
    "note_list_undone": "part of taking back a list, which is several acts",
    "place_units": "part of carrying out a list of homes",
    "note_counted": "the loading of a demo: the command notes what it counted",
    "recount_figures": "the first start with other counting rules: the command counts anew",
    "propose_lifts": "a rule: a policy that came into force meets the blockers of its types",
    "receive_upload": "part of taking an upload, before it is read",
    "decide_setting": "agreeing to a proposal, whose kind stands beside it in the services",
    "record_restore_drill": "the command that tries a backup",
    "record_key_rotation": "the command that rotates keys",
    "propose_anew": "the job that a new name asks for: a page counts anew what is stale",
    "lay_opening_list": "a rule of each day: whom to tell of an open building goes to the township",
    "open_fund_tracks": "a rule of each day: a district's setting that came to hold",
    "return_lapsed_residuals": "a rule of each day: a review that was missed",
    "seek_holders": "the search page asks it by the sources that the apps declare",
    "seal_record": "the first start under a key: `serve` seals what lay there",
    "bind_rows": "every start and every day: `serve` and the daily job take in what was laid without an act",
    "keep_rows_as_they_stand": "the first start with the trail of rows: `serve` keeps what lay there",
    "tell_failed": "the worker: a job of its failed",
    "stage_list_rows": "part of staging a list",
    "stage_import": "part of taking an upload of homes",
    "stage_received": "part of the job that reads an upload",
    "stage_received_rows": "part of the job that reads and tries a list",
    "divide_file": "part of taking a file of several projects",
    "divide_received": "part of the job that reads a file of several projects",
}


def is_of(source_module: str, kinds: tuple[str, ...]) -> bool:
    """Whether a module is of one of these kinds, or lies in a folder of one."""
    return bool(set(source_module.split(".")) & set(kinds))


def doors() -> list[str]:
    """The modules from which the program is entered."""
    return [source.module for source in sources() if is_of(source.module, DOORS) or source.is_in("documents/reference")]


def unreached(product: References, roots: list[str], services: dict[str, str]) -> list[str]:
    """The services (module by name) that no root leads to."""
    reached = product.reached_from(roots)
    return sorted(name for name, module in services.items() if (module, name) not in reached)


def pageless(product: References, services: dict[str, str]) -> set[str]:
    """The services that no page, proposal or list calls by itself."""
    return {
        name
        for name, module in services.items()
        if not any(is_of(user, PAGES) for user, _ in product.users[(module, name)])
    }


def written() -> dict[str, str]:
    """The module of each service of the product."""
    ours = {source.module for source in SERVICES}
    return {name: spec.module for name, spec in WRITES.items() if spec.module in ours}


def test_every_service_is_reached() -> None:
    assert unreached(references(), doors(), written()) == []


def test_what_people_decide_has_a_page() -> None:
    assert pageless(references(), written()) == set(WITHOUT_A_PAGE)


def planted(view: str, urls: str = "from a import views\npaths = [views.page]\n") -> References:
    """A product of one service, `act`, which a rule calls, and whatever else is planted."""
    files = {
        "a.services.acts": "def act():\n    pass\n\n\ndef rule():\n    act()\n",
        "a.services": "from a.services.acts import act, rule\n__all__ = ['act', 'rule']\n",
        "a.jobs": "from a.services import rule\n\n\ndef nightly():\n    rule()\n",
        "a.views": view,
        "a.urls": urls,
    }
    return References((name, ast.parse(text)) for name, text in files.items())


ACT = {"act": "a.services.acts"}


def test_a_service_that_only_a_rule_calls_has_no_page() -> None:
    product = planted("def page():\n    pass\n")

    assert pageless(product, ACT) == {"act"}
    assert unreached(product, ["a.urls", "a.jobs"], ACT) == [], "the job leads to it"
    assert unreached(product, ["a.urls"], ACT) == ["act"]


def test_a_view_without_an_address_leads_nowhere() -> None:
    view = "from a.services import act\n\n\ndef page():\n    pass\n\n\ndef lost():\n    act()\n"

    assert unreached(planted(view), ["a.urls"], ACT) == ["act"]
    assert unreached(planted(view, "from a.views import lost\npaths = [lost]\n"), ["a.urls"], ACT) == []


def test_an_import_alone_is_no_use() -> None:
    product = planted("from a.services import act\n\n\ndef page():\n    pass\n")

    assert pageless(product, ACT) == {"act"}


def test_every_page_of_the_table_is_read() -> None:
    """The folders named above are there: a renamed one would make the test blind."""
    kinds = {part for source in sources() for part in source.module.split(".")}

    assert set(DOORS) | set(PAGES) <= kinds
