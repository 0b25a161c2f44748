"""What a run prints and where: `--quiet`, `--output-file`, `--statistics`, and the first violations of each code."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from command import put, tcspec
from tcspec.cli.reporting import FORMATS

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
NO_TERM = EVENT | {"event_name": "search"}
LOWER = EVENT | {"event_name": "view_cart", "currency": "eur", "value": 1, "items": []}
LEGACY = {"event_name": "login", "event_id": "e-2", "properties": {"method": "card"}}


pytestmark = pytest.mark.usefixtures("elsewhere")


def lines(*events) -> bytes:
    """Return events as NDJSON, each with an id of its own."""
    texts = (json.dumps(event | {"context": EVENT["context"] | {"event_id": str(n)}}) for n, event in enumerate(events))
    return "".join(f"{text}\n" for text in texts).encode()


class TestFirstOfEachCode:
    """The text lists the first violations of each code, and counts the others."""

    @pytest.mark.parametrize(("count", "more"), [(1, ""), (10, ""), (11, "1"), (5_000, "4,990")])
    def test_in_a_file(self, count, more):
        """Of a file with thousands of events ten violations of a code are listed."""
        ran = tcspec("validate", put("a.ndjson", lines(*[NO_TERM] * count)))
        assert ran.out.count("TC101 error") == min(count, 10)
        assert (f"and {more} more of TC101\n" in ran.out) is bool(more)
        assert ("--show-all" in ran.out) is bool(more)
        assert len(ran.out.splitlines()) < 60
        assert f"{count:,} error" in ran.err

    def test_in_a_folder(self):
        """The same holds for thousands of files, of which only those that are listed have a line with their counts."""
        for number in range(30):
            put(f"events/{number:02}.ndjson", lines(NO_TERM, NO_TERM))
        out = tcspec("validate", "events").out
        assert out.count("TC101 error") == 10
        assert out.count(": 2 errors\n") == 5
        assert "and 50 more of TC101\n" in out

    def test_other_codes(self):
        """A code that is rare is listed, however frequent another one is."""
        out = tcspec("validate", put("a.ndjson", lines(*[NO_TERM] * 100, LOWER))).out
        assert "a.ndjson:101:" in out
        assert "and 1 more" not in out

    def test_all(self):
        """--show-all lists every violation."""
        out = tcspec("validate", "--show-all", put("a.ndjson", lines(*[NO_TERM] * 100))).out
        assert out.count("TC101 error") == 100
        assert "more of" not in out

    @pytest.mark.parametrize("style", ["json", "ndjson", "github", "sarif", "gitlab"])
    def test_programs(self, style):
        """Reports for programs have every violation."""
        out = tcspec("validate", "--format", style, put("a.ndjson", lines(*[NO_TERM] * 40))).out
        assert out.count("search_term") >= 40


class TestQuiet:
    """`--quiet` prints violations and errors, and nothing else."""

    @pytest.mark.parametrize("option", ["-q", "--quiet"])
    @pytest.mark.parametrize("command", ["check", "validate"])
    def test_violations(self, command, option):
        """The violations are what they are without it; counts and the summary are not there."""
        path = put("a.ndjson", lines(NO_TERM, NO_TERM))
        loud, quiet = tcspec(command, path), tcspec(command, option, path)
        assert (quiet.code, quiet.err) == (loud.code, "")
        assert loud.out.startswith(quiet.out)
        assert loud.out.removeprefix(quiet.out).startswith("a.ndjson: 2 errors\nby code")

    @pytest.mark.parametrize("command", ["check", "validate", "fix", "upgrade"])
    def test_fine(self, command):
        """Of what is fine nothing is printed but the payload that `upgrade` prints."""
        ran = tcspec(command, "--quiet", put("a.json", json.dumps(EVENT).encode()))
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == (json.dumps(EVENT) if command == "upgrade" else "")

    def test_changes(self):
        """What is fixed or upgraded is not described."""
        path = put("a.json", json.dumps(LEGACY).encode())
        assert tcspec("upgrade", "--quiet", "--write", path) == tcspec("fix", "--quiet", path)
        assert json.loads(Path(path).read_bytes())["method"] == "card"

    def test_what_remains(self):
        """What cannot be fixed is for `tcspec check` to report."""
        path = put("a.json", json.dumps(NO_TERM | {"user": USER | {"id": 12}}).encode())
        assert "a.json" in tcspec("fix", "--check", path).err
        ran = tcspec("fix", "--quiet", path)
        assert (ran.out, ran.err) == ("", "")
        assert json.loads(Path(path).read_bytes())["user"]["id"] == "12"

    @pytest.mark.parametrize("command", ["check", "validate", "fix", "upgrade", "size"])
    def test_errors(self, command):
        """A file that cannot be read is reported."""
        ran = tcspec(command, "--quiet", "missing.json")
        assert ran.code == 2
        assert "tcspec: missing.json: No such file or directory\n" in ran.err

    def test_requests(self):
        """The predicted answers to captured requests are no violations."""
        path = put("a.http", b"POST https://collect.commander1.com/events?tc_s=1&token=t0ken12345\n\n" + lines(NO_TERM))
        assert "answer" in tcspec("check", path).out
        assert "answer 200" not in tcspec("check", "-q", path).out

    def test_sizes(self):
        """Sizes are the result of `tcspec size`, its summary is not."""
        path = put("a.json", json.dumps(EVENT).encode())
        loud, quiet = tcspec("size", path), tcspec("size", "--quiet", path)
        assert (quiet.out, quiet.err) == (loud.out, "")


class TestOutputFile:
    """`--output-file` has what standard output would have."""

    @pytest.mark.parametrize("style", sorted(set(FORMATS) - {"server", "junit", "html"}))
    def test_same(self, style):
        """The file has the same report in every format, and standard output has none."""
        path = put("a.ndjson", lines(NO_TERM, LOWER))
        printed = tcspec("check", path, "--format", style)
        written = tcspec("check", path, "--format", style, "--output-file", "report")
        assert Path("report").read_text() == printed.out
        assert (written.code, written.out, written.err) == (printed.code, "", printed.err)

    @pytest.mark.parametrize("style", ["junit", "html"])
    def test_with_times(self, style):
        """A report with times is written as well."""
        tcspec("check", put("a.ndjson", lines(NO_TERM)), "--format", style, "-o", "report")
        assert Path("report").read_text().startswith("<")

    def test_compressed(self):
        """A file whose name ends with .gz is compressed."""
        tcspec("check", put("a.ndjson", lines(NO_TERM)), "--format", "json", "-o", "report.json.gz")
        assert json.loads(gzip.decompress(Path("report.json.gz").read_bytes()))["summary"]["error"] == 1

    def test_replaced(self):
        """A report takes the place of the one before."""
        put("report", b"old\n" * 1_000)
        tcspec("check", put("a.ndjson", lines(EVENT)), "-o", "report")
        assert Path("report").read_text() == ""

    def test_statistics_of_payloads(self):
        """What else is printed is on standard error."""
        ran = tcspec("check", put("a.ndjson", lines(EVENT)), "-o", "report", "--stats")
        assert ran.out == ""
        assert "all payloads" in ran.err

    @pytest.mark.parametrize("name", ["folder", "nowhere/report", "", "-"])
    def test_unusable(self, name):
        """A name that cannot be written is an error."""
        Path("folder").mkdir()
        ran = tcspec("check", put("a.ndjson", lines(EVENT)), "-o", name)
        assert (ran.code, ran.out) == (2, "")

    @pytest.mark.parametrize("argument", ["a.json", ".", "*.json"])
    @pytest.mark.parametrize("name", ["a.json", "./a.json", "link.json"])
    def test_payload(self, argument, name):
        """A file that is to be checked is not replaced, under no name."""
        put("a.json", json.dumps(EVENT).encode())
        Path("link.json").symlink_to("a.json")
        ran = tcspec("check", argument, "-o", name)
        assert ran.code == 2
        assert "would replace" in ran.err
        assert json.loads(Path("a.json").read_bytes()) == EVENT


class TestStatistics:
    """`--statistics` counts codes instead of listing violations."""

    def test_text(self):
        """A line for each code: how often it occurs, its severity, whether it can be fixed, and its title."""
        path = put("a.ndjson", lines(*[NO_TERM] * 1_200, LOWER))
        ran = tcspec("validate", "--statistics", path)
        assert ran.code == 1
        first, second = ran.out.splitlines()[:2]
        assert first == "1,200  TC101  error    [ ] missing required envelope property"
        assert second.startswith("    1  TC4")

    def test_fixable(self):
        """A star marks what `tcspec fix` can fix."""
        seconds = EVENT["context"] | {"event_timestamp": 1718006400}
        ran = tcspec("check", "--statistics", put("a.json", json.dumps(EVENT | {"context": seconds}).encode()))
        assert "TC210" in ran.out
        assert "[*]" in ran.out
        assert "`tcspec fix`" in ran.out

    def test_json(self):
        """The same in JSON, with the summary of the run."""
        path = put("a.ndjson", lines(*[NO_TERM] * 3))
        document = json.loads(tcspec("validate", "--statistics", "--format", "json", path).out)
        assert [(each["code"], each["count"], each["fixable"]) for each in document["statistics"]] == [
            ("TC101", 3, False)
        ]
        assert document["summary"]["payloads"] == 3

    def test_many_in_one_payload(self):
        """Violations that no report lists are counted."""
        items = EVENT | {"event_name": "view_cart", "items": [{}] * 2_000}
        path = put("a.json", json.dumps(items).encode())
        (counted, *_) = json.loads(tcspec("validate", "--statistics", "--format", "json", path).out)["statistics"]
        assert counted["count"] >= 2_000

    def test_nothing(self):
        """Without violations nothing is printed but the summary."""
        ran = tcspec("check", "--statistics", put("a.json", json.dumps(EVENT).encode()))
        assert (ran.code, ran.out) == (0, "")

    @pytest.mark.parametrize("style", sorted(set(FORMATS) - {"text", "json", "server"}))
    def test_other_formats(self, style):
        """Other formats have no statistics."""
        ran = tcspec("check", "--statistics", "--format", style, put("a.json", b"{}"))
        assert ran.code == 2
        assert "--statistics needs --format text or json" in ran.err

    def test_files(self):
        """What is wrong with a file as a whole is counted too."""
        put("tcspec.toml", b'[expect]\n"a.json" = ["TC401"]\n')
        put("a.json", json.dumps(EVENT).encode())
        ran = tcspec("check", "--statistics", "a.json", "missing.json")
        assert "1  unmet  error" in ran.out
        assert "1  unreadable  error" in ran.out
