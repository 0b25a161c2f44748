"""The folder of a test, and how many examples each property is tried with, chosen by HYPOTHESIS_PROFILE."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "quick",
    database=None,
    deadline=None,
    derandomize=True,  # every run tries the same examples, on every machine
    max_examples=12,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("normal", settings.get_profile("quick"), max_examples=50)
settings.register_profile("long", settings.get_profile("quick"), max_examples=300)
settings.register_profile("thorough", settings.get_profile("quick"), derandomize=False, max_examples=3000)
settings.register_profile(
    "mutants",
    settings.get_profile("quick"),
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # a failing example need not be small to kill a mutant
    print_blob=False,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Run a test in an empty folder."""
    monkeypatch.chdir(tmp_path)
