"""The key file: made once, readable by its owner alone, never made anew over sealed data."""

import json
import logging
import stat
from pathlib import Path

import pytest

from registry.store.canary import place_canaries
from registry.store.keys import KeyFileError, key_ring, make_key_file, read_key_file, rotate
from tests.factories.projects import lay_estate


@pytest.fixture
def path(tmp_path: Path, settings) -> Path:
    settings.KEY_FILE = tmp_path / "keys" / "registry.keys"
    settings.CRYPTO_SUITE = "sm4"
    key_ring.cache_clear()
    yield settings.KEY_FILE
    key_ring.cache_clear()


@pytest.mark.django_db
def test_the_first_start_makes_the_file_and_warns_to_keep_it(path, caplog):
    with caplog.at_level(logging.WARNING):
        ring = key_ring()

    assert (ring.active, list(ring.keys), ring.current.suite) == (1, [1], "sm4")
    assert (len(ring.current.column), len(ring.current.index)) == (32, 32)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "请另存一份，与数据库备份分开保管" in caplog.text
    assert key_ring() is ring


def test_a_file_that_is_there_is_never_overwritten(path):
    make_key_file(path, "sm4")
    kept = path.read_bytes()

    with pytest.raises(FileExistsError):
        make_key_file(path, "sm4")

    assert path.read_bytes() == kept


def test_sealed_data_without_the_key_file_is_refused_and_no_new_key_made(cast, path):
    lay_estate(cast)
    path.unlink(missing_ok=True)
    key_ring.cache_clear()

    with pytest.raises(KeyFileError, match="请把原密钥文件放回，不要生成新的"):
        key_ring()

    assert not path.exists()


@pytest.mark.django_db
def test_a_key_that_sealed_nothing_but_the_canary_is_not_made_anew(path):
    place_canaries()
    path.unlink()
    key_ring.cache_clear()

    with pytest.raises(KeyFileError, match="请把原密钥文件放回，不要生成新的"):
        key_ring()

    assert not path.exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"active": 1, "keys": [{"number": 1}]}', "\x00"])
def test_a_file_that_cannot_be_read_is_said_so(path, text):
    path.parent.mkdir(parents=True)
    path.write_text(text)

    with pytest.raises(KeyFileError, match="读不出来。请用备份的密钥文件替换"):
        read_key_file(path)


def test_a_missing_file_is_said_so(path):
    with pytest.raises(KeyFileError, match="找不到密钥文件"):
        read_key_file(path)


def test_rotation_adds_a_key_and_keeps_the_first(path):
    make_key_file(path, "sm4")
    first = read_key_file(path)

    ring = rotate(path, "aes")

    assert (list(ring.keys), ring.active, ring.current.suite) == ([1, 2], 2, "aes")
    assert ring.keys[1] == first.keys[1] == ring.indexing
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [load["number"] for load in json.loads(path.read_text())["keys"]] == [1, 2]
    assert sorted(one.name for one in path.parent.iterdir()) == ["registry.keys"]
