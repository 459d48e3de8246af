"""The settings of the tests on a database that is there already: migrated once, copied for each bug."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

if "MUTANTS_DATABASE" in os.environ and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.environ["MUTANTS_DATABASE"]}
