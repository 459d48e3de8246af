"""Trying a service: by a role without the right, by a stranger, with its record failing, and as it should be.

Each app lists its services as trials; the four answers are the same for all, so they are asked in one place.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from registry.audit.invariants import INVARIANTS
from registry.audit.models import Act
from registry.kernel.authority import Actor, system_actor
from registry.kernel.errors import DomainError, NotFound, PermissionRefused
from registry.store import acts as acts_module
from registry.store.acts import WRITES
from registry.store.once import new_key, once
from tests.factories.laid import Rows, rows_of
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.shown import codes_shown
from tests.factories.sides import watched_rows

OURS = ("registry.", "projects.", "commitments", "documents")
TECHNICAL = ("jobs",)  # leases and beats are written beside the acts
# Called by no form: of a proposal, which is agreed to once, or by a job, which keeps its place.
LAID_AGAIN = {
    "decide_setting", "decide_ladder_rule", "decide_lapse_rule", "set_exposure_cap", "keep_exposure", "keep_leverage",
    "number_portion", "lay_opening_list", "restate_month", "sign_paper",
}  # fmt: skip
Prepared = Callable[[Actor], Any]


@dataclass(frozen=True)
class Trial:
    """One service: the player who may do it, a stranger with the same right, and how to get ready for it.

    `prepare` lays what the act needs and gives the act, which takes the actor alone. No stranger: the act has no
    subject of a project. `answers` counts the acts by which rules answer in the same transaction. `denied` is who lacks
    the right: the auditor, who sees everything and may change nothing; nobody, where every account has it.
    """

    event: str
    by: str
    stranger: str
    prepare: Callable[[Estate], Prepared]
    answers: int = 0
    denied: str = "auditor"


def actor_of(estate: Estate, name: str) -> Actor:
    """The actor of a player, or the system."""
    actor: Actor = system_actor("试") if name == "system" else getattr(estate.cast, name).actor
    return actor


def digest() -> dict[str, Rows]:
    """Every row of the ledger, of what hangs on it, and of the trail, each value as the database keeps it."""
    ours = [app for app in apps.get_app_configs() if app.name.startswith(OURS) and app.label not in TECHNICAL]
    return {model._meta.label: rows_of(model) for app in ours for model in app.get_models()}


def services_of(*modules: str) -> set[str]:
    """The services that write in these packages."""
    return {name for name, spec in WRITES.items() if spec.module.startswith(modules)}


def try_without_the_right(trial: Trial, estate: Estate) -> None:
    """Who lacks the right is refused for that, and nothing is written."""
    act = trial.prepare(estate)
    before = digest()

    with on_day(TODAY), pytest.raises(PermissionRefused, match="没有办理这件事的权限"):
        act(actor_of(estate, trial.denied))

    assert digest() == before


def try_as_a_stranger(trial: Trial, estate: Estate) -> None:
    """A stranger with the same right is told that there is no such thing."""
    act = trial.prepare(estate)
    before = digest()

    with on_day(TODAY), pytest.raises(NotFound, match=r"未找到|不在您的范围内"):
        act(actor_of(estate, trial.stranger))

    assert digest() == before


def try_unrecorded_then_recorded(trial: Trial, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its record the act leaves nothing; with it the same act goes through, as one act of its event, and leaves
    no organisation with work that it cannot see."""
    act, key = trial.prepare(estate), new_key()
    actor = actor_of(estate, trial.by)
    before, acts = digest(), Act.objects.count()
    tried: list[str] = []

    def broken(opened: acts_module.Act) -> None:
        tried.append(opened.service)
        raise RuntimeError("no record")

    with monkeypatch.context() as patched:
        patched.setattr("registry.store.acts._recorders", [broken])
        with on_day(TODAY), pytest.raises(RuntimeError, match="no record"):
            act(actor)
    assert digest() == before

    with on_day(TODAY), watched_rows() as faults, once(key):
        first = act(actor)
    assert faults == []
    assert list(INVARIANTS["I43"].violations(None)) == []
    shown = [said for new in Act.objects.order_by("id")[acts:] for said in codes_shown(new)]
    assert not shown, "\n".join(shown)
    made = Act.objects.filter(event=trial.event).latest("id")
    assert (made.event, made.actor_name, Act.objects.count()) == (trial.event, actor.name, acts + 1 + trial.answers)
    try_again(act, actor, first, key, tried[0])


def try_again(act: Prepared, actor: Actor, first: Any, key: str, service: str) -> None:
    """A form sent twice under its key: the first answer and not a row more; without a key an act more at most."""
    has_key = Act.objects.filter(once_key=key).exists()
    before, again = _rows_counted(with_trail=has_key), first
    with on_day(TODAY), once(key), suppress(*(() if has_key else (DomainError, ObjectDoesNotExist, ValueError))):
        again = act(actor)
    assert (_rows_counted(with_trail=has_key) != before) == (service in LAID_AGAIN), f"{service} laid the same twice"
    if has_key and isinstance(first, models.Model):
        assert again == first


def _rows_counted(*, with_trail: bool) -> dict[str, int]:
    return {label: len(rows) for label, rows in digest().items() if with_trail or not label.startswith("audit.")}


@contextmanager
def refused(message: str, *, code: str = "refused", field: str | None = None) -> Iterator[None]:
    """The act inside is refused with these words, and writes nothing."""
    before = digest()
    with pytest.raises(DomainError, match=message) as caught:
        yield
    assert digest() == before
    assert type(caught.value) not in (NotFound, PermissionRefused)
    assert (caught.value.code, caught.value.field) == (code, field)


def last_act() -> Act:
    """The act recorded last."""
    found: Act = Act.objects.latest("id")
    return found
