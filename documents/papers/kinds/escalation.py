"""催办函, 督办通知, 通报, 约谈通知: the papers of the ladder, in letter form between organs; one class a paper."""

from datetime import date
from typing import ClassVar

from documents.papers.kinds.base import Kind, Snapshot, in_one_sentence


class EscalationNotice(Kind):
    """What the four papers share: which promise, its due date of then and of now, how late, what is asked, by when."""

    template: ClassVar[str] = "papers/kinds/escalation.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    has_red_head: ClassVar[bool] = True
    archive: ClassVar[str] = "30年"
    heading: ClassVar[str]
    addressed: ClassVar[str] = "你单位"  # notices and circulars; a letter says 贵单位
    lead: ClassVar[str]
    closing: ClassVar[str]

    @classmethod
    def snapshot(
        cls,
        *,
        project: str,
        organ: str,
        recipient: str,
        issued_on: date,
        letter: str,
        signed_on: date,
        ordinal: int,
        end_state: str,
        place: str,
        proof: str,
        due_on: date,
        original_due_on: date,
        late: int,
        state: str,
        earlier: list[str],
        text: str,
        reply_by: date,
        meeting_place: str,
        times: int,
        cc: str,
    ) -> Snapshot:
        """Return the paper as primitives."""
        nth = "再次" if times > 1 else ""
        return {
            "title": cls.heading.format(project=project, letter=letter, nth=nth),
            "keep": [project, "承诺事项"],
            "organ": organ,
            "marks": [],
            "to": recipient,
            "issued_on": issued_on.isoformat(),
            "letter": letter,
            "project": project,
            "signed_on": signed_on.isoformat(),
            "ordinal": ordinal,
            "end_state": end_state,
            "place": place,
            "proof": proof,
            "due_on": due_on.isoformat(),
            "original_due_on": original_due_on.isoformat(),
            "late": late,
            "left": -late,
            "state": state,
            "earlier": list(earlier),
            "addressed": cls.addressed,
            "lead": cls.lead.format(nth=nth),
            "text": f"{in_one_sentence(text)}。",
            "reply_by": reply_by.isoformat(),
            "meeting_place": meeting_place,
            "closing": cls.closing,
            "attachments": [],
            "contact": {"person": "", "phone": ""},
            "cc": cc,
        }


class UrgingLetter(EscalationNotice):
    """The task force's reminder before the due date."""

    code: ClassVar[str] = "urging"
    label: ClassVar[str] = "催办函"
    addressed: ClassVar[str] = "贵单位"
    heading: ClassVar[str] = "关于{nth}商请加快落实{project}政府承诺事项的函"
    lead: ClassVar[str] = "现就有关事项{nth}函告如下："
    closing: ClassVar[str] = "请予支持并函复。专此函达。"


class SupervisionNotice(EscalationNotice):
    """The supervision office's notice once the due date has passed."""

    code: ClassVar[str] = "supervision"
    label: ClassVar[str] = "督办通知"
    heading: ClassVar[str] = "关于督办{project}逾期承诺事项的通知"
    lead: ClassVar[str] = "该事项已逾期，至今未通过核验，现予督办："
    closing: ClassVar[str] = "特此通知。"


class Circular(EscalationNotice):
    """The government office's circular about a promise still not kept."""

    code: ClassVar[str] = "circular"
    label: ClassVar[str] = "通报"
    heading: ClassVar[str] = "关于{project}政府承诺事项逾期未完成情况的通报"
    lead: ClassVar[str] = "该事项至今未通过核验，现予通报，并提出如下要求："
    closing: ClassVar[str] = "特此通报。"


class SummonsNotice(EscalationNotice):
    """The notice of an interview by a leader of the district."""

    code: ClassVar[str] = "summons"
    label: ClassVar[str] = "约谈通知"
    heading: ClassVar[str] = "关于就{project}政府承诺事项逾期问题开展约谈的通知"
    lead: ClassVar[str] = "该事项至今未通过核验，现就以下内容约谈你单位主要负责人："
    closing: ClassVar[str] = "请准时参加，并携带书面情况说明。"
