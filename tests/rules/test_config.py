from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tcspec.files.lines import FileError
from tcspec.rules.config import Config, PathSettings
from tcspec.rules.config_files import build_path_settings, read_config
from tcspec.rules.settings import Settings

WHOLE = """
select = ["TC1", "tc2"]
ignore = ["TC113"]
fail-on = "warning"
sender = "web"

[severity]
TC110 = "error"
TC11 = "off"

[kinds]
"products/*.ndjson" = "product"

[expect]
"products/*.ndjson" = ["TC801"]
"a.json" = ["TC201"]

[per-path."web/**"]
ignore = ["TC320"]
sender = "mobile"
severity = { TC2 = "info" }

[per-path."web/old/*"]
expect = ["TC701"]
kind = "event"
select = ["TC7"]
ignore = ["TC330"]
"""

FILE_KEYS = ("select", "ignore", "severity", "sender", "kind", "expect")
WEB = Settings(sender="web")
ABSOLUTE = "expected a path from the folder of this file, got an absolute one"


def read(text, name=""):
    """Return the configuration in a text."""
    return read_config(Path("tcspec.toml"), tomllib.loads(text), name)


def test_settings_of_the_project():
    """The settings of a project are the top-level keys; codes may be in any case."""
    config = read(WHOLE)
    assert config.settings == Settings(
        ("TC1", "TC2"), ("TC113",), {"TC110": "error", "TC11": "off"}, "web", None, frozenset()
    )
    assert config.fail_on == "warning"


def test_files_of_folders():
    """The patterns of files in folders are relative to the folder of the configuration."""
    config = read_config(Path("shop/tcspec.toml"), tomllib.loads('include = ["*.json"]\nexclude = ["old"]'), "")
    assert (config.include.folder, len(config.include.patterns)) == ("shop", 1)
    assert (config.exclude.folder, len(config.exclude.patterns)) == ("shop", 1)
    assert config.include != config.exclude
    assert (read("").include, read("").exclude) == (None, None)


def test_empty():
    """An empty table is the default configuration."""
    assert read("") == Config()
    assert Config().settings_for("a.json", Settings()) == Settings()


def test_settings_of_files():
    """The settings of a file override those of the project: the first match wins, and ignored codes add up."""
    config = read(WHOLE)
    assert config.settings_for("a.json", Settings()).expected == {"TC201"}
    product = config.settings_for("products/a.ndjson", Settings())
    assert (product.kind, product.expected) == ("product", {"TC801"})
    web = config.settings_for("web/a.json", Settings())
    assert (web.sender, set(web.ignore)) == ("mobile", {"TC113", "TC320"})
    assert web.severities == {"TC110": "error", "TC11": "off", "TC2": "info"}
    old = config.settings_for("web/old/a.json", Settings())
    assert (old.select, set(old.ignore), old.sender) == (("TC7",), {"TC113", "TC320", "TC330"}, "mobile")


def test_command_line_overrides():
    """The command line overrides; its ignored codes replace those of the project, not those of the file."""
    requested = Settings(select=("TC3",), ignore=("TC4",), sender="server", kind="batch")
    settings = read(WHOLE).settings_for("web/a.json", requested)
    assert (settings.select, set(settings.ignore)) == (("TC3",), {"TC4", "TC320"})
    assert (settings.sender, settings.kind) == ("server", "batch")


def test_paths_that_begin_in_the_folder():
    """A path may begin with `./`, as shells write it: it is the same path."""
    config = read('[expect]\n"./a.json" = ["TC201"]\n[per-path."./b/*"]\nkind = "user"\n[kinds]\n"c/./d" = "user"')
    for path in ("a.json", "./a.json"):
        assert config.settings_for(path, Settings()).expected == {"TC201"}
    assert config.settings_for("b/c.json", Settings()).kind == "user"


