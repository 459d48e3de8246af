"""Fifty damaged files through the page itself: a verdict each, no fault of ours, no row, one record, no number."""

import random
from collections.abc import Iterator
from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.intake.models import ImportSession, StagedRow
from projects.ledger.models import Unit
from registry.audit.models import Act
from registry.kernel.identifiers import synthetic_identity
from tests.documents.intake.reading.files import homes, parts_of, shared, text_file, workbook
from tests.documents.intake.services.lists import LATER
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, on_day

SEED, COUNT, PATIENCE = 11, 50, 20.0


def damaged() -> Iterator[tuple[str, bytes]]:
    """Fifty files: cut, flipped, mixed up, noise; workbooks and text files, the same each time."""
    chance = random.Random(SEED)
    book, text = shared(workbook(homes(5))), text_file(homes(5)).encode("gb18030")
    parts = parts_of(book)
    for n in range(COUNT):
        whole, suffix = (book, ".xlsx") if n % 3 else (text, ".csv")
        made = bytearray(whole)
        match n % 5:
            case 0:
                del made[chance.randrange(1, len(made)) :]
            case 1:
                for _ in range(1 + n):
                    made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
            case 2:
                at = chance.randrange(len(made))
                made[at:at] = chance.randbytes(chance.randrange(1, 600))
            case 3:
                made = bytearray(chance.choice(sorted(parts.values())))
            case 4:
                made = bytearray(chance.randbytes(chance.randrange(1, 4000)))
        yield f"坏{n}{suffix}", bytes(made)


@pytest.mark.django_db
def test_fifty_damaged_files_through_the_page(estate: Estate) -> None:
    client = sign_in(estate.cast.developer)
    units, numbers = Unit.objects.count(), [synthetic_identity(n) for n in range(1, 6)]
    refused = 0

    for at, (name, content) in enumerate(damaged(), start=1):
        acts, started = Act.objects.count(), perf_counter()
        with on_day(LATER):
            answer = client.post(
                f"/documents/imports/{estate.project.code}/new/",
                {"file": SimpleUploadedFile(name, content)},
                follow=True,
            )
        page = answer.content.decode()

        assert answer.status_code == 200, name
        assert perf_counter() - started < PATIENCE, name
        assert Act.objects.count() == acts + 1, f"{name}: one record of each attempt"
        assert ImportSession.objects.count() == at
        assert not any(number in page for number in numbers), name
        session = ImportSession.objects.latest("id")
        assert not any(number in session.message for number in numbers)
        refused += session.state == "refused"

    assert Unit.objects.count() == units
    assert refused >= COUNT // 2
    shown = str(list(StagedRow.objects.values_list("shown", "errors")))
    assert not any(number in shown for number in numbers)
