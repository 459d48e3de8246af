"""The right key file for these data, proven before anything is sealed with another."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live

from registry.store.canary import place_canaries, require_right_keys, wrong_keys
from registry.store.crypto import decrypt, encrypt
from registry.store.guard import technical_writes
from registry.store.keys import KeyFileError, key_ring, make_key_file, rotate
from registry.store.models import KeyCanary
from registry.store.start import require_right_keys_at_start
from tests.factories.accounts import lay_cast
from tests.factories.projects import lay_estate

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path, settings: Any) -> Any:
    settings.KEY_FILE = tmp_path / "keys" / "registry.keys"
    key_ring.cache_clear()
    make_key_file(settings.KEY_FILE, live.CRYPTO_SUITE)
    yield settings.KEY_FILE
    key_ring.cache_clear()


def replace(path: Path) -> bytes:
    """Put another well-formed key file in its place; return the right one."""
    right = path.read_bytes()
    path.unlink()
    make_key_file(path, live.CRYPTO_SUITE)
    key_ring.cache_clear()
    return right


def test_the_first_start_seals_a_canary_and_the_next_one_finds_it(path: Path) -> None:
    require_right_keys()
    require_right_keys()

    assert list(KeyCanary.objects.values_list("number", flat=True)) == [1]
    assert wrong_keys() == ""


def test_another_key_file_is_refused_and_nothing_is_sealed_with_it(path: Path) -> None:
    require_right_keys()
    right = replace(path)

    with pytest.raises(KeyFileError, match="不是这个数据库的：第1号密钥打不开库里的校验内容") as refusal:
        require_right_keys()

    assert refusal.value.code == "wrong_key"
    assert KeyCanary.objects.count() == 1
    path.write_bytes(right)
    key_ring.cache_clear()
    assert wrong_keys() == ""


def test_data_from_before_the_canary_prove_their_key_by_what_is_sealed(path: Path) -> None:
    lay_estate(lay_cast())
    assert not KeyCanary.objects.exists()
    right = replace(path)

    assert wrong_keys() == "打不开库里已有的个人信息"
    with pytest.raises(KeyFileError, match="打不开库里已有的个人信息"):
        require_right_keys()

    assert not KeyCanary.objects.exists(), "a canary under the wrong key would call it right ever after"
    path.write_bytes(right)
    key_ring.cache_clear()
    require_right_keys()
    assert KeyCanary.objects.count() == 1


def test_without_the_canary_the_wrong_file_passes(path: Path) -> None:
    """The negative control: on an empty database nothing tells one key file from another."""
    require_right_keys()
    replace(path)
    with technical_writes():
        KeyCanary.objects.all().delete()

    assert wrong_keys() == ""


def test_a_file_with_the_same_columns_and_another_index_is_refused(path: Path) -> None:
    import json

    require_right_keys()
    stored = json.loads(path.read_text())
    stored["keys"][0]["index"] = "A" * 43 + "="
    path.write_text(json.dumps(stored))
    key_ring.cache_clear()

    assert wrong_keys() == "第1号密钥打不开库里的校验内容"


def test_rotation_while_another_process_holds_the_old_ring(path: Path) -> None:
    """The worker goes on: it seals with its key, and opens what others sealed with the new one."""
    require_right_keys()
    held = key_ring()
    old = encrypt("甲", "holder.name")
    rotate(path, "aes")
    place_canaries()
    sealed = encrypt("乙", "holder.name")
    key_ring.cache_clear()
    assert held.active == 1

    assert [canary.number for canary in KeyCanary.objects.order_by("number")] == [1, 2]
    assert (old[1:3], sealed[1:3]) == (b"\0\1", b"\0\2")
    assert (decrypt(old, "holder.name"), decrypt(sealed, "holder.name")) == ("甲", "乙")
    assert wrong_keys() == ""


def test_a_ring_read_before_the_rotation_finds_the_new_key_in_the_file(path: Path, monkeypatch: Any) -> None:
    require_right_keys()
    before = path.read_bytes()
    rotate(path, live.CRYPTO_SUITE)
    after = path.read_bytes()
    sealed = encrypt("乙", "holder.name")
    path.write_bytes(before)
    key_ring.cache_clear()
    assert key_ring().active == 1
    path.write_bytes(after)

    assert decrypt(sealed, "holder.name") == "乙"


def test_a_process_with_a_wrong_file_ends_with_a_sentence(path: Path, caplog: Any) -> None:
    require_right_keys()
    replace(path)

    with pytest.raises(SystemExit) as ended:
        require_right_keys_at_start()

    assert ended.value.code == 2
    assert "请放回建库时的密钥文件" in caplog.text
