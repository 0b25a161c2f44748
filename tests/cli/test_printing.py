"""Nothing from outside reaches a terminal or a log as it is, whatever the command, the option and the place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import put, tcspec
from tcspec.cli.reporting import FORMATS

ARGUMENTS = (
    *("\x1b[31mred", "\x1b]0;title\x07", "a\nb", "\n::error::forged", "::error file=a::forged", "  ::add-mask::x"),
    *("\r::x", "##[error]forged", "##vso[task.setvariable]x", "##teamcity[x]", "\x7f\x9b31m\x85", "\u202eabc\u2066"),
    *("\u2028::error", "\u200b\ufeff\u00ad", "\udce9\udcff", "\U000e0041", "a" * 150 + "\x1b"),
)
"""Texts with control characters, line ends, directions, lone surrogates and commands for CI services."""
HOSTILE = (*ARGUMENTS, "\ud800")
"""The same, and what a payload can have, but neither an argument nor the name of a file."""
hostile_texts = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=2).map("".join)


pytestmark = pytest.mark.usefixtures("elsewhere")


def is_clean(text: str) -> bool:
    """Return whether a text has no character but line feeds that does not print, and no line that is a command."""
    lines = text.split("\n")
    return all(map(str.isprintable, lines)) and not any(line.lstrip().startswith("::") for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", ARGUMENTS, ids=ascii)
def test_arguments(hostile):
    """An argument or option is escaped in every error about it, also in those of click."""
    put("a.json", b'{"event_name": "login"}')
    runs = (
        *((hostile,), (hostile, "a.json"), ("check", f"--{hostile}"), ("check", hostile), ("size", hostile)),
        *(("check", "a.json", option, hostile) for option in _OPTIONS),
        *(("size", "--format", hostile, "a.json"), ("fix", hostile), ("fix", "--select", hostile, "a.json")),
        *(("upgrade", hostile), ("upgrade", "--max-depth", hostile, "a"), ("validate", "--engine", hostile, "a")),
        *(("migrate", hostile, "out"), ("migrate", "a.json", f"missing/{hostile}"), ("migrate", "a", "b", hostile)),
        *(("rules", hostile), ("schema", hostile), ("schema", "--check", hostile)),
        *(("schema", "--compare", hostile, "a"), ("timestamp", hostile)),
        ("timestamp", "--assume-tz", hostile, "2024-06-10T08:00:00"),
    )
    # Each text in every seventh place and each place with every seventh text: all of them take a minute.
    for arguments in runs[ARGUMENTS.index(hostile) % 7 :: 7]:
        ran = tcspec(*arguments)
        assert ran.code in {0, 1, 2}, arguments
        assert is_clean(ran.out + ran.err), arguments
        assert not re.search(r"##\w*\[", ran.err)


_OPTIONS = (
    *("--kind", "--version", "--pointer", "--format", "--select", "--ignore", "--sender", "--fail-on", "--max-depth"),
    *("--max-length", "--baseline", "--require-events"),
)
_COMMANDS = (
    *(("check", "--format", style) for style in FORMATS if style not in {"server", "github"}),
    *(("check",), ("check", "--stats"), ("validate",), ("size",), ("size", "--format", "json")),
    *(("upgrade", "--check"), ("upgrade", "--diff"), ("fix", "--check", "--unsafe"), ("fix", "--diff", "--unsafe")),
    *(("schema", "--compare", "a.json"), ("check", "--format", "server", "--kind", "product")),
    *(("check", "--baseline"), ("check", "a.json", "--require-events")),
)


@given(st.data())
def test_files(data):
    """A file name, a key or a value is escaped in every output of every command, whatever the format."""
    name = data.draw(st.sampled_from(ARGUMENTS))
    key, value, event = (data.draw(hostile_texts) for _ in range(3))
    payload = {
        "event_name": event,
        key: value,
        "currency": value,
        "search_trem": {key: [value, {f"{key}@": key * 3}]},
        "$ref": value,
        "$schema": value,
        "user": {"id": 5, key: value},
        "context": {"event_timestamp": "1718006400"},
    }
    legacy = {"event": event, "properties": {"currency": "eur", "context": value, key: value}}
    payload = data.draw(st.sampled_from((payload, legacy, {"batch": [payload, legacy]}, [key], value)))
    text = json.dumps(payload, ensure_ascii=data.draw(st.booleans()), indent=data.draw(st.sampled_from((None, 1))))
    raw = text.encode(errors="surrogatepass")
    raw = raw[: data.draw(st.sampled_from((len(raw), len(raw) // 2)))]
    path = Path(f"{name}.json")
    path.write_bytes(raw)
    command = data.draw(st.sampled_from(_COMMANDS))
    ran = tcspec(*command, path)
    # `patch` needs these two as they are, and no terminal acts on them.
    kept = "\u2028\u2029" if "--diff" in command else ""
    assert is_clean((ran.out + ran.err).translate(dict.fromkeys(map(ord, kept), "\\")))
    assert ran.code < 3
    path.unlink()


@given(hostile_texts, hostile_texts)
def test_side_files(key, value):
    """So are the keys and values of the files that configure a run."""
    put("a.json", b'{"event_name": "login"}')
    known = {"path": key, "code": value, "pointer": value, "count": 1}
    texts = {
        "tcspec.toml": f"{json.dumps(key)} = {json.dumps(value)}",
        "tcspec.toml ": f"sender = {json.dumps(value)}",
        "required": json.dumps({key: 1, value: "x"}),
        "required ": f"{key}\n{value}\n",
        "baseline": json.dumps({"baseline_version": 1, "violations": [known]}),
    }
    for name, text in texts.items():
        Path("tcspec.toml").unlink(missing_ok=True)
        put(name.strip(), text.encode(errors="replace"))
        ran = tcspec("check", "a.json", *(f"--require-events {name}".split() if "req" in name else ()))
        assert is_clean(ran.out + ran.err)
        ran = tcspec("check", "a.json", *(f"--baseline {name}".split() if "base" in name else ()))
        assert is_clean(ran.out + ran.err)


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_github(hostile):
    """In the format of GitHub every line is one command of ours, and its parts are escaped by its rules."""
    key = json.dumps(hostile)
    put("a.json", f'{{"event_name": "x", {key}: 1, {key}: 2}}'.encode())
    lines = tcspec("check", "--format", "github", "a.json").out.split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("::error file=a.json,line=1,")
    assert all(map(str.isprintable, lines))


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_traceback(monkeypatch, hostile):
    """A traceback that was asked for is escaped line by line."""

    def fail(*_, **__):
        raise ZeroDivisionError(hostile)

    monkeypatch.setattr("tcspec.rules.checking.check_payload", fail)
    monkeypatch.setenv("TCSPEC_DEBUG", "1")
    ran = tcspec("check", put("a.json", b'{"event_name": "x"}'))
    assert ran.code == 3
    assert "Traceback (most recent call last):\n" in ran.err
    assert is_clean(ran.err)


@pytest.mark.parametrize("arguments", [("check", "a\nforged"), ("check", "--kind", "a\nforged", "b"), ("a\nforged",)])
def test_lines(arguments):
    """A line end in a name or an argument does not begin a line."""
    assert not any(line.startswith("forged") for line in tcspec(*arguments).err.split("\n"))
