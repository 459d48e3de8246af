"""Uploads with long names, and addresses asked the wrong way."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import load_handler
from django.http import HttpRequest
from django.test import RequestFactory

from registry.web.uploads import UnnamedUploadHandler
from tests.factories.accounts import Cast, sign_in

LARGE = 2_700_000


@pytest.mark.parametrize("name", ["长" * 120 + ".xlsx", "a." + "长" * 120, "长" * 200])
def test_a_large_upload_is_read_under_any_name(name: str, rf: RequestFactory) -> None:
    request = rf.post("/", {"file": SimpleUploadedFile(name, b"x" * LARGE)})

    file: Any = request.FILES["file"]

    assert (file.size, file.name) == (LARGE, name)
    assert file.temporary_file_path().endswith(".upload")
    file.close()


def test_django_s_own_handler_fails_at_such_a_name() -> None:
    handler = load_handler("django.core.files.uploadhandler.TemporaryFileUploadHandler", HttpRequest())

    with pytest.raises(OSError, match="too long"):
        handler.new_file("file", "a." + "长" * 120, "application/octet-stream", LARGE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["/documents/across/units/", "/documents/imports/CY-0001/new/", "/documents/lists/new/projects/"]
)
def test_a_file_announced_too_large_is_refused_before_it_is_read(cast: Cast, page: str) -> None:
    client = sign_in(cast.district)
    form = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(21 * 1024 * 1024)}

    response = client.generic("POST", page, b"--x--", **form)

    assert response.status_code == 413
    assert "文件超过20 MB，没有上传" in response.content.decode()
    assert "data-most" in client.get("/documents/across/units/").content.decode(), "the browser tells it first"


def test_the_handler_is_the_one_in_use(settings: Any) -> None:
    assert settings.FILE_UPLOAD_HANDLERS[-1].endswith(UnnamedUploadHandler.__name__)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address"), [("get", "/sign-out/"), ("get", "/filters/save/"), ("put", "/")])
def test_an_address_asked_the_wrong_way_says_so(cast: Cast, method: str, address: str) -> None:
    response = getattr(sign_in(cast.district), method)(address)

    assert response.status_code == 405
    assert "请从页面上的链接或按钮进入" in response.content.decode()
    assert response["Allow"] in ("POST", "GET")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/projects/a%00b/", "/projects/?q=%00", "/projects/?%00=1"])
def test_nul_in_an_address_or_a_query_is_refused_in_words(cast: Cast, address: str) -> None:
    response = sign_in(cast.district).get(address)

    assert response.status_code == 400
    assert "控制字符" in response.content.decode()


@pytest.mark.django_db
def test_nul_in_a_field_is_refused_in_words(cast: Cast) -> None:
    response = sign_in(cast.district).post("/filters/save/", {"name": "a\0b"})

    assert response.status_code == 400
    assert "控制字符" in response.content.decode()


@pytest.mark.django_db
def test_a_key_larger_than_any_leads_nowhere(cast: Cast) -> None:
    assert sign_in(cast.district).get(f"/approvals/{10**30}/").status_code == 404


@pytest.mark.django_db
def test_a_cursor_of_another_list_says_so(cast: Cast) -> None:
    response = sign_in(cast.district).get("/people/?after=WzFd")

    assert response.status_code == 422
    assert "翻页标记无效" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/projects/", "/reference/gates/blockertype/", "/audit/"])
def test_a_query_longer_than_a_line_of_an_address_is_refused_in_words(cast: Cast, address: str) -> None:
    """SQLite raises at a pattern of 50,000 characters."""
    response = sign_in(cast.city).get(address, {"q": "a" * 9000})

    assert response.status_code == 400
    assert "查询的内容过长" in response.content.decode()
