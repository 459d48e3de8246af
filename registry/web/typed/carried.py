"""A form that was sent when nobody was signed in any more: carried, sealed, over the sign-in by the browser itself.

Nothing of a stranger's is stored. Who signs in gets it back only if the form was shown to the same person.
"""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from registry.accounts.forms import SignInForm
from registry.store.crypto import SealBroken, decrypt_bytes, encrypt_bytes
from registry.store.drafts import Chosen, Fields, hold_files, keep_draft, new_token
from registry.store.once import is_key_of
from registry.web.typed.places import GOING_ON, HELD, ONCE, is_form, is_own, kept_of, place_of

TYPED: Final = "typed"  # the hidden field of the sign-in form
COLUMN: Final = "web.carried"
HEAVIEST: Final = 12_000_000  # bytes of files that travel along
GOOD_FOR: Final = 3600  # seconds
SAID: Final = "登录已结束。请重新登录，已填写的内容随后继续提交。"
TOO_HEAVY: Final = "登录已结束。请重新登录，已填写的内容予以保留；所选文件较大，须重新选择。"


@dataclass(frozen=True)
class Carried:
    """A form on its way: where it was sent, what it said, whether it is sent on by itself."""

    place: str
    fields: Fields
    files: tuple[Chosen, ...]
    is_trusted: bool


def sign_in_first(request: HttpRequest, *, is_trusted: bool) -> HttpResponse:
    """Ask to sign in on the spot; the form comes along, sealed. `is_trusted`: it bore the token of our own page."""
    files = [
        Chosen(name, str(file.name), file.content_type or "", file.read())
        for name, chosen in request.FILES.lists()
        for file in chosen
    ]
    is_heavy = sum(len(file.content) for file in files) > HEAVIEST
    carried = Carried(
        place_of(request.get_full_path()), kept_of(request.POST), () if is_heavy else tuple(files), is_trusted
    )
    context = {
        "form": SignInForm(request),
        "title": "登录",
        "next": request.get_full_path(),
        "typed": _seal(carried),
        "has_admins": True,
        "said": TOO_HEAVY if is_heavy else SAID,
    }
    return render(request, "registration/login.html", context, status=401)


def keep_untrusted(request: HttpRequest) -> HttpResponse | None:
    """Keep a form whose token did not fit: its page was open over a sign-in. Shown again filled in, never sent on.

    None if it is no form of ours, or was not shown to the person who is signed in.
    """
    person = getattr(request, "person", None)
    if not is_form(request):
        return None
    if person is None:
        return sign_in_first(request, is_trusted=False)
    if not is_own(request, person.pk):
        return None
    place = place_of(request.get_full_path())
    keep_draft(person_key=person.pk, place=place, fields=kept_of(request.POST))
    request.session[GOING_ON] = {"place": place, "is_sent_on": False}
    return HttpResponseRedirect(request.get_full_path())


def take_over(*, sealed: str, person_key: int) -> Carried | None:
    """Make what came over a sign-in the draft of who signed in, if it was theirs. None: not theirs, old, or broken."""
    carried = _open(sealed)
    if carried is None or not is_key_of("".join(carried.fields.get(ONCE, ())), person_key):
        return None
    fields = dict(carried.fields)
    if carried.files:
        token = new_token()
        hold_files(person_key=person_key, place=carried.place, token=token, files=carried.files)
        fields[HELD] = [token]
    keep_draft(person_key=person_key, place=carried.place, fields=fields)
    return carried


def uploaded(file: Chosen) -> SimpleUploadedFile:
    """Return a held file as one that was just sent."""
    return SimpleUploadedFile(file.name, file.content, file.content_type)


def _seal(carried: Carried) -> str:
    said = {
        "place": carried.place,
        "fields": {name: list(values) for name, values in carried.fields.items()},
        "files": [
            [file.field, file.name, file.content_type, base64.b64encode(file.content).decode()]
            for file in carried.files
        ],
        "is_trusted": carried.is_trusted,
        "at": int(timezone.now().timestamp()),
    }
    packed = zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 1)
    return base64.b64encode(encrypt_bytes(packed, COLUMN)).decode()


def _open(sealed: str) -> Carried | None:
    try:
        said = json.loads(zlib.decompress(decrypt_bytes(base64.b64decode(sealed, validate=True), COLUMN)))
    except (ValueError, SealBroken, zlib.error):
        return None
    if int(timezone.now().timestamp()) - said["at"] > GOOD_FOR:
        return None
    files = tuple(Chosen(field, name, kind, base64.b64decode(text)) for field, name, kind, text in said["files"])
    return Carried(said["place"], said["fields"], files, said["is_trusted"])
