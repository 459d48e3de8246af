"""What the web server refuses before Django sees it is said in Chinese, with the server's own status."""

import pytest
from gunicorn import util

from registry.web.worker_of_web import OTHERWISE, SAID, _Client


class Connection:
    """As much of a socket as the server writes its refusals to."""

    def __init__(self) -> None:
        self.sent = b""

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, answer: bytes) -> None:
        self.sent += answer


@pytest.mark.parametrize("status", [400, 403, 414, 417, 431, 500, 501])
def test_the_status_stays_and_the_words_are_ours(status: int) -> None:
    connection = Connection()

    util.write_error(_Client(connection), status, "Bad Request", "Invalid HTTP Header: 'X'")

    head, _, page = connection.sent.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} Bad Request\r\n".encode())
    assert f"Content-Length: {len(page)}".encode() in head.split(b"\r\n")
    assert SAID.get(str(status), OTHERWISE) in page.decode()
    assert b"Invalid" not in page


def test_the_server_alone_writes_english() -> None:
    """Negative control: what gunicorn writes by itself."""
    connection = Connection()

    util.write_error(connection, 414, "URI Too Long", "Request Line is too large")

    assert b"Request Line is too large" in connection.sent
