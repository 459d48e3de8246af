"""Sealing personal data: SM4-GCM (or AES-256-GCM) columns, keyed blind indexes for exact search.

A sealed value is: version byte, key number (2 bytes), nonce (12 bytes), ciphertext with its 16-byte tag. The name of
the column is authenticated with it, so that a value can't be moved to another column.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.kernel.errors import DomainError
from registry.store.keys import Key, key_numbered, key_ring

VERSION = 1
NONCE = 12
TAG = 16
INDEX_BYTES = 16


class SealBroken(DomainError):
    """A sealed value can't be opened: another key, another column, or damage."""


def encrypt(text: str, column: str, *, number: int | None = None) -> bytes:
    """Seal a text for a column, with the key in use or the one of a number."""
    return encrypt_bytes(text.encode(), column, number=number)


def encrypt_all(texts: Sequence[str], column: str) -> list[bytes]:
    """Seal texts for one column with the key in use: what many seals have in common is made once."""
    key, associated = key_ring().current, column.encode()
    head, drawn = bytes((VERSION,)) + key.number.to_bytes(2, "big"), secrets.token_bytes(NONCE * len(texts))
    nonces = (drawn[start : start + NONCE] for start in range(0, len(drawn), NONCE))
    return [
        head + nonce + _seal(key, nonce, text.encode(), associated) for nonce, text in zip(nonces, texts, strict=True)
    ]


def decrypt(sealed: bytes | memoryview, column: str) -> str:
    """Open a sealed text; raises SealBroken."""
    return decrypt_bytes(sealed, column).decode()


def encrypt_bytes(content: bytes, column: str, *, number: int | None = None) -> bytes:
    """Seal the content of a file for its place."""
    ring = key_ring()
    key = ring.current if number is None else ring.keys[number]
    nonce = secrets.token_bytes(NONCE)
    return bytes((VERSION,)) + key.number.to_bytes(2, "big") + nonce + _seal(key, nonce, content, column.encode())


def decrypt_bytes(sealed: bytes | memoryview, column: str) -> bytes:
    """Open a sealed value; raises SealBroken."""
    data = bytes(sealed)
    if len(data) < 3 + NONCE + TAG or data[0] != VERSION:
        raise SealBroken("个人信息无法解密：格式不符。请联系系统管理员核对备份。")
    key = key_numbered(int.from_bytes(data[1:3], "big"))
    if key is None:
        raise SealBroken("个人信息无法解密：缺少当时的密钥。请把原密钥文件放回。")
    nonce, body = data[3 : 3 + NONCE], data[3 + NONCE :]
    try:
        return _open(key, nonce, body, column.encode())
    except InvalidTag as error:
        raise SealBroken("个人信息无法解密：数据被改动，或密钥不对。") from error


def _seal(key: Key, nonce: bytes, text: bytes, column: bytes) -> bytes:
    if key.suite == "aes":
        return _aes(key).encrypt(nonce, text, column)
    encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(column)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _open(key: Key, nonce: bytes, body: bytes, column: bytes) -> bytes:
    if key.suite == "aes":
        return _aes(key).decrypt(nonce, body, column)
    decryptor = Cipher(_sm4(key), modes.GCM(nonce, body[-TAG:])).decryptor()
    decryptor.authenticate_additional_data(column)
    return decryptor.update(body[:-TAG]) + decryptor.finalize()


@lru_cache(maxsize=8)
def _sm4(key: Key) -> algorithms.SM4:
    return algorithms.SM4(key.column[:16])


@lru_cache(maxsize=8)
def _aes(key: Key) -> AESGCM:
    return AESGCM(key.column)


def blind_index(kind: str, text: str) -> bytes:
    """Return the keyed index of a normalised text: equal texts of a kind, equal indexes; 16 bytes."""
    key = key_ring().indexing
    digest = "sha256" if key.suite == "aes" else "sm3"
    return _hmac(key.index, digest, f"{kind}\0{text}".encode())[:INDEX_BYTES]


def keyed_digest(kind: str, text: str) -> str:
    """Return the seal of a text of a kind: nobody makes it without the key file. 64 hexadecimal digits.

    It is made with the key of the indexes, which stays when keys are rotated: a seal holds for good.
    """
    key = key_ring().indexing
    digest = "sha256" if key.suite == "aes" else "sm3"
    return _hmac(key.index, digest, f"seal\0{kind}\0{text}".encode()).hex()


def _hmac(secret: bytes, digest: str, message: bytes) -> bytes:
    if digest == "sha256":
        return hmac.digest(secret, message, "sha256")
    inner, outer = _pads(secret)
    first = inner.copy()
    first.update(message)
    last = outer.copy()
    last.update(first.digest())
    return last.digest()


@lru_cache(maxsize=8)
def _pads(secret: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    block = secret.ljust(64, b"\0")
    inner, outer = hashlib.new("sm3"), hashlib.new("sm3")
    inner.update(bytes(byte ^ 0x36 for byte in block))
    outer.update(bytes(byte ^ 0x5C for byte in block))
    return inner, outer
