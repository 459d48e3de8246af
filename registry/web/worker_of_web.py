"""The web server's own refusals in Chinese: requests that are no HTTP, or too long, never reach Django."""

from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

SAID: Final = {
    "403": "这个请求没有权限，没有处理。请从首页进入。",
    "414": "网址过长，没有处理。请缩短查询词，或少选几个条件再查。",
    "417": "浏览器发来的请求不受支持，没有处理。请换一个浏览器再试。",
    "431": "浏览器发来的请求头过长，没有处理。请清除本站的 Cookie，再从首页进入。",
    "501": "浏览器发来的请求不受支持，没有处理。请换一个浏览器再试。",
}
OTHERWISE: Final = "请求不完整或不合规，没有处理。请返回首页重新进入；多次出现请告诉系统管理员。"
PAGE: Final = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>请求有误</title></head>'
    '<body><h1>请求有误</h1><p>{}</p><p><a href="/">返回首页</a></p></body></html>'
)


def in_chinese(answer: bytes) -> bytes:
    """Return an answer of the server's own with our page in place of its English one; the status stays."""
    status_line = answer.split(b"\r\n", 1)[0].decode("latin1")
    page = PAGE.format(SAID.get(status_line.split(" ")[1], OTHERWISE)).encode()
    head = (
        f"{status_line}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    return head.encode("latin1") + page


class _Client:
    """A connection whose one answer is the server's own."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def sendall(self, answer: bytes) -> None:
        """Send our page in place of the server's."""
        self._connection.sendall(in_chinese(answer))


class Worker(ThreadWorker):
    """Serves as gunicorn's threads do, and answers what it refuses in the words of the office."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a request that could not be read."""
        super().handle_error(req, _Client(client), addr, exc)
