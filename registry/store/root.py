"""The project as those below the ledger see it: the one tenant model whose own row decides its scope."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from registry.kernel.authority import Actor
from registry.store.locks import lock_where
from registry.store.scoping import TenantModel


def project_model() -> Any:
    """Return the model at the root of tenancy; raises LookupError if the ledger isn't installed."""
    for model in apps.get_models():
        if issubclass(model, TenantModel) and model.scope_path == "":
            return model
    raise LookupError("no tenant model is its own root")


def project_by_key_unscoped(key: int) -> models.Model | None:
    """Return a project by key, whoever may see it: the caller checks the reach. One query."""
    project: models.Model | None = project_model().objects.filter(pk=key).first()
    return project


def lock_project_row(key: int) -> None:
    """Lock a project by key until the transaction ends, before what hangs on it is read. One query."""
    lock_where(project_model(), pk=key)


def project_by_code_unscoped(code: str) -> models.Model | None:
    """Return a project by its number, whoever may see it: the caller checks the reach. One query."""
    project: models.Model | None = project_model().objects.filter(code=code.strip()).first()
    return project


def visible_projects(actor: Actor, keys: Iterable[int]) -> set[int]:
    """Keep the keys of projects that the actor may see. One query."""
    return set(project_model().objects.visible_to(actor).filter(pk__in=list(keys)).values_list("pk", flat=True))


def district_of(project: models.Model) -> str:
    """Return the code of the district in which a project lies."""
    return str(project.district_code)  # type: ignore[attr-defined]
