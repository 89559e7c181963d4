import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "analysis"))  # the trials made by hand


@pytest.fixture(scope="session")
def made():
    """Every file of the report of the small trial."""
    from report_trials import OPENED, PROTOCOL, PROVENANCE

    from equipoise.reports import report_files

    return report_files(OPENED, PROTOCOL, PROVENANCE)
