from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from command import tcspec
from tcspec.files.lines import FileError
from tcspec.rules.project import load_config
from tcspec.rules.settings import Settings

USER = '{"id":"c-1","consistent_anonymous_id":"a-1","consent_categories":["1"]}'
NO_ID = f'{{"event_name":"login","user":{USER},"context":{{"event_timestamp":1718006400000}}}}'
BOTH = NO_ID.replace('"id":"c-1"', '"id":"c-1","email_md5":"x"')
NOT_TOML = "it cannot be read as TOML"
TEST = NO_ID.replace('"login"', '"login","test_code":"T-1"').replace('"context":{', '"context":{"event_id":"1",')
"""An event with one info, TC054."""


pytestmark = pytest.mark.usefixtures("elsewhere")


def expect(table: str) -> None:
    """Write a table of expectations for the current folder."""
    Path("pyproject.toml").write_text(f"[tool.tcspec.expect]\n{table}\n", encoding="utf-8")


def put(name: str, text: str) -> str:
    """Write a file below the current folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def expected_of(start: Path, path: str) -> frozenset[str]:
    """Return the expected codes of a file, by the configuration that is found from a folder."""
    return load_config(start).settings_for(path, Settings()).expected


def test_expected_codes():
    """A file with exactly the expected errors passes, and they are not reported."""
    expect('"a.json" = ["TC201"]')
    ran = tcspec("check", put("a.json", NO_ID))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "1 payload in 1 file: no violations; 1 expected violation\n"


def test_missing_code():
    """An expected code that does not occur is a failure that names the code."""
    expect('"a.json" = ["TC201", "TC403"]')
    ran = tcspec("check", put("a.json", NO_ID))
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "a.json: unmet error: expected TC403, which did not occur"
    assert "1 expected violation did not occur" in ran.err


def test_other_code():
    """A code that is not expected is reported as usual."""
    expect('"a.json" = ["TC201"]')
    ran = tcspec("check", put("a.json", BOTH))
    assert ran.code == 1
    assert ran.out.startswith("a.json:1:54: TC303 error")
    assert "TC201" not in ran.out


def test_other_severity():
    """A warning beside an expected error is reported, and fails when warnings do."""
    expect('"a.json" = ["TC201"]')
    heavy = json.dumps(json.loads(NO_ID) | {"text": "x" * 32_300})
    ran = tcspec("check", "--fail-on", "warning", put("a.json", heavy))
    assert (ran.code, ran.out[:27]) == (1, "a.json:1:1: TC021 warning: ")


def test_expected_rule():
    """The code of a rule may be expected too, and is missed if it does not occur."""
    expect('"*.json" = ["TC054"]')
    ran = tcspec("check", "--fail-on", "info", put("a.json", TEST))
    assert (ran.code, ran.err) == (0, "1 payload in 1 file: no violations; 1 expected violation\n")
    ran = tcspec("check", put("b.json", TEST.replace("test_code", "method")))
    assert (ran.code, ran.out.splitlines()[0]) == (1, "b.json: unmet error: expected TC054, which did not occur")
    assert "test event" in ran.out


@pytest.mark.parametrize("setting", ["severity.TC201 = 'off'", "severity.TC201 = 'info'", "ignore = ['TC201']"])
def test_expected_code_that_is_not_reported(setting):
    """An expected code occurs in a file, or does not, whatever is reported of it."""
    text = f"[tool.tcspec]\n{setting}\nexpect.'*.json' = ['TC201']\n"
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert tcspec("check", put("a.json", NO_ID)).code == 0
    ran = tcspec("check", put("b.json", TEST))
    assert ran.code == 1
    assert "b.json: unmet error: expected TC201, which did not occur" in ran.out.splitlines()


def test_selection_of_codes():
    """Expected codes count whether they are selected or not."""
    expect('"a.json" = ["TC201"]')
    ran = tcspec("check", "--select", "TC4", put("a.json", NO_ID))
    assert (ran.code, ran.err) == (0, "1 payload in 1 file: no violations\n")


def test_no_expect():
    """With --no-expect no file has to fail."""
    expect('"a.json" = ["TC201"]')
    assert tcspec("check", "--no-expect", put("a.json", NO_ID)).code == 1


def test_json():
    """The JSON report has all violations, and marks the expected ones."""
    expect('"a.json" = ["TC201", "TC403"]')
    report = json.loads(tcspec("check", "--format", "json", put("a.json", NO_ID)).out)
    (file,) = report["files"]
    assert [(v["code"], v["is_expected"]) for v in file["violations"]] == [("TC201", True)]
    assert file["unmet"] == ["TC403"]
    assert report["summary"]["expected"] == report["summary"]["unmet"] == 1


def test_expected_files_are_payloads():
    """A file that has to fail is never skipped as no payload."""
    expect('"a.json" = ["TC009"]')
    ran = tcspec("check", "--payloads-only", put("a.json", "[]"))
    assert (ran.code, ran.err) == (0, "1 payload in 1 file: no violations; 1 expected violation\n")


def test_unreadable_file():
    """A file that cannot be read is only reported as unreadable."""
    expect('"a.json" = ["TC009"]')
    ran = tcspec("check", "a.json")
    assert (ran.code, "expected" in ran.out + ran.err) == (2, False)


def test_paths_are_relative_to_the_table(monkeypatch):
    """Paths in the table are relative to its own folder, whatever the current folder is."""
    expect('"fixtures/a.json" = ["TC201"]')
    put("fixtures/a.json", NO_ID)
    monkeypatch.chdir("fixtures")
    assert tcspec("check", "a.json").code == 0
    assert tcspec("check", Path("a.json").absolute()).code == 0


def test_precedence(tmp_path):
    """A path wins over globs, and the first glob over the others."""
    expect('"**/*.json" = ["TC201"]\n"a*.json" = ["TC303"]\n"b.json" = ["TC403"]')
    assert expected_of(tmp_path, "a.json") == {"TC201"}
    assert expected_of(tmp_path, "b.json") == {"TC403"}


def test_a_changed_configuration_is_read_again(tmp_path):
    """A configuration is read once while it does not change, and again after any change, however soon."""
    path = tmp_path / "tcspec.toml"
    for number, code in enumerate(("TC1", "TC2", "TC3")):
        path.write_text(f'ignore = ["{code}"]', encoding="utf-8")
        assert load_config(tmp_path).settings.ignore == (code,)
        os.utime(path, (number, number))
        assert load_config(tmp_path) is load_config(tmp_path)
        assert load_config(tmp_path).settings.ignore == (code,)
    path.unlink()
    assert load_config(tmp_path).settings.ignore == ()


def test_no_configuration(tmp_path):
    """A pyproject.toml without a table is passed over; the nearest one with a table counts, also with an empty one."""
    expect('"**" = ["TC201"]')
    below = tmp_path / "below"
    below.mkdir()
    assert expected_of(below, "below/a.json") == {"TC201"}
    for text in ("", "[project]\n", '[tool.other]\nname = "x"\n'):
        (below / "pyproject.toml").write_text(text, encoding="utf-8")
        assert expected_of(below, "below/a.json") == {"TC201"}
    (below / "pyproject.toml").write_text("[tool.tcspec]\n", encoding="utf-8")
    assert expected_of(below, "below/a.json") == set()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('"a.json" = ["TC4O1"]', "[tool.tcspec.expect] 'a.json': unknown code 'TC4O1'; did you mean TC4"),
        ('"a.json" = ["nonsense"]', "unknown code 'nonsense'"),
        ('"a.json" = "TC401"', "expected a list of codes"),
        ('"a.json" = []', "expected a list of codes"),
        ('"a.json" = [401]', "expected a list of codes"),
        ('"a.json" = ', "cannot be read"),
    ],
)
def test_invalid_table(tmp_path, table, reason):
    """An invalid table is misuse, with the place and the reason."""
    expect(table)
    with pytest.raises(FileError, match=r"pyproject\.toml: ") as wrong:
        load_config(tmp_path)
    assert reason in str(wrong.value)
    ran = tcspec("check", put("a.json", NO_ID))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("tcspec: ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('tool = "x"', "[tool]: expected a table of settings"),
        ("[tool]\ntcspec = 1", "[tool.tcspec]: expected a table of settings"),
        (f"[tool]\n{'k.' * 100}k = 1", f"{NOT_TOML}: a dotted key has more than 100 parts (at line 2)"),
        (f"{'k.' * 100}k = 1\n" * 2, f"{NOT_TOML}: a dotted key has more than 100 parts (at line 1)"),
        ("a = " + "[" * 100_000, f"{NOT_TOML}: arrays or tables are nested too deeply"),
        ("a = " + "9" * 5_000, f"{NOT_TOML}: an integer has too many digits"),
        (" " * (2**20 + 1), "it is longer than 1,048,576 bytes, the maximum for a file of this purpose"),
    ],
    ids=range(7),
)
def test_bad_files(tmp_path, text, reason):
    """A file that is too long or no TOML within the limits, or whose table is none, is misuse that names the file."""
    path = tmp_path / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as wrong:
        load_config(tmp_path)
    assert str(wrong.value) == f"{path}: {reason}"


def test_not_a_table_of_expectations(tmp_path):
    """Anything but a table of expectations is misuse."""
    put("pyproject.toml", '[tool.tcspec]\nexpect = ["a.json"]')
    with pytest.raises(FileError, match="expected a table"):
        load_config(tmp_path)


def test_names_that_no_file_has(tmp_path):
    """A folder with a name that is too long for the system is an error that names the file in it."""
    folder = tmp_path / ("x" * 300)
    with pytest.raises(FileError) as wrong:
        load_config(folder)
    assert str(wrong.value).startswith(f"{folder / 'tcspec.toml'}: ")


class TestFiles:
    """The file that is read."""

    def test_own_file(self, tmp_path):
        """`tcspec.toml` has the same tables at its root, and wins over a pyproject.toml in the same folder."""
        expect('"a.json" = ["TC303"]')
        put("tcspec.toml", '[expect]\n"a.json" = ["TC201"]\n')
        assert expected_of(tmp_path, "a.json") == {"TC201"}

    def test_nearest(self, tmp_path):
        """The nearest folder counts, whichever of both files it has."""
        put("tcspec.toml", 'ignore = ["TC1"]\n')
        put("below/pyproject.toml", '[tool.tcspec]\nignore = ["TC2"]\n')
        (tmp_path / "below/deeper").mkdir()
        assert load_config(tmp_path / "below/deeper").settings.ignore == ("TC2",)
        assert load_config(tmp_path).settings.ignore == ("TC1",)

    def test_invalid_key(self):
        """An invalid key is refused with the file, the key and a suggestion."""
        put("tcspec.toml", 'selct = ["TC1"]\n')
        ran = tcspec("check", put("a.json", NO_ID))
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.endswith("tcspec.toml: unknown key 'selct'; did you mean select?\n")

    def test_invalid_toml(self):
        """A file that is not TOML is misuse."""
        put("tcspec.toml", "ignore = [")
        assert tcspec("check", put("a.json", NO_ID)).code == 2


class TestKinds:
    """`[tool.tcspec.kinds]`: the kinds of files."""

    def kinds(self, table):
        """Write a table of kinds for the current folder."""
        Path("pyproject.toml").write_text(f"[tool.tcspec.kinds]\n{table}\n", encoding="utf-8")

    def test_kind_of_a_file(self):
        """A file has the kind that the project sets, unless another is requested."""
        self.kinds('"products/*" = "product"')
        put("products/a.ndjson", '{"id": "P1"}\n{"id": 7}')
        ran = tcspec("check", "products/a.ndjson")
        assert (ran.code, ran.out.partition(" error")[0]) == (1, "products/a.ndjson:2:8: TC802")
        assert "TC801" in tcspec("check", "--kind", "user", "products/a.ndjson").out

    def test_files_with_a_kind_are_payloads(self):
        """A file whose kind is set is never skipped, and may be expected to fail."""
        Path("pyproject.toml").write_text(
            '[tool.tcspec.kinds]\n"a.json" = "product"\n[tool.tcspec.expect]\n"a.json" = ["TC801"]\n', encoding="utf-8"
        )
        put("a.json", "{}")
        ran = tcspec("check", "--payloads-only", "a.json")
        assert (ran.code, ran.err) == (0, "1 payload in 1 file: no violations; 1 expected violation\n")
        assert tcspec("check", "--payloads-only", "--no-expect", "a.json").code == 1

    @pytest.mark.parametrize("table", ['"a.json" = "order"', '"a.json" = ["product"]', '"a.json" = 3'])
    def test_unknown_kind(self, table):
        """An unknown kind is misuse, with the known ones."""
        self.kinds(table)
        ran = tcspec("check", put("a.json", "{}"))
        assert ran.code == 2
        assert "expected one of event, batch, pixel, user, product, conversion" in ran.err


class TestReadAgain:
    """A configuration is kept while its file has the same time, length and number in the file system."""

    def write(self, code, time):
        """Write a configuration that was changed at a time, in nanoseconds."""
        path = Path("tcspec.toml")
        path.write_text(f'ignore = ["{code}"]', encoding="utf-8")
        os.utime(path, ns=(time, time))

    def test_length(self):
        """A file of another length is read again."""
        for code in ("TC1", "TC23"):
            self.write(code, 1)
            assert load_config().settings.ignore == (code,)

    def test_replaced_file(self):
        """A file that another one replaced is read again."""
        self.write("TC1", 1)
        assert load_config().settings.ignore == ("TC1",)
        Path("tcspec.toml").rename("old.toml")
        self.write("TC2", 1)
        assert load_config().settings.ignore == ("TC2",)

    @pytest.mark.parametrize(("age", "is_kept"), [(1_999_999_999, False), (2_000_000_000, True)])
    def test_recent_changes(self, monkeypatch, age, is_kept):
        """A file that changed within the last two seconds is read again, as it may change without another time."""
        now = 1_718_006_400_000_000_000
        monkeypatch.setattr("time.time_ns", lambda: now)
        self.write("TC1", now - age)
        assert load_config().settings.ignore == ("TC1",)
        self.write("TC2", now - age)
        assert load_config().settings.ignore == (("TC1",) if is_kept else ("TC2",))

    def test_link_to_nothing(self):
        """A link to no file is an error that names the link."""
        link = Path("tcspec.toml")
        link.symlink_to("missing.toml")
        with pytest.raises(FileError, match=re.escape(str(link.absolute()))):
            load_config()
