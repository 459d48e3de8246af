"""Issuing papers: numbered without gaps, rendered from a snapshot, archived sealed, never changed."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.conf import settings

from commitments.models import Instrument
from documents.papers.kinds import BY_CODE, Kind
from documents.papers.kinds.base import Snapshot
from documents.papers.models import DISTRICT, NumberSeries, Paper
from documents.papers.powers import (
    POWERS,
    Check,
    Day,
    PaperRefused,
    Power,
    may_check,
    organ_for,
    require_state,
    require_subject,
)
from documents.papers.selectors.archive import read_pdf
from documents.papers.selectors.drafts import holders_of, recipient_of, require_recipient
from documents.papers.selectors.snapshots import SNAPSHOT
from documents.papers.selectors.wording import words_of
from documents.papers.services.archive import keep
from documents.papers.subjects import Record, Subject, project_of
from documents.render.batch import render_batch
from documents.render.pdf import render_pdf
from projects.ledger.locks import lock_project, lock_unit
from projects.ledger.models import Project, Unit
from registry.accounts.models import Approval, Organisation
from registry.accounts.services.account_lists import PRINTING, make_first_passwords
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, within_act, write
from registry.store.clock import SHANGHAI
from registry.store.crypto import encrypt
from registry.store.locks import lock, lock_one
from registry.store.second import FirstPerson, always, by_row

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@write(Permission.ACCOUNT_APPROVE, second_person=PRINTING)
def print_first_passwords(*, actor: Actor, approval: Approval, address: str) -> bytes:
    """Make the first passwords of a list of accounts and print them, a page a person; neither is kept anywhere.

    One act: if the printing fails, nobody has a password. Refused as `make_first_passwords` says, a second time too.
    """
    today = current_act().today.isoformat()
    pages = [
        {
            "title": "初始密码", "keep": "", "number": "", "heading": "", "issuer": actor.organisation_name, "issued_on": today,
            "made_at": today, "kind": "", "snapshot": "", "verify": None, "name": issued.person.name,
            "organisation": str(issued.person.organisation or ""), "username": issued.person.username,
            "password": issued.first_password, "address": address,
        }
        for issued in make_first_passwords(actor=actor, approval=approval)
    ]  # fmt: skip
    return render_batch("papers/first_password.html", pages).print_file.bytes


@within_act
def next_serial(prefix: str, year: int, count: int = 1) -> tuple[NumberSeries, int]:
    """Take the next number of a series, the first of `count`: the counter moves in the transaction of the papers."""
    NumberSeries.objects.bulk_create([NumberSeries(prefix=prefix, year=year)], ignore_conflicts=True)
    series = lock_one(NumberSeries, prefix=prefix, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return series, first


@write(Permission.DOCUMENT_ISSUE, on="project", once=True)
def issue_paper(
    *,
    actor: Actor,
    project: Project | None,
    kind: str,
    snapshot: Mapping[str, Any],
    issued_on: date,
    addressee_masked: str = "",
    unit: Unit | None = None,
    instrument: Instrument | None = None,
    about: Record | None = None,
) -> Paper:
    """Number, render and archive a paper, under the head and the number of the actor's organisation.

    It is about a home, a letter, a record of what was done, or the project as a whole; without a project it is of the
    organisation's area (minutes, bulletins).

    Refused: what `powers.POWERS` doesn't give to the role, the organisation, the state of the subject, or gives to a
    second person; a subject of another project; another paper in force, where one is; a day that isn't the kind's. The
    number's year is the day's.
    """
    label = BY_CODE[kind].label
    organ = organ_for(actor, kind, label)
    if POWERS[kind].is_checked:
        raise PaperRefused(f"{label}须由另一名人员核稿签发，不能直接出具。请从办理页面送核稿。", code="unchecked")
    return make_paper(
        actor=actor, organ=organ, project=project, kind=kind, snapshot=snapshot, issued_on=issued_on,
        addressee_masked=addressee_masked, unit=unit, instrument=instrument, about=about,
    )  # fmt: skip


@write(Permission.DOCUMENT_ISSUE, on="project", second_person=always("签发文书"))
def sign_paper(
    *,
    actor: Actor,
    project: Project | None,
    kind: str,
    organ: Organisation,
    snapshot: Mapping[str, Any],
    first: FirstPerson | None,
    addressee_masked: str = "",
    about: Record | None = None,
) -> Paper:
    """Number what another person drafted: 核稿签发, or 会签 by the district's task force. Its day is that of the act.

    Refused: who is neither of the issuing organisation nor countersigns, and whatever `issue_paper` refuses.
    """
    if not may_check(actor, kind, organ.pk):
        who = f"{organ}的另一名人员" + ("或区工作专班" if POWERS[kind].check is Check.COUNTERSIGN else "")
        raise PaperRefused(f"{BY_CODE[kind].label}由{who}核稿签发。", code="no_power")
    return make_paper(
        actor=actor, organ=organ, project=project, kind=kind, snapshot=snapshot, issued_on=current_act().today,
        addressee_masked=addressee_masked, about=about, first=first,
    )  # fmt: skip


@within_act
def make_paper(
    *,
    actor: Actor,
    organ: Organisation,
    project: Project | None,
    kind: str,
    snapshot: Mapping[str, Any],
    issued_on: date,
    addressee_masked: str = "",
    unit: Unit | None = None,
    instrument: Instrument | None = None,
    about: Record | None = None,
    first: FirstPerson | None = None,
) -> Paper:
    """Number, render and archive a paper of an organisation; `first` drafted it."""
    act, declared, power = current_act(), BY_CODE[kind], POWERS[kind]
    letter = instrument if power.day is not Day.STATED else None
    subject = _locked(project, unit, letter, about) or instrument or project
    if subject is not None:
        require_subject(kind, declared.label, subject, organ)
        require_state(kind, subject, snapshot, issued_on)
    _require_day(power, subject, issued_on, act.today)
    recipient = recipient_of(holders_of([subject]).get(subject.pk, ())) if isinstance(subject, Unit) else ""
    if isinstance(subject, Unit):
        require_recipient(recipient, declared.label)
    live_key = _require_no_other(declared, power, subject, recipient)
    series, serial, number = _numbered(declared, power, subject, organ, project, issued_on)
    said = words_of(kind, project, organ, on=issued_on)(snapshot)
    headed = declared.headed(said, organ=organ.name, issued_on=issued_on)
    full, digest, code = completed(declared, headed, number)
    rendered = render_pdf(declared.template, full)
    paper: Paper = Paper.objects.create(
        project=project,
        kind=kind,
        series=series,
        serial=serial,
        number=number,
        title=str(headed["title"])[:160],
        addressee_masked=addressee_masked[:120],
        unit=unit,
        area_code="" if project else organ.area_code[:DISTRICT],
        subject_key=row.pk if (row := about or instrument) else None,
        template_version=declared.version,
        snapshot_sealed=sealed(full),
        snapshot_hash=digest,
        pdf_path=keep(rendered.bytes),
        pdf_hash=rendered.sha256,
        fonts=[[font.family, font.sha256] for font in rendered.fonts],
        issued_on=issued_on,
        issued_at=act.recorded_at,
        issuer=organ,
        issued_by_id=actor.person_id,
        drafted_by_id=first.key if first else None,
        live_key=live_key,
        recipient_key=recipient,
        retention=declared.archive,
        code=code,
        act_id=act.id,
    )

    record(
        event="paper.issued",
        subject=paper,
        chain=project.id if project else None,
        facts={
            "kind": declared.label, "number": number, "organ": organ.name, "sha256": rendered.sha256,
            **({"drafted_by": first.name} if first else {}),
        },
        rows=[Row.added(paper, "number", "pdf_hash")],
    )  # fmt: skip
    return paper


def _locked(
    project: Project | None, unit: Unit | None, letter: Instrument | None, record_of: Record | None
) -> Unit | Instrument | Record | None:
    """Lock what the paper is about, after its project, and read it anew; refused if it isn't the project's."""
    if unit is not None:
        current = lock_unit(unit)
        if project is None or current.building.project_id != project.id:
            raise PaperRefused("这一户不在本项目内，没有出具。请从本项目的户页面办理。", field="unit")
        return current
    if project is not None and (letter is not None or record_of is not None):
        lock_project(project.id)
    if letter is not None:
        signed = lock(letter, "issuer")
        if project is None or signed.project_id != project.id:
            raise PaperRefused("这份承诺函不在本项目内，没有出具。请从承诺函页面办理。")
        return signed
    if record_of is not None:
        kept: Record = lock(record_of)
        if project_of(kept) != project:
            raise PaperRefused("所依的记录不在本项目内，没有出具。请从它的页面办理。")
        return kept
    return None


def _require_day(power: Power, subject: Subject | None, issued_on: date, today: date) -> None:
    if isinstance(subject, Instrument) and power.day is Day.SIGNED:
        if issued_on != subject.signed_on:
            raise PaperRefused(f"承诺函的日期是签署日期{subject.signed_on}，不能另填{issued_on}。", field="issued_on")
    elif power.day is Day.TODAY and issued_on != today:
        raise PaperRefused(f"文书的日期是出具当日{today}，不能填{issued_on}。", field="issued_on")
    elif issued_on.year != today.year:
        raise PaperRefused(f"文号按出具年份编制，{today.year}年不能出具{issued_on.year}年的文书。", field="issued_on")


def _require_no_other(declared: type[Kind], power: Power, subject: Subject | None, recipient: str) -> str:
    """Return the key of the one paper in force; refused if there is one already. One query."""
    if not power.is_live_once or subject is None:
        return ""
    papers = Paper.objects.filter(kind=declared.code, voided_on__isnull=True)
    of_subject = (
        papers.filter(unit_id=subject.pk) if isinstance(subject, Unit) else papers.filter(subject_key=subject.pk)
    )
    other = next((paper for paper in of_subject.order_by("id") if is_for(paper, recipient)), None)
    if other is not None:
        raise PaperRefused(in_force(declared, other), code="in_force")
    return live_key_of(declared, subject.pk, recipient)


def is_for(paper: Paper, recipient: str) -> bool:
    """Return whether a paper is for these people; one that doesn't say for whom is for anybody."""
    return not paper.recipient_key or not recipient or paper.recipient_key == recipient


