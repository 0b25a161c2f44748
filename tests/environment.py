"""What a test needs of the machine: without it the test is skipped, or fails where it is required."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IS_ACCEPTANCE = os.environ.get("TCSPEC_ACCEPTANCE") == "1"
"""Whether the tests also run what is slow or needs Node, as `make acceptance` does."""

IS_DEEP = os.environ.get("TCSPEC_DEEP") == "1"
"""Whether they run at length, as `make deep` does."""


def skip_or_fail(requirement: str, reason: str) -> NoReturn:
    """Skip the test, or fail it where `TCSPEC_REQUIRE_<requirement>` is 1."""
    if os.environ.get(f"TCSPEC_REQUIRE_{requirement}") == "1":
        pytest.fail(f"required here: {reason}")
    pytest.skip(reason)
