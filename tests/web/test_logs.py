"""A line of the log is one line, whatever a stranger sends."""

import logging
import sys

import pytest

from registry.web.logs import OneLineFormatter

FORMAT = "%(levelname)s %(name)s %(message)s"


def line(message: str, *args: object, **more: object) -> str:
    return OneLineFormatter(FORMAT).format(
        logging.LogRecord("registry", logging.WARNING, __file__, 1, message, args, more.get("exc_info"))  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("/a\nERROR forged", "/a\\x0aERROR forged"), ("/\r\nx", "/\\x0d\\x0ax"), ("\x1b[31m", "\\x1b[31m"),
     ("\u2028x", "\\u2028x"), ("\u202eabc", "\\u202eabc"), ("/项目/周庄", "/项目/周庄")],
)  # fmt: skip
def test_control_characters_are_written_as_escapes(sent: str, shown: str) -> None:
    assert line("Not Found: %s", sent) == f"WARNING registry Not Found: {shown}"


def test_a_traceback_keeps_its_lines_set_in_and_its_text_forges_none() -> None:
    try:
        raise ValueError("x\nERROR forged")
    except ValueError:
        first, *more = line("broken %s", "a\nb", exc_info=sys.exc_info()).split("\n")

    assert first == "WARNING registry broken a\\x0ab"
    assert all(text.startswith(" ") for text in more)
    assert "ValueError: x" in more[-2]


def test_the_settings_use_it(settings: object) -> None:
    formatters = settings.LOGGING["formatters"]  # type: ignore[attr-defined]
    assert formatters["line"]["()"] == "registry.web.logs.OneLineFormatter"