def in_force(declared: type[Kind], other: Paper) -> str:
    """Say that a paper in force stands in the way."""
    return f"{declared.label}{other.number}已于{other.issued_on}出具，可在文书页打开。需重新出具的，请先作废。"


def live_key_of(declared: type[Kind], subject: int, recipient: str) -> str:
    """Return the key of the one paper in force of a kind, a subject and its recipients together."""
    return f"{declared.code}:{subject}" + (f":{recipient}" if recipient else "")


def completed(declared: type[Kind], headed: Mapping[str, Any], number: str) -> tuple[Snapshot, str, str | None]:
    """Return a snapshot with what the issue itself decides, its digest, and the code by which anybody proves it."""
    digest = hashlib.sha256(json.dumps(headed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    made_at = current_act().recorded_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    full = declared.completed(headed, number=number, made_at=made_at, digest=digest)
    code = new_code() if "verify" in full else None
    if code is not None and settings.PUBLIC_ADDRESS:
        full["verify"] = {"url": f"{settings.PUBLIC_ADDRESS}/v/{code}/", "code": code}
    return full, digest, code


def new_code() -> str:
    """Make the code of a paper: sixty bits that nobody guesses, in letters and digits that nobody confuses."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def sealed(snapshot: Mapping[str, Any]) -> bytes:
    """Seal a snapshot for its column."""
    return encrypt(json.dumps(snapshot, ensure_ascii=False, sort_keys=True), SNAPSHOT)


def _numbered(
    declared: type[Kind],
    power: Power,
    subject: Subject | None,
    organ: Organisation,
    project: Project | None,
    issued_on: date,
) -> tuple[NumberSeries | None, int | None, str]:
    """Return the number of a paper: the next of the organ's series, or the one under which the subject was signed."""
    if power.series is not None:
        prefix = power.series(organ, project)
        series, serial = next_serial(prefix, issued_on.year)
        return series, serial, declared.number(prefix, issued_on.year, serial)
    number = str(getattr(subject, "number", ""))
    if Paper.objects.filter(number=number).exists():
        raise PaperRefused(f"已有文书使用文号{number}。请核对承诺函的文号。", code="number_taken")
    return None, None, number


def issue_for_lower_app(
    *,
    actor: Actor,
    project: Project | None,
    kind: str,
    subject: Instrument | Unit | None,
    snapshot: Mapping[str, Any],
    issued_on: date,
    addressee: str = "",
) -> Paper:
    """Answer the port `issue_paper`: the kind makes its snapshot of the words. Runs inside an act."""
    declared: Any = BY_CODE[kind]
    return issue_paper.within(
        actor=actor,
        project=project,
        kind=kind,
        snapshot=declared.snapshot(**snapshot),
        issued_on=issued_on,
        addressee_masked=addressee,
        unit=subject if isinstance(subject, Unit) else None,
        instrument=subject if isinstance(subject, Instrument) else None,
    )


@write(Permission.DOCUMENT_READ, on="paper")
def open_paper(*, actor: Actor, paper: Paper) -> bytes:
    """Open the archived file of a paper that names people in clear, and record that it was opened.

    Refused: who neither may see people in clear nor works at the organisation that issued it.
    """
    issuer = paper.issuer_id or (paper.issued_by.organisation_id if paper.issued_by else None)
    is_own = issuer is not None and issuer == actor.organisation_id
    if not (is_own or actor.can(Permission.IDENTITY_REVEAL)):
        raise PaperRefused(
            "本文书载有权利人完整姓名，仅限有查看个人信息权限的人员或出具单位打开。", code="names_people"
        )
    record(
        event="paper.opened",
        subject=paper,
        chain=paper.project_id,
        facts={"kind": BY_CODE[paper.kind].label, "number": paper.number},
    )
    return read_pdf(paper)


VOIDING: Final = by_row(
    "作废文书",
    "paper.issued_by_id",
    same="出具人不得自行作废。请由另一名有权限的人员办理。",
    legacy=lambda given: given["paper"].issued_by_id is None,  # issued by the system
)


@write(Permission.DOCUMENT_VOID, on="paper", second_person=VOIDING)
def void_paper(*, actor: Actor, paper: Paper, reason: str, on: date) -> Paper:
    """Void a paper: its number stays used, its file stays readable, marked. Another may then be issued in its place.

    Refused: a signed letter, which ends by being revoked, not by its paper.
    """
    current = lock(paper)
    if current.series_id is None:
        raise PaperRefused(f"{current.number}是已签署的函本身，不能单独作废。函有误的，请在承诺函页面撤销。")
    if on < current.issued_on:
        raise PaperRefused(f"作废日期要在出具日期{current.issued_on}和今日之间。", field="on")
    if current.voided_on is not None:
        raise PaperRefused(f"{current.number}已经作废。")
    if not reason.strip():
        raise PaperRefused("未填写作废原因。", field="reason")
    VOIDING.require(actor, paper=current)
    current.voided_on, current.void_reason, current.live_key = on, reason.strip(), ""
    current.save(update_fields=["voided_on", "void_reason", "live_key"])

    record(
        event="paper.voided",
        subject=current,
        chain=current.project_id,
        facts={"kind": BY_CODE[current.kind].label, "number": current.number},
        reason=reason,
        rows=[Row.changed(current, {"voided_on": None})],
    )
    return current
