"""What a killed process left behind is removed."""

import os
import tempfile
import time
from pathlib import Path

from django.conf import settings

from registry.store.scratch import DAY, sweep


def test_temporary_files_of_the_program_lie_in_its_own_folder_for_its_user_alone() -> None:
    with tempfile.NamedTemporaryFile() as file:
        assert Path(file.name).parent == Path(settings.SCRATCH_DIR)
        assert Path(settings.SCRATCH_DIR).is_relative_to(settings.DATA_DIR)
        assert Path(settings.SCRATCH_DIR).stat().st_mode & 0o077 == 0
        assert Path(file.name).stat().st_mode & 0o077 == 0


def test_what_was_left_is_swept_folders_too_and_links_never_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "data").write_text("x")
    folder = tmp_path / "scratch"
    (folder / "intake-1").mkdir(parents=True)
    (folder / "intake-1" / "upload.xlsx").write_text("x")
    (folder / "a.upload").write_text("x")
    (folder / "link").symlink_to(kept)

    assert sweep(folder, now=time.time() + 1) == 3

    assert list(folder.iterdir()) == []
    assert (kept / "data").read_text() == "x"


def test_a_worker_leaves_what_is_young(tmp_path: Path) -> None:
    young, old = tmp_path / "young", tmp_path / "old"
    for path in (young, old):
        path.write_text("x")
    past = time.time() - DAY - 10
    os.utime(old, (past, past))

    assert sweep(tmp_path, now=time.time(), older_than=DAY) == 1

    assert list(tmp_path.iterdir()) == [young]


def test_a_folder_that_is_not_there_is_no_accident(tmp_path: Path) -> None:
    assert sweep(tmp_path / "none", now=time.time()) == 0
