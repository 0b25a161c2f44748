"""The changelog has the form of Keep a Changelog."""

from __future__ import annotations

import pytest

from lab.release import find_changelog_errors
from locations import ROOT

GOOD = """# Changelog

## Unreleased

### Added

- A thing.

## 0.10.0 - 2027-02-01

## 0.9.0 - 2027-01-01

### Fixed
"""


def test_changelog():
    """The changelog of tcspec has versions with dates, the newest first, and no sections of its own."""
    assert list(find_changelog_errors((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))) == []
    assert list(find_changelog_errors(GOOD)) == []


@pytest.mark.parametrize(
    ("changelog", "error"),
    [
        (GOOD.replace(" - 2027-02-01", ""), "not a version and a date: 0.10.0"),
        (GOOD.replace("### Added", "### New"), "no such section: New"),
        (GOOD.replace("0.9.0", "0.11.0"), "the newest version is not the first"),
        (GOOD.replace("0.9.0", "0.10.0"), "the newest version is not the first"),
        ("## 0.1.0 - 2027-01-01\n\n## Unreleased\n", "the newest version is not the first"),
    ],
)
def test_errors(changelog, error):
    """A heading without a date, an unknown section, and versions in another order are errors."""
    assert list(find_changelog_errors(changelog)) == [error]


def test_release():
    """The newest entry of a release is that of its version; what is unreleased is none."""
    released = GOOD.partition("## Unreleased")[0] + "## 0.10.0 - 2027-02-01\n"
    assert list(find_changelog_errors(released, "0.10.0")) == []
    assert list(find_changelog_errors(GOOD, "0.10.0")) == ["its first entry is not that of 0.10.0, with a date"]