def test_without_expectations():
    """The same configuration exists without files that must fail."""
    config = read_config(Path("shop/tcspec.toml"), tomllib.loads(WHOLE))
    tolerant = config.without_expectations()
    for path in ("shop/a.json", "shop/products/a.ndjson", "shop/web/old/a.json"):
        settings = config.settings_for(path, Settings())
        assert settings.expected
        assert tolerant.settings_for(path, Settings()) == settings._replace(expected=frozenset())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('selct = ["TC1"]', "unknown key 'selct'; did you mean select?"),
        ('fail_on = "error"', "unknown key 'fail_on'; did you mean fail-on?"),
        (
            "zzz = 1",
            (
                "unknown key 'zzz'; expected one of select, ignore, severity, sender, fail-on, include, exclude, "
                "per-path, kinds, expect"
            ),
        ),
        ('select = ["TC9"]', "'select': no code starts with 'TC9'; did you mean TC009?"),
        ('ignore = ["TC11O"]', "'ignore': no code starts with 'TC11O'; did you mean TC110?"),
        ('ignore = [""]', "'ignore': no code starts with ''"),
        ('ignore = "TC1"', "'ignore': expected a list of codes, such as [\"TC113\"]"),
        ("ignore = [1]", "'ignore': expected a list of codes, such as [\"TC113\"]"),
        (
            'fail-on = "errors"',
            "'fail-on': expected one of error, warning, info, never, got 'errors'; did you mean error?",
        ),
        ("fail-on = 3", "'fail-on': expected one of error, warning, info, never, got the integer 3"),
        ('sender = "serve"', "'sender': expected one of server, web, mobile, got 'serve'; did you mean server?"),
        ("severity = 3", "'severity': expected a table from codes to severities"),
        ('[severity]\nTC110 = "bad"', "[severity] 'TC110': expected one of error, warning, info, off, got 'bad'"),
        (
            '[severity]\nTC9 = "off"',
            "[severity] 'TC9': no code starts with 'TC9'; did you mean TC009?",
        ),
        ('[per-path]\n"a" = 3', '[per-path."a"]: expected a table of settings'),
        ('[per-path."a"]\nignor = ["TC1"]', "[per-path.\"a\"]: unknown key 'ignor'; did you mean ignore?"),
        (
            '[per-path."a"]\nkind = "order"',
            "[per-path.\"a\"] 'kind': expected one of event, batch, pixel, user, product, conversion, got 'order'",
        ),
        ('[per-path."a"]\nexpect = "TC101"', '[per-path."a"] \'expect\': expected a list of codes, such as ["TC401"]'),
        (
            '[per-path."a"]\nexpect = ["tc21O"]',
            "[per-path.\"a\"] 'expect': unknown code 'tc21O'; did you mean TC210?",
        ),
        ('[expect]\n"a" = ["TC"]', "[expect] 'a': expected whole codes, such as TC001, got 'TC'"),
        ('[expect]\n"a" = ["tc21"]', "[expect] 'a': expected whole codes, such as TC210, got 'tc21'"),
        (
            "[tool.tcspec]\nignore = ['TC1']",
            (
                "[tool.tcspec] is for pyproject.toml; "
                "here the tables begin without it: [severity] for [tool.tcspec.severity]"
            ),
        ),
        ('[expect]\n"/a" = ["TC101"]', f"[expect] '/a': {ABSOLUTE}"),
        ('[kinds]\n"/**" = "event"', f"[kinds] '/**': {ABSOLUTE}"),
        (
            '[kinds]\n"./a" = "event"\n"a" = "user"',
            "[kinds] 'a': 'a' stands there too, and is the same path",
        ),
        ('[per-path."./"]\nkind = "event"', "[per-path] './': expected a path or a glob, got an empty string"),
        (
            '[severity]\nTC101 = "off"\ntc101 = "error"',
            "[severity] 'tc101': TC101 stands there twice, in different case",
        ),
        ("fail-on = 'none'", "'fail-on': expected one of error, warning, info, never, got 'none'"),
        (
            '[per-path.a]\nversion = "1.0"',
            f"[per-path.\"a\"]: unknown key 'version'; expected one of {', '.join(FILE_KEYS)}",
        ),
        (
            '[kinds]\n"a" = 3',
            "[kinds] 'a': expected one of event, batch, pixel, user, product, conversion, got the integer 3",
        ),
        (
            '[per-path."a"]\nfail-on = "error"',
            "[per-path.\"a\"]: unknown key 'fail-on'; expected one of select, ignore, severity, sender, kind, expect",
        ),
        (
            '[kinds]\na = "event"\n[per-path.a]\nkind = "user"',
            "[per-path.\"a\"] 'kind': [kinds] sets the same for this path; keep one of them",
        ),
        (
            '[expect]\na = ["TC101"]\n[per-path.a]\nexpect = ["TC201"]',
            "[per-path.\"a\"] 'expect': [expect] sets the same for this path; keep one of them",
        ),
        ("per-path = 3", "[per-path]: expected a table from paths to settings"),
        ("select = 3", "'select': expected a list of codes, such as [\"TC113\"]"),
        ("severity = []", "'severity': expected a table from codes to severities"),
        ("[severity]\nTC110 = 3", "[severity] 'TC110': expected one of error, warning, info, off, got the integer 3"),
        ("fail-on = true", "'fail-on': expected one of error, warning, info, never, got a boolean"),
        ("fail-on = []", "'fail-on': expected one of error, warning, info, never, got an array"),
        (f"fail-on = 0x{'f' * 5_000}", "'fail-on': expected one of error, warning, info, never, got an integer"),
        (f"fail-on = '{'a' * 5_000}'", "'fail-on': expected one of error, warning, info, never, got a string"),
        ("sender = 1.5", "'sender': expected one of server, web, mobile, got a number"),
        ("[per-path]\na = []", '[per-path."a"]: expected a table of settings'),
        ("[per-path.a]\nseverity = 3", "[per-path.\"a\"] 'severity': expected a table from codes to severities"),
        (
            "[per-path.a.severity]\nTC1 = 3",
            "[per-path.\"a\".severity] 'TC1': expected one of error, warning, info, off, got the integer 3",
        ),
        ("[per-path.a]\nsender = {}", "[per-path.\"a\"] 'sender': expected one of server, web, mobile, got an object"),
        ('[per-path.a]\nselect = ["TC1", 1]', '[per-path."a"] \'select\': expected a list of codes, such as ["TC113"]'),
        ('[kinds]\n"[z-a]" = "event"', "[kinds] '[z-a]': the range [z-a] has no character; did you mean [a-z]?"),
        ('[expect]\n"a\\u0000" = ["TC101"]', "[expect] 'a\\x00': a path cannot have a null character"),
        ('[per-path.""]\nkind = "event"', "[per-path] '': expected a path or a glob, got an empty string"),
        (
            f"[per-path.a]\n{'a' * 200} = 1",
            f"[per-path.\"a\"]: unknown key '{'a' * 100}'...; expected one of {', '.join(FILE_KEYS)}",
        ),
        ("include = 3", "'include': expected a list of patterns, such as [\"archive/\"]"),
        ("exclude = []", "'exclude': expected a list of patterns, such as [\"archive/\"]"),
        ('exclude = ["a", 1]', "'exclude': expected a list of patterns, such as [\"archive/\"]"),
        ('exclude = [""]', "'exclude': expected a path or a glob, got an empty string"),
        ('include = ["[z-a]"]', "'include': the range [z-a] has no character; did you mean [a-z]?"),
        ("kinds = 3", "[kinds]: expected a table from paths to kinds"),
        ("expect = 3", "[expect]: expected a table from paths to lists of codes"),
    ],
)
def test_invalid_configurations(text, reason):
    """An invalid configuration is refused with the file, the place in it, and a suggestion."""
    with pytest.raises(FileError) as wrong:
        read(text)
    assert str(wrong.value) == f"tcspec.toml: {reason}"


