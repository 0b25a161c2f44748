"""Commands work alike in any locale, with file names of any bytes, and without a working folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import tcspec as package
from command import PROGRAM, put, python

pytestmark = pytest.mark.slow  # starts every command several times

EVENT = (
    '{"event_name":"é☃ search","serch_term":"café","id":"ÿ","revenue":"12,5 €","items":[{"id":1}],'
    '"user":{"email":"é@b.example"},"context":{"event_id":"1","event_timestamp":1718006400000,"created":1718006400}}'
).encode()
LEGACY = '{"event":"lôgin☃","event_id":"1","event_timestamp":1718006400000,"properties":{"a":"é"}}'.encode()
BROKEN = '{"event_name":"eurö","nâme":[1,],"context":{}}'.encode()
CAPTURE = "### réquest ☃\nPOST https://collect.commander1.com/events?tc_s=1&token=2\n\n".encode() + EVENT
NAMES = (b"na\xefve", "é☃".encode())
"""The beginnings of two file names: bytes that are not UTF-8, and characters that are not ASCII."""
FORMATS = ("text", "json", "ndjson", "github", "gitlab", "junit", "sarif", "html")
LOCALES = {
    "C": {"LC_ALL": "C"},
    "LANG=C": {"LANG": "C"},
    "C without UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ascii": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"},
    "latin-1": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1:strict"},
    "no default encoding": {
        "LC_ALL": "C",
        "PYTHONWARNDEFAULTENCODING": "1",
        "PYTHONWARNINGS": "error::EncodingWarning",
    },
}
_CHANGING = re.compile(rb'(?:time|timestamp)="[^"]*"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?')
"""Times in reports."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments, locale="C", cwd=None):
    """Run the program in a locale, and return what `subprocess.run` does."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    environment = others | ({"LC_ALL": "C.UTF-8"} if locale is None else LOCALES[locale])
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, check=False, env=environment, cwd=cwd, stdin=subprocess.DEVNULL
    )


def write_files(name):
    """Write files whose names begin with some bytes."""
    contents = {b".json": EVENT, b".ndjson": LEGACY + b"\n" + EVENT + b"\n" + BROKEN + b"\n", b".http": CAPTURE}
    for ending, content in contents.items():
        Path(os.fsdecode(name + ending)).write_bytes(content)


def parse(output, style):
    """Return a report as the programs that read it do, as UTF-8."""
    match style:
        case "json" | "gitlab" | "sarif":
            return json.loads(output.decode())
        case "ndjson":
            return [json.loads(line) for line in output.decode().splitlines()]
        case "junit":
            return [suite.attrib["name"] for suite in ET.fromstring(output)]  # noqa: S314 - our own report
    return output.decode()


@pytest.mark.parametrize("style", FORMATS)
def test_reports(style):
    """A report for programs is the same UTF-8 in every locale, whatever bytes the names of files have."""
    paths = [name + ending for name in NAMES for ending in (b".ndjson", b".http")]
    for name in NAMES:
        write_files(name)
    ran = run("check", "--format", style, *paths, locale="C without UTF-8")
    assert (ran.returncode, b"Traceback" in ran.stderr) == (1, False)
    assert parse(ran.stdout, style)
    if style in {"junit", "html"}:  # the others are ASCII
        expected, ran = (run("check", "--format", style, *paths, locale=locale) for locale in (None, "latin-1"))
        assert _CHANGING.sub(b"", ran.stdout) == _CHANGING.sub(b"", expected.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", b"%.json"),
        ("validate", "--engine", "reference", b"%.json"),
        ("check", "--stats", b"%.ndjson"),
        ("check", "--write-baseline", b"%.base", b"%.json"),
        ("check", "--baseline", b"%.missing", b"%.json"),
        ("check", "--select", b"%", b"%.json"),
        ("check", "--pointer", b"/%", b"%.json"),
        ("check", b"%.missing"),
        ("fix", "--diff", b"%.json"),
        ("fix", b"%.json"),
        ("upgrade", b"%.json"),
        ("upgrade", "--diff", b"%.json"),
        ("upgrade", "--write", b"%.json"),
        ("size", b"%.json"),
        ("migrate", b"%.ndjson", b"%-out.ndjson", "--rejects", b"%-rejects.ndjson"),
        ("schema", "--write", b"%-schemas"),
        ("schema", "--compare", b"%.json", b"%.json"),
        ("timestamp", "--assume-tz", b"%", b"%"),
        ("rules", b"%"),
        ("rules", "--format", "markdown"),
        ("schema", "catalog"),
        (b"%",),
    ],
    ids=lambda arguments: " ".join(os.fsdecode(each) if isinstance(each, bytes) else each for each in arguments),
)
def test_commands(arguments):
    """Every command ends without an internal error in any locale, whatever bytes the names of files have."""
    for name, locale in zip(NAMES, ("C without UTF-8", "no default encoding"), strict=True):
        write_files(name)
        ran = run(*(each.replace(b"%", name) if isinstance(each, bytes) else each for each in arguments), locale=locale)
        assert ran.returncode in {0, 1, 2}
        assert b"Traceback" not in ran.stderr
        assert ran.stderr.isascii() or locale != "C without UTF-8"


@pytest.mark.parametrize("locale", LOCALES)
def test_locales(locale):
    """What the encoding of a locale lacks is escaped."""
    write_files(NAMES[1])
    ran = run("check", NAMES[1] + b".json", b"missing\xe9", locale=locale)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (2, False)
    output = (ran.stdout + ran.stderr).decode("latin-1" if locale == "latin-1" else "utf-8")
    assert "TC" in output


def test_patterns():
    """A pattern of the configuration matches a name that is not ASCII, and one that is not UTF-8 by its wildcards."""
    for name in NAMES:
        write_files(name)
    put("tcspec.toml", '[per-path."é*.json"]\nignore = ["TC"]\n[per-path."na?ve.json"]\nignore = ["TC"]\n'.encode())
    assert run("check", *(name + b".ndjson" for name in NAMES)).returncode == 1
    assert run("check", *(name + b".json" for name in NAMES)).stdout == b""


def test_baselines_of_any_name():
    """A baseline knows the violations of files with any name."""
    for name in NAMES:
        write_files(name)
    paths = [name + b".json" for name in NAMES]
    assert run("check", "--write-baseline", "base.json", *paths).returncode == 0
    assert run("check", "--baseline", "base.json", *paths, locale="C without UTF-8").returncode == 0


class TestDeletedFolder:
    """The working folder was deleted after the program, or the shell, entered it."""

    @pytest.fixture
    def run_there(self, tmp_path, monkeypatch):
        """Return the function that runs the program in a folder that does not exist any more."""
        folder = tmp_path / "deleted"
        folder.mkdir()
        monkeypatch.chdir(folder)
        folder.rmdir()
        return run

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            *((("check", "--format", style, "%/a.json"), 0) for style in ("text", "github", "html", "sarif")),
            (("check", "--kind", "product", "--format", "server", "%/a.ndjson"), 1),
            (("check", "--write-baseline", "%/base.json", "%/a.json"), 0),
            (("check", "%/a.ndjson", "%/a.http"), 1),
            (("validate", "%/a.json"), 0),
            (("fix", "--diff", "%/a.json"), 1),
            (("fix", "%/a.json"), 0),
            (("size", "%/a.json"), 0),
            (("upgrade", "%/legacy.json"), 0),
            (("upgrade", "--write", "%/legacy.json"), 0),
            (("migrate", "%/a.ndjson", "%/out.ndjson"), 1),
            (
                ("migrate", "%/a.ndjson", "%/out.ndjson", "--rejects", "%/rejects.ndjson", "--report", "%/report.json"),
                1,
            ),
            (("schema", "--write", "%/schemas"), 0),
            (("schema", "event"), 0),
            (("rules",), 0),
            (("timestamp", "1718006400"), 0),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_absolute_paths(self, tmp_path, run_there, arguments, code):
        """Every command works with absolute paths."""
        contents = {"a.json": EVENT, "legacy.json": LEGACY, "a.ndjson": EVENT + b"\n" + BROKEN, "a.http": CAPTURE}
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        ran = run_there(*(argument.replace("%", str(tmp_path)) for argument in arguments))
        assert (ran.returncode, b"deleted;" in ran.stderr) == (code, False)

    @pytest.mark.parametrize(
        "arguments",
        [
            ("check", "a.json"),
            ("validate", "a.json"),
            ("check", "--baseline", "base.json", "%/a.json"),
            ("check", "--write-baseline", "base.json", "%/a.json"),
            ("fix", "a.json"),
            ("size", "a.json"),
            ("upgrade", "a.json"),
            ("upgrade", "--write", "a.json"),
            ("migrate", "a.ndjson", "b.ndjson"),
            ("migrate", "%/a.ndjson", "b.ndjson"),
            ("migrate", "%/a.ndjson", "%/b.ndjson", "--report", "report.json"),
            ("schema", "--write", "schemas"),
        ],
        ids=" ".join,
    )
    def test_relative_paths(self, tmp_path, run_there, arguments):
        """A relative path is an error on one line."""
        for name in ("a.json", "a.ndjson"):
            (tmp_path / name).write_bytes(EVENT)
        ran = run_there(*(argument.replace("%", str(tmp_path)) for argument in arguments))
        assert ran.returncode == 2
        assert re.search(
            rb"^tcspec: .*(No such file or directory|the working folder was deleted)", ran.stderr, re.MULTILINE
        )
        assert b"standard output" not in ran.stderr

    def test_library(self, tmp_path):
        """The library finds no configuration there."""
        folder = tmp_path / "deleted"
        folder.mkdir()
        code = f"import os, tcspec; os.rmdir({str(folder)!r}); print(len(tcspec.check({{}})))"
        ran = python(code, cwd=folder, env={**os.environ, "PYTHONPATH": str(Path(package.__file__).parent.parent)})
        assert (ran.code, ran.err) == (0, "")
