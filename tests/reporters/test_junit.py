from __future__ import annotations

import pytest

import tcspec
from report_schemas import check_junit
from runs import EVERYTHING, INFO, VIOLATION, WARNING, run
from tcspec.errors import Severity
from tcspec.reporters.junit import LISTED, render


def suites(results, failing=Severity.ERROR):
    """Tell results as JUnit XML, hold it against its schemas, and give its suites."""
    return check_junit("".join(render(results, failing))).findall("testsuite")


def counts(suite):
    """Give how many tests, failures and errors a suite has."""
    return tuple(int(suite.get(name)) for name in ("tests", "failures", "errors"))


def test_valid():
    """A file with nothing wrong is a test that passes."""
    (suite,) = suites(run())
    assert counts(suite) == (1, 0, 0)
    assert (suite.get("name"), suite.find("testcase").get("name")) == ("a.json", "a.json")
    assert list(suite.find("testcase")) == []
    assert suite.find("properties/property").get("value") == tcspec.__version__


def test_failure():
    """A file with errors is one test that fails by all of them, each on a line with its place."""
    (suite,) = suites(run(VIOLATION, VIOLATION))
    assert counts(suite) == (1, 1, 0)
    failure = suite.find("testcase/failure")
    assert failure.get("message") == "2 violations"
    assert (
        failure.text.splitlines()
        == ['2:41: TC403 error expected three letters, found "eur" (at /currency); write EUR'] * 2
    )


@pytest.mark.parametrize(
    ("failing", "failures", "output"),
    [(Severity.ERROR, 0, 2), (Severity.WARNING, 1, 1), (Severity.INFO, 2, 0), (None, 0, 2)],
)
def test_milder(failing, failures, output):
    """What is milder than what makes a run fail is output of the test, not its failure."""
    (suite,) = suites(run(WARNING, INFO), failing)
    failure = suite.find("testcase/failure")
    assert len(failure.text.splitlines() if failure is not None else []) == failures
    assert len((suite.find("system-out").text or "").splitlines()) == output


def test_everything():
    """Whatever a run meets, the report meets both schemas; unreadable files are errors, unmet codes failures."""
    told = {suite.get("name"): counts(suite) for suite in suites(EVERYTHING)}
    assert told == {
        "a.json": (1, 1, 0),
        r"b <&> \x1b\ud800.json": (1, 1, 0),
        "valid.json": (1, 0, 0),
        "announced.json": (1, 1, 0),
        "missing.json": (1, 0, 1),
        "-": (1, 1, 0),
    }
    assert [suite.get("id") for suite in suites(EVERYTHING)] == [str(number) for number in range(6)]


def test_nothing():
    """A run without files is a report without suites."""
    assert suites(run()[3:]) == []


def test_many():
    """Of a file with very many violations the first are told, and all are counted."""
    (suite,) = suites(run(*[VIOLATION] * (LISTED + 5)))
    failure = suite.find("testcase/failure")
    assert failure.get("message") == f"{LISTED + 5:,} violations"
    assert failure.text.splitlines()[LISTED:] == ["and 5 more"]


def test_streaming():
    """A file is told when it ends, before the next one is read."""
    began = []

    def results():
        for number in range(3):
            began.append(number)
            yield from run(VIOLATION, path=f"{number}.json")[:-1]
        yield run()[-1]

    seen = [len(began) for piece in render(results()) if "<testsuite " in piece]
    assert seen == [1, 2, 3]
