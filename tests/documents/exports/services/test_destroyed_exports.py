"""The file of an export goes with the act that destroys it: not before its commit, and not never."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from documents.exports.models import ExportFile, ExportState
from documents.exports.services.export_jobs import destroy_export, path_of
from registry.jobs.services import enqueue
from registry.kernel.authority import system_actor
from registry.store.clock import true_now
from registry.store.guard import technical_writes
from tests.documents.exports.services.test_export_jobs import asked, content_of, made
from tests.factories.accounts import lay_cast
from tests.factories.projects import Estate, lay_estate
from tests.factories.trials import last_act

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def estate(transactional_db: None) -> Estate:
    return lay_estate(lay_cast())


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.FILES_DIR = tmp_path
    return tmp_path / "exports"


def expired(estate: Estate) -> ExportFile:
    """An export whose time is over."""
    export = made(asked(estate.cast.district))
    with technical_writes():
        ExportFile.objects.update(expires_at=true_now() - timedelta(minutes=1))
    return export


def test_destruction_that_is_rolled_back_keeps_the_file(estate: Estate, folder: Path) -> None:
    export, actor = expired(estate), system_actor("到期销毁")
    with transaction.atomic():
        destroy_export(actor=actor, export=export, now=true_now())
        assert path_of(export).exists(), "not before the act is committed"
        transaction.set_rollback(True)

    export.refresh_from_db()
    assert (export.state, path_of(export).exists()) == (ExportState.READY, True)
    assert content_of(estate.cast.district.actor, export).startswith(b"PK")

    destroy_export(actor=actor, export=export, now=true_now())
    assert (list(folder.iterdir()), last_act().event) == ([], "export.destroyed")


def test_file_left_by_a_process_killed_after_its_commit_goes_in_the_next_night(estate: Estate, folder: Path) -> None:
    export, actor = expired(estate), system_actor("到期销毁")
    sealed = path_of(export).read_bytes()
    destroy_export(actor=actor, export=export, now=true_now())
    path_of(export).write_bytes(sealed)
    ready = made(asked(estate.cast.district))

    enqueue(actor=actor, kind="exports.destroy", key="night", params={})
    made(export)

    assert [path.name for path in folder.iterdir()] == [ready.number], "and no other file"
