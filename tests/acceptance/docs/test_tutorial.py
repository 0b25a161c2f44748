"""The tutorial, followed in an empty folder and an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from environment import IS_ACCEPTANCE
from locations import ROOT
from page_sessions import follow

pytestmark = pytest.mark.skipif(not IS_ACCEPTANCE, reason="it installs packages")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Build the wheel of the checkout, and return its folder."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_tutorial_can_be_followed(tmp_path, wheels):
    """A reader who does what the tutorial says sees what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    follow(
        (ROOT / "docs/tutorial.md").read_text(encoding="utf-8"),
        tmp_path,
        {**environment, "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