def test_names_of_tables():
    """In a shared file the tables have their full names."""
    with pytest.raises(FileError, match=r"\[tool.tcspec\]: unknown key 'selct'"):
        read('selct = ["TC1"]', "tool.tcspec")
    with pytest.raises(FileError, match=r"\[tool.tcspec.severity\] 'TC110': expected one of"):
        read("[severity]\nTC110 = 1", "tool.tcspec")
    with pytest.raises(FileError, match=r"\[tool.tcspec.kinds\] 'a': expected one of"):
        read('[kinds]\na = "invoice"', "tool.tcspec")
    with pytest.raises(FileError, match=r"pyproject.toml: \[tool.tcspec\]: expected a table of settings$"):
        read_config(Path("pyproject.toml"), 3, "tool.tcspec")


def test_root_of_a_file():
    """Without a name the tables are at the root of the file."""
    with pytest.raises(FileError, match=r"^tcspec.toml: unknown key 'fail_on'"):
        read_config(Path("tcspec.toml"), {"fail_on": "error"})


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.json", "a.json", True),
        ("*.json", "b/a.json", False),
        ("b/*.json", "b/a.json", True),
        ("**/*.json", "a.json", True),
        ("**/*.json", "b/c/a.json", True),
        ("b/**", "b/c/a.json", True),
        ("b/**", "a.json", False),
        ("b/**/a.json", "b/a.json", True),
        ("b/**/a.json", "b/ca.json", False),
        ("b/**/a.json", "a.json", False),
        ("**/*.json", "b\nc/a.json", True),
        ("?.json", "a.json", True),
        ("?.json", "aa.json", False),
        ("[a-c].json", "b.json", True),
        ("[a-c].json", "X.json", False),
        ("b[a-c].json", "a.json", False),
        ("[!a-c].json", "b.json", False),
        ("a+.json", "aa.json", False),
        ("a.json", "a.json", True),
        ("a.json", "./a.json", True),
        ("a.json", "b/../a.json", True),
    ],
)
def test_globs(glob, path, matches):
    """`*` and `?` match within a folder, `**` across folders, everything else matches itself."""
    assert list(build_path_settings(Path(), {glob: WEB}).iter_matches(path)) == [WEB] * matches


