from __future__ import annotations

import pytest

from tcspec.errors import Severity
from tcspec.reporters.results import Tally


def test_sum():
    """Tallies of files add up to the tally of a run."""
    one, two = Tally(files=1, payloads=2, error=3, unmet=1), Tally(files=1, passed_over=4, error=1, expected=2)
    assert one + two == Tally(files=2, payloads=2, passed_over=4, error=4, expected=2, unmet=1)


@pytest.mark.parametrize(("severity", "count"), [(Severity.ERROR, 11), (Severity.WARNING, 111), (Severity.INFO, 1111)])
def test_at_least(severity, count):
    """What is as bad as a severity or worse is counted, and an unmet announcement is as bad as an error."""
    assert Tally(error=1, warning=100, info=1000, unmet=10, expected=5).at_least(severity) == count
