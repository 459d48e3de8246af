"""延期批复、复函: that the day of a promise was moved, from when to when, on what terms."""

from datetime import date
from typing import ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot, in_one_sentence

DURING: Final = "延期期间，现场检查和逐级督促继续进行。"
AFTER: Final = "届时仍未完成的，按逐级督促程序办理。"
UNTOUCHED: Final = "本文不影响已办结的环节和已发证的住宅。"


class ExtensionReply(Kind):
    """The answer to who asked for a later day. A government answers its township by 批复, any other organ by 复函.

    Source: words §5.3, 11; practice §3.4.
    """

    code: ClassVar[str] = "extension_reply"
    label: ClassVar[str] = "延期批复"
    template: ClassVar[str] = "papers/kinds/extension_reply.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    has_red_head: ClassVar[bool] = True
    archive: ClassVar[str] = "30年"

    @classmethod
    def snapshot(
        cls,
        *,
        project: str,
        recipient: str,
        letter: str,
        letter_number: str,
        ordinal: int,
        what: str,
        old: date,
        new: date,
        reason: str,
        request: str,
        is_superior: bool,
        terms: str,
        cc: str,
    ) -> Snapshot:
        """Return the reply as primitives; `request` is the 文号 of what is answered."""
        kind = "批复" if is_superior else "复函"
        return {
            "title": f"关于同意{project}承诺事项延期的{kind}",
            "keep": [project, "承诺事项"],
            "organ": "",
            "marks": [],
            "to": recipient,
            "project": project,
            "letter": letter,
            "letter_number": letter_number,
            "ordinal": ordinal,
            "what": what,
            "old": old.isoformat(),
            "new": new.isoformat(),
            "reason": in_one_sentence(reason),
            "request": request,
            "asked": "请示" if is_superior else "来函",
            "answered": "批复" if is_superior else "函复",
            "addressed": "你单位" if is_superior else "贵单位",
            "closing": "此复。" if is_superior else "特此函复。",
            "during": DURING,
            "terms": f"{said}。" if (said := in_one_sentence(terms)) else "",
            "after": AFTER,
            "untouched": UNTOUCHED,
            "attachments": [],
            "contact": {"person": "", "phone": ""},
            "cc": cc,
        }