def test_order_of_paths():
    """The entry of the file's own path comes first, then globs in their order."""
    one, two, three = (Settings(sender=sender) for sender in ("web", "mobile", "server"))
    table = build_path_settings(Path(), {"**/*.json": one, "b.json": two, "b*.json": three})
    assert list(table.iter_matches("b.json")) == [two, one, three]
    assert list(table.iter_matches("a.json")) == [one]


def test_paths_are_relative_to_the_folder(tmp_path, monkeypatch):
    """Paths and globs are relative to the folder of the table, whatever the current folder is."""
    table = build_path_settings(tmp_path / "fixtures", {"a.json": WEB, "*.ndjson": Settings(kind="event")})
    monkeypatch.chdir(tmp_path)
    assert list(table.iter_matches("fixtures/a.json")) == [WEB]
    assert list(table.iter_matches(str(tmp_path / "fixtures/b.ndjson"))) == [Settings(kind="event")]
    assert list(table.iter_matches("a.json")) == []


def test_no_paths():
    """An empty table has no entry for any file."""
    assert list(PathSettings().iter_matches("a.json")) == []


def test_long_names():
    """A name of up to 100 characters is shown as it is, a longer one is cut."""
    for length, shown in ((100, "x" * 100 + "'"), (101, "x" * 100 + "'...")):
        with pytest.raises(FileError) as wrong:
            read(f"{'x' * length} = 1")
        assert f"unknown key '{shown};" in str(wrong.value)
