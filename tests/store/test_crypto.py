"""Sealing: what is sealed opens for its own column with its own key, and for nothing else."""

import hashlib
import hmac
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from registry.store.crypto import (
    NONCE,
    TAG,
    VERSION,
    SealBroken,
    blind_index,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
)
from registry.store.keys import key_ring, make_key_file, rotate

COLUMN = "ledger_holder.identity"


@pytest.fixture(params=["sm4", "aes"])
def suite(request, tmp_path: Path, settings):
    """A key file of its own, of either suite."""
    path = tmp_path / "registry.keys"
    make_key_file(path, request.param)
    settings.KEY_FILE = path
    key_ring.cache_clear()
    yield request.param
    key_ring.cache_clear()


@given(st.text(), st.binary(max_size=2000))
def test_what_is_sealed_opens_as_it_was(text, content):
    assert decrypt(encrypt(text, COLUMN), COLUMN) == text
    assert decrypt_bytes(encrypt_bytes(content, COLUMN), COLUMN) == content


def test_a_sealed_value_names_its_version_and_key_and_hides_its_text(suite):
    sealed = encrypt("110105190101010012", COLUMN)

    assert (sealed[0], int.from_bytes(sealed[1:3], "big")) == (VERSION, 1)
    assert len(sealed) == 3 + NONCE + 18 + TAG
    assert b"110105" not in sealed
    assert encrypt("110105190101010012", COLUMN) != sealed, "a nonce is used once"


def test_a_value_of_another_column_does_not_open(suite):
    with pytest.raises(SealBroken, match="数据被改动，或密钥不对"):
        decrypt(encrypt("张三", COLUMN), "ledger_holder.phone")


@pytest.mark.parametrize("at", [3, 3 + NONCE, -TAG, -1])
def test_a_changed_byte_does_not_open(suite, at):
    sealed = bytearray(encrypt("张三", COLUMN))
    sealed[at] ^= 1

    with pytest.raises(SealBroken, match="数据被改动"):
        decrypt(bytes(sealed), COLUMN)


@pytest.mark.parametrize("sealed", [b"", b"\x01\x00\x01short", b"\x02" + bytes(60)])
def test_what_is_no_sealed_value_is_said_to_be_none(suite, sealed):
    with pytest.raises(SealBroken, match="格式不符"):
        decrypt(sealed, COLUMN)


def test_a_value_of_a_missing_key_asks_for_the_old_key_file(suite, tmp_path, settings):
    settings.KEY_FILE = tmp_path / "registry.keys"
    rotate(settings.KEY_FILE, suite)
    sealed = encrypt("张三", COLUMN)
    (tmp_path / "registry.keys").unlink()
    make_key_file(tmp_path / "registry.keys", suite)
    key_ring.cache_clear()

    with pytest.raises(SealBroken, match="缺少当时的密钥。请把原密钥文件放回"):
        decrypt(sealed, COLUMN)


def test_sm4_is_the_standards_own(tmp_path, settings):
    settings.KEY_FILE = tmp_path / "registry.keys"
    make_key_file(settings.KEY_FILE, "sm4")
    key_ring.cache_clear()
    try:
        sealed, key = encrypt("张三", COLUMN), key_ring().current
        nonce, body = sealed[3 : 3 + NONCE], sealed[3 + NONCE :]
        opener = Cipher(algorithms.SM4(key.column[:16]), modes.GCM(nonce, body[-TAG:])).decryptor()
        opener.authenticate_additional_data(COLUMN.encode())
        assert (opener.update(body[:-TAG]) + opener.finalize()).decode() == "张三"
    finally:
        key_ring.cache_clear()


def test_the_index_is_the_hmac_of_its_suite(suite):
    secret = key_ring().indexing.index
    digest = {"sm4": lambda data=b"": hashlib.new("sm3", data), "aes": "sha256"}[suite]

    expected = hmac.new(secret, b"identity\x00" + b"110105190101010012", digest).digest()[:16]

    assert blind_index("identity", "110105190101010012") == expected


def test_equal_texts_of_a_kind_have_equal_indexes_and_no_others(suite):
    assert blind_index("phone", "19900000001") == blind_index("phone", "19900000001")
    assert blind_index("phone", "19900000001") != blind_index("tail", "19900000001")
    assert blind_index("phone", "19900000001") != blind_index("phone", "19900000002")


def test_rotation_seals_anew_and_still_opens_the_old_and_keeps_the_indexes(suite, settings):
    old, index = encrypt("张三", COLUMN), blind_index("name", "张三")

    ring = rotate(settings.KEY_FILE, suite)
    new = encrypt("张三", COLUMN)

    assert (ring.active, new[1:3]) == (2, b"\x00\x02")
    assert [decrypt(one, COLUMN) for one in (old, new)] == ["张三", "张三"]
    assert blind_index("name", "张三") == index
