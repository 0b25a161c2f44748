"""The plugin as pytest runs it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import tcspec.pytest
from locations import ROOT

EXAMPLES = re.findall(
    r"^```python\n(.*?)^```$", (ROOT / "docs/test_kit.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
pytest_plugins = ["pytester"]

SENDER = """
import json, sys, urllib.request

def send(url, **properties):
    context = {"event_id": "e-1", "event_timestamp": 1718006400000}
    event = {"event_name": "login", "user": {"id": "C-1"}, "context": context, **properties}
    request = urllib.request.Request(url, json.dumps(event).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=20).close()

if __name__ == "__main__":
    send(sys.argv[1])
"""


@pytest.fixture
def run(pytester):
    """Return a function that runs pytest on a test module beside a sender of events."""
    pytester.makepyfile(sender=SENDER)

    def run_pytest(code, *, in_process=True):
        pytester.makepyfile(f"import subprocess, sys, pytest\nfrom sender import send\n{code}")
        # Nothing of this run's environment: the plugin comes from where tcspec is installed.
        start = pytester.runpytest_inprocess if in_process else pytester.runpytest_subprocess
        return start("-p", "no:cacheprovider")

    return run_pytest


@pytest.mark.slow
def test_a_test_with_a_subprocess(run):
    """A test sends from another process, waits, and passes with a valid event."""
    code = """
def test_login(tcspec_collector):
    with subprocess.Popen([sys.executable, "sender.py", tcspec_collector.events_url]) as sender:
        assert tcspec_collector.wait("login", timeout=30)["user"] == {"id": "C-1"}
    assert sender.returncode == 0
"""
    run(code, in_process=False).assert_outcomes(passed=1)


def test_violations_fail_the_test(run):
    """A test that sends something invalid fails at its end, with the violations and without the values."""
    result = run("def test_login(tcspec_collector): send(tcspec_collector.events_url, user={'email': ['ada']})")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "1 of 1 requests to the collector are invalid (allow_violations):",
            "POST /events, answered 200",
            "*TC302 error at /body/user/email: expected a string, got an array",
        ]
    )
    assert "collector.check" not in result.stdout.str()


def test_nothing_fails_the_test(run):
    """A test that sends nothing fails at its end."""
    result = run("def test_login(tcspec_collector): pass")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["the collector received nothing at http://127.0.0.1:*"])


def test_switched_off(run):
    """Each of both can be allowed, for one test or by a fixture of the same name."""
    run("""
def test_nothing(tcspec_collector):
    tcspec_collector.allow_nothing = True

class TestMigration:
    @pytest.fixture
    def tcspec_collector(self, tcspec_collector):
        tcspec_collector.allow_violations = True
        return tcspec_collector

    def test_legacy(self, tcspec_collector):
        send(tcspec_collector.events_url, user=3)
""").assert_outcomes(passed=2)


def test_tests_that_end_early(run):
    """A test that fails or is skipped before it sends anything is not wrong a second time."""
    run("""
def test_failing(tcspec_collector):
    assert 1 == 2

def test_skipped(tcspec_collector):
    pytest.skip("not here")

def test_nothing(tcspec_collector):
    pass
""").assert_outcomes(failed=1, skipped=1, passed=1, errors=1)


def test_a_collector_of_ones_own(run):
    """A fixture with a larger scope uses `collect`."""
    run("""
from tcspec.pytest import assert_events, collect

@pytest.fixture(scope="module")
def collector():
    with collect() as collector:
        yield collector

def test_first(collector):
    send(collector.events_url)

def test_second(collector):
    send(collector.events_url, note="x")
    assert_events(collector, ["login", {"note": "x"}], exact=True)
""").assert_outcomes(passed=2)


def test_messages_of_assertions(run):
    """The report shows the message of an assertion, and no code of tcspec."""
    result = run("""
from tcspec.pytest import assert_events, assert_valid

def test_valid():
    assert_valid({"event_name": "login", "user": {}})

def test_events():
    assert_events([{"event_name": "refund", "revenue": 19}], [{"event_name": "refund", "revenue": 20}])
""")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["E * AssertionError: the payload is invalid:", "E *TC101 error at the root: missing *`context`"]
    )
    result.stdout.fnmatch_lines(
        ["E * expected `refund` (event 1 of 1), closest was `refund` *differs at", "E * /revenue: expected 20, got 19"]
    )
    assert "/assertions.py" not in result.stdout.str()
    assert "/arguments.py" not in result.stdout.str()


@pytest.mark.slow
def test_the_plugin_is_cheap():
    """The plugin imports nothing but itself until it is used."""
    code = "import pytest, sys; import tcspec.pytest; print(*[name for name in sys.modules if name[:6] == 'tcspec'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["tcspec", "tcspec.pytest"]
    with pytest.raises(AttributeError, match=r"module 'tcspec\.pytest' has no attribute 'assert_vaild'"):
        tcspec.pytest.assert_vaild  # noqa: B018 - the access is the test


def test_the_fixture_is_listed(pytester):
    """`pytest --fixtures` explains the fixture."""
    result = pytester.runpytest_inprocess("--fixtures", "-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["tcspec_collector *", "*Collect what is sent to an endpoint on this machine*"])


@pytest.mark.slow
def test_the_examples_of_the_documentation(pytester):
    """The tests of docs/test_kit.md pass."""
    program, fixture = EXAMPLES
    pytester.makeconftest(fixture)
    pytester.makepyfile(f"{program}\n\ndef test_own(collector):\n    send(collector.events_url, LOGIN)\n")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=4)
