"""The page with one form: what it says, what it leaves out, and the key by which a form sent twice is known."""

import re
from typing import Any

from django import forms
from django.test import RequestFactory

from registry.accounts.pages import Aside, FormPage
from tests.web.html import tight


class Reason(forms.Form):
    reason = forms.CharField(label="原因")


class Once(Reason):
    """A form that offers a key of its own."""

    once_key = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.once_key = "k-1"


def shown(page: FormPage, form: forms.Form | None = None, **words: Any) -> str:
    request = RequestFactory().get("/")
    return tight(page.show(request, form or Reason(), **words).content.decode())


def test_a_page_says_what_it_is_for_and_leads_back() -> None:
    html = shown(FormPage("作废", "作废这份", "/papers/", intro="编号不再使用。", note="须另一人同意"))

    assert "<h1>作废</h1>" in html
    assert "编号不再使用。" in html
    assert "须另一人同意" in html
    assert re.findall(r'<button class="btn primary"[^>]*>(.*?)</button>', html) == ["作废这份"]
    assert re.findall(r'<a class="btn quiet" href="([^"]*)"', html) == ["/papers/"]


def test_a_danger_a_preview_and_an_upload_are_said_by_the_form() -> None:
    html = shown(FormPage("作废", "作废", "/", is_danger=True, is_upload=True, preview="预览"))

    assert re.findall(r'<button class="btn (\w*)', html.split('<p class="submit">')[1]) == ["danger"]
    assert 'name="preview" value="1">预览<' in html
    assert 'enctype="multipart/form-data"' in html


def test_a_page_that_only_chooses_carries_neither_token_nor_key() -> None:
    html = shown(FormPage("合并", "下一步", "/", method="get"), Once())

    assert '<form class="form" method="get"' in html
    assert "csrfmiddlewaretoken" not in html
    assert 'name="once"' not in html


def test_the_key_of_a_form_is_sent_with_it_and_only_if_it_has_one() -> None:
    page = FormPage("登记", "登记", "/")

    assert re.findall(r'<input type="hidden" name="once" value="([^"]*)"', shown(page, Once())) == ["k-1"]
    assert 'name="once"' not in shown(page, Reason())


def test_what_stands_beside_a_form_reads_its_own_words() -> None:
    aside = Aside("_components/empty.html", {"text": "交之前再看一遍"})

    assert "交之前再看一遍" in shown(FormPage("记环节", "记", "/", aside=aside))
    assert "交之前再看一遍" not in shown(FormPage("记环节", "记", "/"))


def test_a_refused_form_says_what_is_wrong_under_the_status_given() -> None:
    response = FormPage("作废", "作废", "/").show(RequestFactory().get("/"), Reason({"reason": ""}), status=422)

    assert response.status_code == 422
    assert "未保存。请先更正以下1处" in response.content.decode()
