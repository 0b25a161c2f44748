"""The figures of mutation testing: counts by area, and an explanation of every survivor."""

from __future__ import annotations

import ast
import json
import tomllib
from fnmatch import fnmatchcase

import pytest

from lab.mutation.figures import (
    AREAS,
    REASONS,
    Area,
    Reason,
    Status,
    Survivor,
    area_of,
    count_by_area,
    find_unexplained,
    format_areas,
    function_of,
    load_reasons,
    load_results,
    parse_diff,
    read_statuses,
)
from locations import ROOT

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
SURVIVOR = Survivor("tcspec.size.Limit.of", 'digits = text.lstrip("0")', 'digits = text.lstrip("XX0XX")')


@pytest.mark.parametrize(
    ("mutant", "function", "area"),
    [
        ("tcspec.size.x_limit_of__mutmut_3", "tcspec.size.limit_of", "size"),
        ("tcspec.upgrades.journal.xǁJournalǁhas__mutmut_12", "tcspec.upgrades.journal.Journal.has", "upgrades"),
        ("tcspec.rules.path_table.x__compiled__mutmut_1", "tcspec.rules.path_table._compiled", "rules"),
        ("tcspec.contract.privacy.x_may_show__mutmut_1", "tcspec.contract.privacy.may_show", "validation"),
    ],
)
def test_names(mutant, function, area):
    """The function and the area of a mutant are read from its name."""
    assert function_of(mutant) == function
    assert area_of(mutant) == area


def test_statuses():
    """A failed test kills, the time limit times out, and anything else is a survivor."""
    exit_codes = {"a": 1, "b": 3, "c": 0, "d": -24, "e": 33}
    expected = (Status.KILLED, Status.KILLED, Status.SURVIVED, Status.TIMED_OUT, Status.SURVIVED)
    assert read_statuses(exit_codes) == dict(zip("abcde", expected, strict=True))
    with pytest.raises(SystemExit, match="1 mutants have not been tested yet"):
        read_statuses({"a": None, "b": 0})


def test_diffs():
    """A diff is read as the removed and the added lines."""
    diff = ["--- a.py", "+++ a.py", "@@ -1,3 +1,3 @@", " def f():", "-    return 1", "+    return 2", "     # end"]
    assert parse_diff(diff) == ("return 1", "return 2")


@pytest.mark.parametrize(
    ("reason", "matches"),
    [
        (Reason("tcspec.size.Limit.of", "why"), True),
        (Reason("tcspec.size.*", "why", before="text.lstrip"), True),
        (Reason("tcspec.size.*", "why", before="text.lstrip", after="XX0XX"), True),
        (Reason("tcspec.size.*", "why", after="None"), False),
        (Reason("tcspec.size.*", "why", before="rstrip"), False),
        (Reason("tcspec.timestamps.*", "why"), False),
    ],
)
def test_reasons(reason, matches):
    """A reason explains survivors of the functions that match its pattern, whose lines contain its texts."""
    assert reason.matches(SURVIVOR) == matches
    assert find_unexplained({"m": SURVIVOR}, [Reason("nothing", "why"), reason]) == ([] if matches else [SURVIVOR])


def test_figures():
    """Mutants are counted by area and in total; a timeout counts as killed, and percentages are rounded down."""
    statuses = {f"tcspec.size.x_f__mutmut_{number}": Status.KILLED for number in range(5)}
    statuses |= {"tcspec.size.x_g__mutmut_1": Status.SURVIVED, "tcspec.timestamps.x_g__mutmut_1": Status.TIMED_OUT}
    areas = count_by_area(statuses, ["tcspec.size.x_g__mutmut_1"])
    assert areas == {"timestamps": Area(1, 0, 1, 0, 0), "size": Area(6, 5, 0, 1, 1), "total": Area(7, 5, 1, 1, 1)}
    assert areas["size"].to_dict() == {
        "mutants": 6,
        "killed": 5,
        "timed_out": 0,
        "survived": 1,
        "explained": 1,
        "percent_killed": 83.3,
    }
    head, *rows = format_areas(areas).splitlines()
    assert head.split() == list(areas["size"].to_dict())
    assert [row.split()[0] for row in rows] == ["timestamps", "size", "total"]
    assert rows[1].split()[1:] == ["6", "5", "0", "1", "1", "83.3"]


def test_results_of_mutmut(tmp_path):
    """The exit codes that mutmut recorded are loaded by the mutated file."""
    recorded = tmp_path / "tcspec" / "upgrades" / "journal.py.meta"
    recorded.parent.mkdir(parents=True)
    recorded.write_text(json.dumps({"exit_code_by_key": {"m": 1}}), encoding="utf-8")
    results = load_results(tmp_path)
    assert {path.as_posix(): codes for path, codes in results.items()} == {"tcspec/upgrades/journal.py": {"m": 1}}


def mutated_functions():
    """Yield the dotted names of the functions and methods that mutmut changes."""
    left_out = {ROOT / name for name in CONFIG["do_not_mutate"]}
    for path in (path for pattern in CONFIG["only_mutate"] for path in sorted(ROOT.glob(pattern))):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else {path} - left_out:
            if file.suffix != ".py":
                continue  # data beside the modules
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    yield f"{module}.{node.name}"
                elif isinstance(node, ast.ClassDef):
                    yield from (
                        f"{module}.{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)
                    )


def test_every_reason_is_a_sentence():
    """Every reason in the list is a sentence about functions that are mutated."""
    functions = list(mutated_functions())
    for reason in load_reasons(REASONS):
        assert len(reason.reason) > 20
        assert any(fnmatchcase(name, reason.function) for name in functions), reason.function


def test_every_mutated_function_has_an_area():
    """Every function that is mutated belongs to an area, and every area has functions."""
    assert {area_of(name) for name in mutated_functions()} == set(AREAS)


@pytest.mark.parametrize("option", ["only_mutate", "do_not_mutate", "also_copy", "pytest_add_cli_args_test_selection"])
def test_configured_paths_exist(option):
    """Every path in the configuration of mutmut names files of the project."""
    for pattern in CONFIG[option]:
        assert list(ROOT.glob(pattern)), pattern
