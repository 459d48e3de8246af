"""Basis documents: found from the project, each with what it made, its scans, and the way to revoke it."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.gates.models import BasisDocument
from projects.gates.selectors.documents import documents_of
from projects.gates.services import revoke_document
from registry.kernel.gates import Gate
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import TODAY, Estate, lay_step, on_day


def test_documents_say_what_they_made(story: Estate) -> None:
    lines = documents_of(story.cast.district.actor, story.project)

    assert len(lines) == BasisDocument.objects.filter(project=story.project).count()
    made = {line.steps for line in lines}
    assert any("规划核验" in words and "住宅" in words for words in made)
    assert sum(line.standing for line in lines) == story.project.steps.count()


def test_a_revoked_document_is_marked(story: Estate) -> None:
    document = BasisDocument.objects.filter(project=story.project).order_by("-issued_on", "-id").first()
    with on_day(TODAY):
        revoke_document(
            actor=story.cast.district.actor, document=document, revoked_on=date(2022, 3, 1), reason="依据有误"
        )

    (line,) = [one for one in documents_of(story.cast.district.actor, story.project) if one.document == document]
    assert (line.standing, line.is_revoked) == (0, True)


def test_the_way_from_the_project_to_the_scan_and_to_revoking(story: Estate, tmp_path, settings) -> None:
    settings.FILES_DIR = tmp_path
    client = sign_in(story.cast.district)
    listing = reverse("gates:documents", args=[story.project.code])
    assert listing in client.get(reverse("ledger:project", args=[story.project.code])).content.decode()
    document = documents_of(story.cast.district.actor, story.project)[0].document
    address = reverse("gates:document", args=[document.pk])
    assert address in client.get(listing).content.decode()

    add = reverse("attachments:add", args=["gates_basisdocument", document.pk])
    client.post(f"{add}?next={address}", {"uploads": SimpleUploadedFile("复函.pdf", b"%PDF-1.7")})
    page = client.get(address).content.decode()

    assert "复函.pdf" in page
    assert reverse("gates:revoke", args=[document.pk]) in page
    assert documents_of(story.cast.district.actor, story.project)[0].files == 1


def test_who_may_not_revoke_is_not_shown_the_way(story: Estate) -> None:
    document = documents_of(story.cast.district.actor, story.project)[0].document
    page = sign_in(story.cast.developer).get(reverse("gates:document", args=[document.pk])).content.decode()

    assert document.number in page
    assert reverse("gates:revoke", args=[document.pk]) not in page
    assert sign_in(story.cast.strange_district).get(reverse("gates:document", args=[document.pk])).status_code == 404


def test_the_list_asks_six_times_whatever_its_size(story: Estate) -> None:
    client = sign_in(story.cast.district)
    address = reverse("gates:documents", args=[story.project.code])
    client.get(address)
    with assert_asks(6):
        client.get(address)
    lay_step(story, Gate.FIRE, date(2022, 1, 4))
    with assert_asks(6):
        client.get(address)
