"""The trials of services that each app keeps beside its own tests, together."""

from tests.factories.trials import Trial
from tests.projects.casework.trials import CASEWORK
from tests.projects.ledger.trials import REVEALS
from tests.projects.office.custody_trials import CUSTODY
from tests.projects.progress.trials import SUBMISSIONS

OF_APPS: dict[str, Trial] = {**CASEWORK, **REVEALS, **SUBMISSIONS, **CUSTODY}
