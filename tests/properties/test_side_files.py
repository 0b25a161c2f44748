"""Properties of side files: whatever they hold, they are read or refused with an error that names the file."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import damaged, hostile_documents
from strategies.events import iter_paths, replace_value
from tcspec.cli.required_events import read_required_events
from tcspec.cli.schema_comparison import compare_schemas
from tcspec.files.lines import FileError
from tcspec.rules.baselines import read_baseline
from tcspec.rules.config_files import read_config_file
from tcspec.rules.settings import Settings
from tcspec.strategies.values import json_values

BASELINE = {
    "baseline_version": 1,
    "violations": [{"path": "a.json", "code": "TC101", "pointer": "/user", "count": 2}],
}
REQUIRED = ({"login": 1, "logout": 2}, ["login", "logout"])
DRAFT = "https://json-schema.org/draft/2020-12/schema"
INNER = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string", "minLength": 1}, "n": {"minimum": 0, "examples": [1]}},
    "allOf": [{"if": {"not": {"const": {}}}, "then": {"patternProperties": {"^a": {"enum": [1, "a"]}}}}],
}
ANY = json.dumps({"$schema": DRAFT, "type": "object"})
SCHEMAS = tuple({"$schema": DRAFT, "$ref": f"#/{place}/a", place: {"a": INNER}} for place in ("$defs", "elsewhere"))

CONFIG = """
select = ["TC1", "TC2"]
ignore = ["TC113"]
fail-on = "warning"
sender = "web"
[severity]
TC110 = "error"
[kinds]
"products/*.ndjson" = "product"
[expect]
"a.json" = ["TC201"]
[per-path."web/**"]
severity = { TC2 = "info" }
kind = "event"
expect = ["TC701"]
"""
_TEMPLATES = (
    *("%s", "%s = 1", "[%s]", "[[%s]]", "select = %s", "ignore = [%s]", "fail-on = %s", "sender = %s", "severity = %s"),
    *("kinds = %s", "expect = %s", "per-path = %s", "[severity]\nTC110 = %s", "[severity]\n%s = 'off'"),
    *("[kinds]\n'a' = %s", "[kinds]\n%s = 'event'", "[expect]\n'a' = %s", "[expect]\n%s = ['TC101']"),
    *("[per-path.a]\nkind = %s", "[per-path.a]\nseverity = %s", "[per-path.%s]\nsender = 'web'", "per-path.a = %s"),
)
_FRAGMENTS = (
    *(
        "''",
        '""',
        '"a"',
        '"TC1"',
        '"event"',
        '"[z-a]"',
        '"**/*"',
        '"a\\u0000"',
        "'*a*a*a*a*b'",
        '"TC1O1"',
        "a",
        "a.b.c",
    ),
    *("1", "0x" + "f" * 5_000, "9" * 5_000, "1e999", "nan", "true", "2026-11-29", "2026-11-29T07:00:00Z", "07:00:00"),
    *("[]", "[1]", "['TC1', 1]", "[[]]", "{}", "{a = 1}", "{'*' = 'event'}", "[" * 2_000, "{a=" * 2_000, "'" * 3, "#"),
)

toml_files = st.one_of(
    st.builds(
        lambda template, fragment: template.replace("%s", fragment).encode(),
        st.sampled_from(_TEMPLATES),
        st.sampled_from(_FRAGMENTS),
    ),
    damaged(st.just(CONFIG.encode())),
    st.binary(max_size=40),
)


@st.composite
def nearly(draw, *documents):
    """Draw the text of a document in which one value is replaced by any JSON value."""
    document = draw(st.sampled_from(documents))
    path = draw(st.sampled_from(list(iter_paths(document))))
    value = draw(json_values())
    return json.dumps(replace_value(document, path, value) if path else value).encode()


def json_files(*documents):
    """Draw the content of a file that may hold such a document."""
    texts = nearly(*documents)
    return st.one_of(texts, damaged(texts), damaged(st.sampled_from([json.dumps(each).encode() for each in documents])))


def assert_read_or_refused(read, name, content):
    """Check that a reader returns, or raises an error that names the file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        error = None
        try:
            read(path)
        except FileError as refused:
            error = refused
        assert error is None or (error.path == str(path) and error.reason)


@given(st.one_of(json_files(BASELINE), hostile_documents))
def test_baselines(content):
    """A baseline is read or refused, and what is read has counts by path, code and pointer."""

    def read(path):
        for name, known in read_baseline(str(path)).known.items():
            assert isinstance(name, str)
            assert all(count >= 1 for count in known.values())

    assert_read_or_refused(read, "base.json", content)


@given(st.one_of(json_files(*REQUIRED), hostile_documents, damaged(st.just(b"login\r\n# none\nlogout"))))
def test_required_events(content):
    """Required events are read or refused, and each that is read has a name and a minimum."""

    def read(path):
        required = read_required_events(str(path)).required
        assert required
        assert all(each.name.strip() and each.minimum >= 1 for each in required)

    assert_read_or_refused(read, "required.txt", content)


@given(st.one_of(json_files(*SCHEMAS), hostile_documents))
def test_schemas(content):
    """A schema is read and the same as itself, or refused."""

    def read(path):
        with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
            compare_schemas(str(path), str(path), "json", str)
            compare_schemas(str(path), "event", "json", lambda _: ANY)

    assert_read_or_refused(read, "schema.json", content)


@given(toml_files)
def test_configuration(content):
    """A configuration is read and applies to any path, or is refused."""

    def read(path):
        config = read_config_file(path)
        for name in ("a", "a" * 300, "", "-", "a\0b", "../a", "/", "é\udcff"):
            config.settings_for(name, Settings())

    assert_read_or_refused(read, "tcspec.toml", content)


@given(st.one_of(toml_files.map(lambda raw: b"[tool.tcspec]\n" + raw), toml_files))
def test_shared_configuration(content):
    """Likewise its table in `pyproject.toml`."""
    assert_read_or_refused(read_config_file, "pyproject.toml", content)
