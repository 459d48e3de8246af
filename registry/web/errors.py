"""Error pages, in Chinese: what happened, and how to go on. What isn't there and what isn't yours look alike."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from registry.store.disk import SAID as DISK_FULL
from registry.web.typed.carried import keep_untrusted
from registry.web.uploads import UploadTooLarge

NOT_FOUND = "未找到这个页面或这条记录。请核对编号，或从列表进入。"
NOT_ALLOWED = "没有办理这件事的权限。请由有权的单位办理，或联系系统管理员。"
BAD_REQUEST = "请求的内容有误，没有处理。请返回上一页重新填写。"
NOT_THIS_WAY = "这个地址不能直接打开，也不接受这种提交。请从页面上的链接或按钮进入。"
QUERY_TOO_LONG = "查询的内容过长，没有处理。请缩短查询词，或少选几个条件再查。"
CONTROL_CHARACTER = "提交的内容里有看不见的控制字符，没有处理。请清空该栏，用键盘重新录入。"
FORM_EXPIRED = "页面停留时间过长或登录已失效，未保存。请返回上一页，刷新后重新提交。"
BROKEN = "系统出错，未保存，已记入日志。请稍后重试；再次出错的，请将出错时间告知系统管理员。"


def bad_request(request: HttpRequest, exception: Any = None, message: str = BAD_REQUEST) -> HttpResponse:
    """400; a file that is too large is told so."""
    if isinstance(exception, UploadTooLarge):
        return _page(request, "errors/400.html", str(exception), 413)
    return _page(request, "errors/400.html", message, 400)


def permission_denied(request: HttpRequest, exception: Any = None, message: str = NOT_ALLOWED) -> HttpResponse:
    """403."""
    return _page(request, "errors/403.html", message, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: the same page for what doesn't exist and for what is out of reach."""
    return _page(request, "errors/404.html", NOT_FOUND, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, because whatever broke may break again."""
    return HttpResponse(render_to_string("errors/500.html", {"title": "出错", "message": BROKEN}), status=500)


def disk_full() -> HttpResponse:
    """507: rendered without the request, because nothing can be written."""
    return HttpResponse(render_to_string("errors/507.html", {"title": "磁盘已满", "message": DISK_FULL}), status=507)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: an address that is opened, or only sent to, was asked the other way."""
    response = _page(request, "errors/405.html", NOT_THIS_WAY, 405)
    response.headers["Allow"] = allowed
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that is too old, or not ours; what a person typed into their own form is kept all the same."""
    if answer := keep_untrusted(request):
        return answer
    return _page(request, "errors/csrf.html", FORM_EXPIRED, 403)


def _page(request: HttpRequest, template: str, message: str, status: int) -> HttpResponse:
    titles = {400: "请求有误", 413: "文件过大", 403: "没有权限", 404: "未找到", 405: "不能这样打开"}
    return render(request, template, {"title": titles[status], "message": message, "status": status}, status=status)
