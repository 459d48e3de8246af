"""What a person typed into a form and has not sent, and the files chosen for it: sealed, theirs alone, not for long.

No fact of the ledger and no act: technical rows that nobody else's page ever shows. Each is sealed for its person and
its place, so that a row moved to another person or form does not open. A place is the address of a form.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from registry.store.clock import true_now
from registry.store.crypto import SealBroken, decrypt, decrypt_bytes, encrypt, encrypt_bytes
from registry.store.guard import technical_writes
from registry.store.models import FormDraft, HeldFile

KEPT: Final = timedelta(days=7)  # a draft
HELD: Final = timedelta(hours=24)  # a chosen file
MOST: Final = 30  # drafts of one person; the oldest goes first
LONGEST: Final = 400_000  # characters of one form
HEAVIEST: Final = 60_000_000  # bytes of the files held for one person
LONGEST_PLACE: Final = 300
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Typed:
    """What was typed: each field with its values, and when it was kept."""

    fields: Fields
    saved_at: datetime


@dataclass(frozen=True)
class Chosen:
    """A file chosen for a field of a form."""

    field: str
    name: str
    content_type: str
    content: bytes


def keep_draft(*, person_key: int, place: str, fields: Fields) -> datetime | None:
    """Keep what a person typed into the form of a place, in the stead of what was kept. None: more than is kept."""
    text = json.dumps({name: list(values) for name, values in fields.items()}, ensure_ascii=False)
    if len(text) > LONGEST or len(place) > LONGEST_PLACE:
        return None
    now = true_now()
    with technical_writes(), transaction.atomic():
        FormDraft.objects.update_or_create(
            person_key=person_key,
            place=place,
            defaults={
                "sealed": encrypt(text, _column("draft", person_key, place)),
                "saved_at": now,
                "expires_at": now + KEPT,
            },
        )
        own = FormDraft.objects.filter(person_key=person_key).order_by("-saved_at", "-id")
        if surplus := list(own.values_list("pk", flat=True)[MOST:]):
            FormDraft.objects.filter(pk__in=surplus).delete()
    return now


def draft_of(*, person_key: int, place: str) -> Typed | None:
    """Open what a person typed into the form of a place, unless it has expired or does not open. One query."""
    row = FormDraft.objects.filter(person_key=person_key, place=place, expires_at__gt=Now()).first()
    if row is None:
        return None
    try:
        text = decrypt(row.sealed, _column("draft", person_key, place))
    except SealBroken:
        return None
    return Typed(json.loads(text), row.saved_at)


def drop_draft(*, person_key: int, place: str) -> None:
    """Forget what a person typed into the form of a place: it was sent, or is given up. One query."""
    with technical_writes():
        FormDraft.objects.filter(person_key=person_key, place=place).delete()


def hold_files(*, person_key: int, place: str, token: str, files: Iterable[Chosen]) -> None:
    """Hold the files chosen for a form under a token, in the stead of those that it held; past the limit none."""
    chosen = list(files)
    now = true_now()
    with technical_writes(), transaction.atomic():
        own = HeldFile.objects.filter(person_key=person_key)
        own.filter(token=token).delete()
        held = sum(own.values_list("size", flat=True))
        if held + sum(len(file.content) for file in chosen) > HEAVIEST:
            return
        HeldFile.objects.bulk_create(
            HeldFile(
                person_key=person_key,
                token=token,
                ordinal=ordinal,
                sealed=encrypt_bytes(_packed(file), _column("file", person_key, f"{place}#{token}#{ordinal}")),
                size=len(file.content),
                expires_at=now + HELD,
            )
            for ordinal, file in enumerate(chosen)
        )


def held_files(*, person_key: int, place: str, token: str) -> list[Chosen]:
    """Open the files that a person's form holds under a token; what expired or does not open is left out. One query."""
    rows = HeldFile.objects.filter(person_key=person_key, token=token, expires_at__gt=Now()).order_by("ordinal")
    files = []
    for row in rows:
        try:
            packed = decrypt_bytes(row.sealed, _column("file", person_key, f"{place}#{token}#{row.ordinal}"))
        except SealBroken:
            continue
        files.append(_unpacked(packed))
    return files


def let_go(*, person_key: int, token: str) -> None:
    """Forget the files held under a token. One query."""
    with technical_writes():
        HeldFile.objects.filter(person_key=person_key, token=token).delete()


def new_token() -> str:
    """Make the name under which a form holds its files."""
    return secrets.token_urlsafe(24)


def sweep_drafts() -> dict[str, int]:
    """Destroy what has expired, drafts and files."""
    now = true_now()
    with technical_writes(), transaction.atomic():
        drafts, _ = FormDraft.objects.filter(expires_at__lte=now).delete()
        files, _ = HeldFile.objects.filter(expires_at__lte=now).delete()
    return {"drafts": drafts, "files": files}


def _column(what: str, person_key: int, place: str) -> str:
    return f"store_form{what}.sealed:{person_key}:{hashlib.sha256(place.encode()).hexdigest()}"


def _packed(file: Chosen) -> bytes:
    head = json.dumps([file.field, file.name, file.content_type], ensure_ascii=False).encode()
    return len(head).to_bytes(4, "big") + head + file.content


def _unpacked(packed: bytes) -> Chosen:
    end = 4 + int.from_bytes(packed[:4], "big")
    field, name, content_type = json.loads(packed[4:end])
    return Chosen(field, name, content_type, packed[end:])
