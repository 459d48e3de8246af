"""Trials of reveals and participation, for `tests/projects/test_trials.py`."""

from projects.ledger.selectors.reveals import source_of
from projects.ledger.services.participation import set_participation
from projects.ledger.services.people_search import seek_holders, sought_person
from projects.ledger.services.reveal import check_reveals, reveal_holder
from registry.accounts.models import InboxItem
from registry.kernel.identifiers import synthetic_phone
from registry.store.guard import fixture_writes
from tests.factories.accounts import lay_organisation
from tests.factories.projects import TODAY, Estate, first_holder, moment
from tests.factories.trials import Prepared, Trial


def seek(estate: Estate) -> Prepared:
    sought = sought_person(synthetic_phone(7))
    assert sought is not None
    return lambda actor: seek_holders(actor=actor, sought=sought)


def check_many(estate: Estate) -> Prepared:
    person, source = estate.cast.district.person, source_of(estate.cast.district.person.pk, TODAY, 50)
    with fixture_writes():
        InboxItem.objects.create(
            source=source, verb="核查", title="查看50次", link="/", role="security_admin", created_at=moment(TODAY)
        )
    return lambda actor: check_reveals(actor=actor, person_id=person.pk, day=TODAY, reason="当日集中办证，属正常")


def reveal(estate: Estate) -> Prepared:
    return lambda actor: reveal_holder(actor=actor, holder=first_holder(estate), reason="窗口核对身份证")


def name_in(estate: Estate) -> Prepared:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    return lambda actor: set_participation(
        actor=actor, project=estate.project, organisations=[organ], takes_part=True, effective_on=TODAY, reason="分工"
    )


REVEALS = {
    "set_participation": Trial("participation.set", "district", "strange_district", name_in),
    "reveal_holder": Trial("person.revealed", "district", "strange_district", reveal),
    "seek_holders": Trial("person.sought", "district", "", seek, denied="auditor"),
    "check_reveals": Trial("reveals.checked", "security_admin", "", check_many, denied="district"),
}
