"""What a line of the log may look like: one line, whatever a stranger put into an address."""

import logging
from typing import Final

# C0 and C1 control characters, and the marks that end a line or turn the direction of writing.
_ESCAPED: Final = {
    code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    for code in (*range(32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


class OneLineFormatter(logging.Formatter):
    """Write control characters of a message as escapes: %0A in an address begins no line of its own.

    Tracebacks keep their lines, each set in by a blank, so that none can pass for an entry.
    """

    def format(self, record: logging.LogRecord) -> str:
        first, *more = super().format(record).split("\n")
        return "\n".join((first.translate(_ESCAPED), *(f" {line.translate(_ESCAPED)}" for line in more)))

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_ESCAPED)
