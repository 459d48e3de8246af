"""The right key file for these data: proven at the start of every process, before anything is sealed with it.

A wrong file that is well formed opens nothing that stands, and what is written under it is lost when the right one
comes back. So the database keeps a known text sealed with each key (`KeyCanary`); a database from before the canary
is proven by a sealed value of its own. `require_right_keys` is called by the web server and the worker,
`refuse_wrong_keys` by every command; `doctor` and `check_ledger` name what is wrong.
"""

from typing import Final

from django.conf import settings
from django.db import connection, models

from registry.store.clock import true_now
from registry.store.crypto import SealBroken, blind_index, decrypt, decrypt_bytes, encrypt
from registry.store.guard import technical_writes
from registry.store.keys import KeyFileError, key_ring
from registry.store.models import KeyCanary

TEXT: Final = "办证难历史遗留项目台账"
COLUMN: Final = "store.canary"
WRONG: Final = (
    "密钥文件{path}不是这个数据库的：{what}。没有启动，也没有写入任何内容。"
    "请放回建库时的密钥文件；用别的密钥写入的内容以后无法读出。"
)
_samples: list[tuple[type[models.Model], str, str]] = []


def declare_sealed_column(model: type[models.Model], column: str, place: str) -> None:
    """Name a sealed column by which a database from before the canary is proven; called once in ready()."""
    if (model, column, place) not in _samples:
        _samples.append((model, column, place))


def wrong_keys() -> str:
    """Say what the key file in use cannot open of these data; nothing if it is the right one. One query or two."""
    return _wrong_keys(_tables())


def _wrong_keys(tables: frozenset[str]) -> str:
    if KeyCanary._meta.db_table not in tables:
        return ""  # before the first migration there is nothing to open
    canaries = list(KeyCanary.objects.order_by("number"))
    return _canaries_unopened(canaries) if canaries else _samples_unopened(tables)


def refuse_wrong_keys() -> None:
    """Raise KeyFileError if the key file in use is not these data's. Writes nothing. One query or two."""
    _refuse_wrong_keys(_tables())


def _refuse_wrong_keys(tables: frozenset[str]) -> None:
    what = _wrong_keys(tables)
    if what:
        raise KeyFileError(WRONG.format(path=_path(), what=what), code="wrong_key")


def require_right_keys() -> None:
    """Refuse a key file that is not these data's, and seal a canary for each key that has none.

    Raises KeyFileError. Two queries, three when a key is new.
    """
    tables = _tables()
    _refuse_wrong_keys(tables)
    _place_canaries(tables)


def place_canaries() -> None:
    """Seal the known text with each key of the ring that has no canary yet."""
    _place_canaries(_tables())


def _tables() -> frozenset[str]:
    return frozenset(connection.introspection.table_names())


def _place_canaries(tables: frozenset[str]) -> None:
    if KeyCanary._meta.db_table not in tables:
        return
    known = set(KeyCanary.objects.values_list("number", flat=True))
    with technical_writes():
        for number in sorted(key_ring().keys.keys() - known):
            KeyCanary.objects.get_or_create(
                number=number,
                defaults={
                    "sealed": encrypt(TEXT, COLUMN, number=number),
                    "indexed": blind_index(COLUMN, TEXT),
                    "made_at": true_now(),
                },
            )


def _canaries_unopened(canaries: list[KeyCanary]) -> str:
    for canary in canaries:
        try:
            is_ours = decrypt(canary.sealed, COLUMN) == TEXT and bytes(canary.indexed) == blind_index(COLUMN, TEXT)
        except SealBroken:
            is_ours = False
        if not is_ours:
            return f"第{canary.number}号密钥打不开库里的校验内容"
    return ""


def _samples_unopened(there: frozenset[str]) -> str:
    for model, column, place in _samples:
        if model._meta.db_table not in there:
            continue
        rows = model._base_manager.filter(**{f"{column}__isnull": False}).order_by("pk")
        sealed = rows.values_list(column, flat=True).first()
        try:
            if sealed is not None:
                decrypt_bytes(sealed, place)
        except SealBroken:
            return "打不开库里已有的个人信息"
    return ""


def _path() -> str:
    return str(settings.KEY_FILE)
