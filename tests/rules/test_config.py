from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tcspec.rules.config import Config, WrongConfig, read_config
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
    asked = Settings(select=("TC3",), ignore=("TC4",), sender="server", kind="batch")
    settings = read(WHOLE).settings_for("web/a.json", asked)
    assert (settings.select, set(settings.ignore)) == (("TC3",), {"TC4", "TC320"})
    assert (settings.sender, settings.kind) == ("server", "batch")


def test_without_expectations():
    """The same configuration exists without files that must fail."""
    config = read_config(Path("shop/tcspec.toml"), tomllib.loads(WHOLE))
    tolerant = config.without_expectations()
    for path in ("shop/a.json", "shop/products/a.ndjson", "shop/web/old/a.json"):
        settings = config.settings_for(path, Settings())
        assert settings.expected
        assert tolerant.settings_for(path, Settings()) == replace(settings, expected=frozenset())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('selct = ["TC1"]', "the file has no key 'selct'; did you mean select?"),
        ('fail_on = "error"', "the file has no key 'fail_on'; did you mean fail-on?"),
        (
            "zzz = 1",
            "the file has no key 'zzz'; there are select, ignore, severity, sender, fail-on, per-path, kinds, expect",
        ),
        ('select = ["TC9"]', "'select' names 'TC9', with which no code begins; did you mean TC009?"),
        ('ignore = ["TC11O"]', "'ignore' names 'TC11O', with which no code begins; did you mean TC110?"),
        ('ignore = [""]', "'ignore' names '', with which no code begins"),
        ('ignore = "TC1"', "'ignore' must be a list of codes, such as [\"TC113\"]"),
        ("ignore = [1]", "'ignore' must be a list of codes, such as [\"TC113\"]"),
        (
            'fail-on = "errors"',
            "'fail-on' must be one of error, warning, info, never, not 'errors'; did you mean error?",
        ),
        ("fail-on = 3", "'fail-on' must be one of error, warning, info, never, not 3"),
        ('sender = "serve"', "'sender' must be one of server, web, mobile, not 'serve'; did you mean server?"),
        ("severity = 3", "'severity' must be a table from codes to severities"),
        ('[severity]\nTC110 = "bad"', "[severity] 'TC110' must be one of error, warning, info, off, not 'bad'"),
        (
            '[severity]\nTC9 = "off"',
            "[severity] 'TC9' names 'TC9', with which no code begins; did you mean TC009?",
        ),
        ('[per-path]\n"a" = 3', '[per-path."a"] must be a table of settings'),
        ('[per-path."a"]\nignor = ["TC1"]', "[per-path.\"a\"] has no key 'ignor'; did you mean ignore?"),
        (
            '[per-path."a"]\nkind = "order"',
            "[per-path.\"a\"] 'kind' must be one of event, batch, pixel, user, product, conversion, not 'order'",
        ),
        ('[per-path."a"]\nexpect = "TC101"', '[per-path."a"] \'expect\' must be a list of codes, such as ["TC401"]'),
        (
            '[per-path."a"]\nexpect = ["tc21O"]',
            "[per-path.\"a\"] 'expect' names 'tc21O', which is no code; did you mean TC210?",
        ),
        ('[expect]\n"a" = ["TC"]', "[expect] 'a' names 'TC', which is no code; did you mean TC421?"),
        ('[kinds]\n"a" = 3', "[kinds] 'a' must be one of event, batch, pixel, user, product, conversion, not 3"),
        (
            '[per-path."a"]\nfail-on = "error"',
            "[per-path.\"a\"] has no key 'fail-on'; there are select, ignore, severity, sender, kind, expect",
        ),
        (
            '[kinds]\na = "event"\n[per-path.a]\nkind = "user"',
            '[per-path."a"] says what another table says of the same path',
        ),
        (
            '[expect]\na = ["TC101"]\n[per-path.a]\nexpect = ["TC201"]',
            '[per-path."a"] says what another table says of the same path',
        ),
        ("per-path = 3", "[per-path] must be a table from paths to settings"),
        ("kinds = 3", "[kinds] must be a table from paths to kinds"),
        ("expect = 3", "[expect] must be a table from paths to lists of codes"),
    ],
)
def test_invalid_configurations(text, reason):
    """An invalid configuration is refused with the file, the place in it, and a suggestion."""
    with pytest.raises(WrongConfig) as wrong:
        read(text)
    assert str(wrong.value) == f"tcspec.toml: {reason}"


def test_names_of_tables():
    """In a shared file the tables have their full names."""
    with pytest.raises(WrongConfig, match=r"\[tool.tcspec\] has no key 'selct'"):
        read('selct = ["TC1"]', "tool.tcspec")
    with pytest.raises(WrongConfig, match=r"\[tool.tcspec.severity\] 'TC110' must be one of"):
        read("[severity]\nTC110 = 1", "tool.tcspec")
    with pytest.raises(WrongConfig, match=r"\[tool.tcspec.kinds\] 'a' must be one of"):
        read('[kinds]\na = "invoice"', "tool.tcspec")
    with pytest.raises(WrongConfig, match=r"pyproject.toml: \[tool.tcspec\] must be a table of settings$"):
        read_config(Path("pyproject.toml"), 3, "tool.tcspec")


def test_root_of_a_file():
    """Without a name the tables are at the root of the file."""
    with pytest.raises(WrongConfig, match=r"^tcspec.toml: the file has no key 'fail_on'"):
        read_config(Path("tcspec.toml"), {"fail_on": "error"})
