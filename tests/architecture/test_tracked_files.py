"""What is committed names no machine, no registry of packages, no secret."""

import re
import zipfile
from pathlib import Path

from tests.architecture.source import ROOT, tracked_files

# Written in two halves, or this file would find itself.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry.np" + "mjs", "deb.deb" + "ian.org", "crates" + ".io",
              "proxy.gol" + "ang.org", "un" + "pkg.com", "jsd" + "elivr", "googlea" + "pis.com"]  # fmt: skip
MACHINES = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt" + "/conda", "pyenv" + "/versions", "C:" + "\\Users"]
BINARY = {".png", ".jpg", ".ico", ".xlsx", ".pdf", ".otf", ".woff2", ".gz", ".zip"}


def hits(patterns: list[str]) -> list[str]:
    """The files and lines that hold one of the texts."""
    wanted = re.compile("|".join(re.escape(text) for text in patterns))
    found = []
    for path in tracked_files():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if wanted.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


def test_no_package_registry_is_named() -> None:
    assert hits(REGISTRIES) == []


def test_no_path_of_a_machine_is_named() -> None:
    assert hits(MACHINES) == []


def test_no_secret_or_data_is_committed() -> None:
    suspicious = {".key", ".keys", ".pem", ".sqlite3", ".p12", ".env"}

    assert [str(p.relative_to(ROOT)) for p in tracked_files() if p.suffix in suspicious or p.name == ".env"] == []


def test_scripts_are_executable() -> None:
    scripts = [p for p in tracked_files() if p.read_bytes()[:2] == b"#!"]

    assert [p.name for p in scripts if p.parent.name == ".ci" and not p.stat().st_mode & 0o100] == []


IDENTITY = re.compile(r"(?<![\w.])\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\w.])")
TELEPHONE = re.compile(r"(?<![\w.+-])1[3-9]\d{9}(?![\w.])")
INVENTED = re.compile(r"110105190[1-3]|199000|190[1-3](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$")
PUBLISHED = {"11010519491231002X": "the example of the standard itself, GB 11643"}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def texts(path: Path) -> str:
    """The text of a file; of a workbook, that of its parts."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "\n".join(
                book.read(name).decode(errors="replace") for name in book.namelist() if name.endswith(".xml")
            )
    return "" if path.suffix in BINARY else path.read_text(encoding="utf-8", errors="replace")


def is_identity(number: str) -> bool:
    """Whether the check digit fits: most runs of 18 digits are something else."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def persons(text: str) -> list[str]:
    """Numbers that could be somebody's."""
    numbers = [found for found in IDENTITY.findall(text) if is_identity(found)] + TELEPHONE.findall(text)
    return [number for number in numbers if not INVENTED.match(number) and number.upper() not in PUBLISHED]


def test_no_number_could_be_a_real_persons() -> None:
    kept = (path for path in tracked_files() if not path.name.startswith("requirements"))
    found = {str(path.relative_to(ROOT)): numbers for path in kept if (numbers := persons(texts(path)))}

    assert found == {}, "identity numbers of region 110105 with births in 1901-1903, telephones 199000xxxxx"


def test_the_search_for_persons_sees_them() -> None:
    assert persons("证件 " + "11010119" + "900307" + "7758，电话 " + "138" + "12345678") == [
        "110101" + "199003077758",
        "138" + "12345678",
    ]
