"""Models: tenancy, the direction of foreign keys, personal fields, and constraints named as sentences."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel
from tests.architecture.source import APPS, app_order

OWN = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_config.name in APPS]
GUARDED = [m for m in OWN if issubclass(m, GuardedModel)]
TENANT = [m for m in OWN if issubclass(m, TenantModel)]

# Models that reach a project and are no tenant models, each with the reason.
REACH_A_PROJECT_WITHOUT_SCOPE: dict[str, str] = {
    "casework.Task": "a meeting may set a task on no project; owner, setter and area decide who sees it (tasks_for)",
}

# Column names that hold something about a person wherever they stand.
PERSONAL = ("phone", "identity", "id_number", "holder_name", "owner_name", "caller")


def label(model: type[models.Model]) -> str:
    return model._meta.label


def resolve(model: type[models.Model], path: str) -> type[models.Model]:
    """Follow a lookup path to the model at its end."""
    for part in filter(None, path.split("__")):
        related = model._meta.get_field(part).related_model
        assert isinstance(related, type), f"{label(model)}.{part} is no relation"
        model = related
    return model


@pytest.mark.parametrize("model", TENANT, ids=label)
def test_scope_path_ends_at_the_project(model: type[TenantModel]) -> None:
    assert label(resolve(model, model.scope_path)) == "ledger.Project"


@pytest.mark.parametrize("model", OWN, ids=label)
def test_a_model_that_hangs_on_a_tenant_model_is_one(model: type[models.Model]) -> None:
    reaches = any(
        isinstance(f.related_model, type) and issubclass(f.related_model, TenantModel)
        for f in model._meta.get_fields()
        if isinstance(f, models.ForeignKey | models.OneToOneField)
    )

    if reaches and label(model) not in REACH_A_PROJECT_WITHOUT_SCOPE:
        assert issubclass(model, TenantModel), "give it a scope_path, or a reason in REACH_A_PROJECT_WITHOUT_SCOPE"


@pytest.mark.parametrize("model", OWN, ids=label)
def test_rows_are_guarded(model: type[models.Model]) -> None:
    assert issubclass(model, GuardedModel), "derive from GuardedModel; many-to-many tables are models of their own"


@pytest.mark.parametrize("model", OWN, ids=label)
def test_foreign_keys_point_downwards(model: type[models.Model]) -> None:
    place = app_order()
    here = place[model._meta.app_config.name]
    upwards = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
        and place.get(field.related_model._meta.app_config.name, -1) > here
    ]

    assert upwards == []


@pytest.mark.parametrize("model", OWN, ids=label)
def test_nothing_is_deleted_by_cascade(model: type[models.Model]) -> None:
    cascading = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField)
        and field.remote_field.on_delete in (models.CASCADE, models.SET_NULL)
    ]

    assert cascading == []


@pytest.mark.parametrize("model", GUARDED, ids=label)
def test_personal_fields_are_fields_of_the_model(model: type[GuardedModel]) -> None:
    for name in model.personal_fields:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            pytest.fail(f"{label(model)} names the personal field {name}, which it hasn't")


@pytest.mark.parametrize("model", GUARDED, ids=label)
def test_columns_about_persons_are_named_as_personal(model: type[GuardedModel]) -> None:
    columns = {
        field.name
        for field in model._meta.concrete_fields
        if not field.is_relation
        and not field.name.endswith("_kind")
        and (any(part in field.name for part in PERSONAL) or _is_encrypted(field))
    }

    assert columns - set(model.personal_fields) == set()


def _is_encrypted(field: models.Field) -> bool:  # type: ignore[type-arg]
    return type(field).__name__ == "EncryptedField"


@pytest.mark.parametrize("model", OWN, ids=label)
def test_constraints_are_named_as_sentences(model: type[models.Model]) -> None:
    unnamed = [c.name for c in model._meta.constraints if "_" not in c.name or c.name != c.name.lower()]

    assert unnamed == []
    assert model._meta.unique_together in ((), []), "use a UniqueConstraint with a name"


def test_labels_are_those_of_the_folders() -> None:
    wrong = [c.name for c in apps.get_app_configs() if c.name in APPS and c.label != c.name.rsplit(".", 1)[-1]]

    assert wrong == []
