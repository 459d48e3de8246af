"""Behind a proxy: the sample of `deploy/` under a real nginx on another loopback address, and what is believed."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axes.models import AccessAttempt
from django.test import Client

from registry.web.proxy import is_proxy
from registry.web.proxy_checks import check_proxy
from tests.factories.accounts import PASSWORD, Cast
from tests.store.test_commands import in_process

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
NAME = "registry.example.gov.cn"
HERE, PROXY = "127.0.0.2", "127.0.0.9"  # where nginx listens, and from where it speaks to the registry
needs_nginx = pytest.mark.skipif(not os.access(NGINX, os.X_OK), reason="needs Debian's nginx: apt-get install nginx")


def free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def behind(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[int]:
    """The registry behind the sample configuration; gives the port of HTTPS."""
    settings.ALLOWED_HOSTS = [NAME, "localhost"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = 1
    settings.PROXY_ADDRESSES = [ip_network(PROXY)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", tmp_path / "private.key", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    plain, secure = free_port(HERE), free_port(HERE)
    sample = (ROOT / "deploy" / "nginx.conf").read_text()
    for sought, put in (
        ("127.0.0.1:8000", live_server.url.removeprefix("http://").replace("localhost", "127.0.0.1")),
        ("listen 80;", f"listen {HERE}:{plain};"),
        ("listen 443 ssl;", f"listen {HERE}:{secure} ssl;"),
        ("/etc/ssl/registry", str(tmp_path)),
        ("proxy_pass http://registry;", f"proxy_pass http://registry; proxy_bind {PROXY};"),
    ):
        assert sought in sample
        sample = sample.replace(sought, put)
    temp = "".join(
        f"{what}_temp_path {tmp_path}/{what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; {temp}\n{sample}\n}}\n"
    )
    process = subprocess.Popen([NGINX, "-e", f"{tmp_path}/error.log", "-p", tmp_path, "-c", config])
    try:
        until_it_listens(secure)
        yield secure
    finally:
        process.terminate()
        process.wait(timeout=10)


def until_it_listens(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection((HERE, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not listen")


class Browser:
    """A browser at an address of its own: it keeps cookies and names its origin."""

    def __init__(self, port: int, address: str, certificate: Path, **forged: str) -> None:
        self.context = ssl.create_default_context(cafile=str(certificate))
        self.port, self.address, self.forged = port, address, forged
        self.cookies: dict[str, str] = {}
        self.marks: Sequence[str] = ()

    def ask(self, method: str, path: str, words: dict[str, str] | None = None) -> tuple[int, str]:
        raw = socket.create_connection((HERE, self.port), timeout=20, source_address=(self.address, 0))
        connection = http.client.HTTPSConnection(NAME, 443, context=self.context)
        connection.sock = self.context.wrap_socket(raw, server_hostname=NAME)
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()), **self.forged}
        if words is not None:
            headers |= {"Origin": f"https://{NAME}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(words) if words else None, headers)
        answer = connection.getresponse()
        self.marks = answer.headers.get_all("Set-Cookie") or ()
        for mark in self.marks:
            key, _, value = mark.partition(";")[0].partition("=")
            self.cookies[key] = value
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def sign_in(self, username: str, password: str) -> int:
        _, page = self.ask("GET", "/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        words = {"username": username, "password": password, "csrfmiddlewaretoken": token[1]}
        return self.ask("POST", "/sign-in/", words)[0]


@needs_nginx
@pytest.mark.django_db(transaction=True)
def test_signing_in_and_locking_out_behind_a_proxy_on_another_host(behind: int, cast: Cast, tmp_path: Path) -> None:
    certificate, person = tmp_path / "fullchain.pem", cast.district.person.username
    first = Browser(behind, "127.0.1.1", certificate)
    assert first.sign_in(person, PASSWORD) == 302
    assert [("Secure" in mark) for mark in first.marks] == [True] * len(first.marks)
    assert "我的工作台" in first.ask("GET", "/")[1]

    guesser = Browser(behind, "127.0.1.7", certificate, **{"X-Forwarded-For": "127.0.1.2", "X-Forwarded-Proto": "http"})
    assert [guesser.sign_in(person, "wrong") for _ in range(5)][-1] == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"127.0.1.7"}, "not what it wrote itself"

    assert Browser(behind, "127.0.1.2", certificate).sign_in(person, PASSWORD) == 302
    assert Browser(behind, "127.0.1.7", certificate).sign_in(person, PASSWORD) == 429


@pytest.mark.django_db
def test_only_the_proxy_is_believed(client: Client, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.TRUSTED_PROXIES, settings.PROXY_ADDRESSES = 1, [ip_network("10.2.0.0/24")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.USE_X_FORWARDED_HOST = True
    said = {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "testserver",
        "HTTP_X_FORWARDED_FOR": "10.9.9.9",
    }

    through = client.get("/healthz", REMOTE_ADDR="10.2.0.7", **said).wsgi_request
    beside = client.get("/healthz", REMOTE_ADDR="10.3.0.7", **said).wsgi_request

    assert (through.is_secure(), through.META["HTTP_X_FORWARDED_FOR"]) == (True, "10.9.9.9")
    assert (beside.is_secure(), [name for name in said if name in beside.META]) == (False, [])
    client.get("/healthz", REMOTE_ADDR="10.3.0.7", **said)
    assert caplog.text.count("10.3.0.7 发来代理转发的地址，但不在 PROXY_ADDRESSES 里") == 1, "said once"


@pytest.mark.parametrize(
    ("peer", "is_one"),
    [("10.2.0.7", True), ("::ffff:10.2.0.7", True), ("10.2.1.7", False), ("::1", False), ("", False), ("unix:", False)],
)
def test_an_address_is_a_proxy_s_by_the_list(peer: str, is_one: bool, settings: Any) -> None:
    settings.PROXY_ADDRESSES = [ip_network("10.2.0.0/24")]

    assert is_proxy(peer) is is_one


TLS = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, {}),
        ({"PROXY_ADDRESSES": [ip_network("0.0.0.0/0")]}, {"信任的代理": "0.0.0.0/0 太宽"}),
        ({"SECURE_PROXY_SSL_HEADER": TLS}, {"来访地址": "前面有代理，但所有人都算作代理的地址"}),
        ({"SESSION_COOKIE_SECURE": True}, {"加密访问": "只许 https，但不读代理转来的协议"}),
        ({"SESSION_COOKIE_SECURE": True, "SECURE_PROXY_SSL_HEADER": TLS, "TRUSTED_PROXIES": 1}, {}),
        ({"ALLOWED_HOSTS": ["x.gov.cn"]}, {"加密访问": "没有加密，只适合本机试用"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"加密访问": "没有加密，只适合本机试用", "访问域名": "任何域名都应答"}),
    ],
)  # fmt: skip
def test_doctor_says_what_of_the_way_here_is_wrong(
    changed: dict[str, Any], said: dict[str, str], settings: Any
) -> None:
    settings.PROXY_ADDRESSES, settings.ALLOWED_HOSTS = [ip_network("127.0.0.1")], ["localhost"]
    for name, value in changed.items():
        setattr(settings, name, value)

    wrong = [line for line in check_proxy() if not line.ok]

    assert {line.label: line.found for line in wrong} == said
    assert all(line.advice.startswith("请") or line.advice.startswith("正式使用请") for line in wrong)


@pytest.mark.once
def test_an_address_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    done = in_process({"DATA_DIR": str(tmp_path), "PROXY_ADDRESSES": "10.2.3.4,proxy"}, "manage.py", "migrate")

    assert done.returncode == 2
    assert done.stderr.startswith("设置 PROXY_ADDRESSES 是“10.2.3.4,proxy”，应为地址或网段")
