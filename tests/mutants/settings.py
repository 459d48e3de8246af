"""The settings of the tests on a database that is there already: migrated once, copied for each bug.

Hypothesis stops at the first example that fails: nobody reads the smallest one.
"""

import os

import hypothesis

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

if "MUTANTS_DATABASE" in os.environ and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.environ["MUTANTS_DATABASE"]}

hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=100,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
