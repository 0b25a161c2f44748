"""The plugin of pytest: `assert_valid`, `assert_events`, `collect` and the fixture `tcspec_collector`.

pytest imports this module in every run where tcspec is installed, so that it imports everything else when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.pytest.assertions import assert_events, assert_valid
    from tcspec.pytest.collector import Collector, Received, collect

__all__ = ["Collector", "Received", "assert_events", "assert_valid", "collect", "tcspec_collector"]

_MODULES = {
    "Collector": "collector",
    "Received": "collector",
    "assert_events": "assertions",
    "assert_valid": "assertions",
    "collect": "collector",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as the module says

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


class _Outcome:
    """Whether a test ended early, which is known to its teardown in no other way; a plugin for this test only."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item
        self.ended_early = False

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note that the test failed or was skipped."""
        if item is self._item and call.excinfo is not None:
            self.ended_early = True


@pytest.fixture
def tcspec_collector(request: pytest.FixtureRequest) -> Iterator[Collector]:
    """Collect what is sent to an endpoint on this machine; fail the test when that is invalid, or nothing."""
    from tcspec.pytest.collector import start_collector  # noqa: PLC0415 - as the module says

    plugins, outcome = request.config.pluginmanager, _Outcome(request.node)
    plugins.register(outcome)
    try:
        with start_collector() as collector:
            yield collector
    finally:
        plugins.unregister(outcome)
    try:
        # A test that failed or was skipped before it sent anything is not wrong a second time.
        collector.check(allow_nothing=outcome.ended_early)
    except AssertionError as error:
        pytest.fail(str(error), pytrace=False)  # no line of this module says more
