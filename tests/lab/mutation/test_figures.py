"""The figures of mutation testing: counted by area, and every survivor held against the reasons."""

from __future__ import annotations

import json

import pytest

from lab.mutation.figures import (
    REASONS,
    Area,
    Fate,
    Reason,
    Survivor,
    answers_in,
    area_of,
    changed,
    fates,
    figures,
    function_of,
    reasons_in,
    table,
    unexcused,
)

SURVIVOR = Survivor("tcspec.size.Limit.of", 'digits = text.lstrip("0")', 'digits = text.lstrip("XX0XX")')


@pytest.mark.parametrize(
    ("mutant", "function", "area"),
    [
        ("tcspec.size.x_limit_of__mutmut_3", "tcspec.size.limit_of", "size"),
        (
            "tcspec.upgrades.event_editor.xǁEventEditorǁhas__mutmut_12",
            "tcspec.upgrades.event_editor.EventEditor.has",
            "upgrades",
        ),
        ("tcspec.rules.config.x__compile__mutmut_1", "tcspec.rules.config._compile", "rules"),
    ],
)
def test_names(mutant, function, area):
    """The name of a mutant says of which function and of which area it is."""
    assert function_of(mutant) == function
    assert area_of(mutant) == area


def test_fates():
    """A failed test kills; what is ended by the limit of time timed out; anything else lives."""
    answers = {"a": 1, "b": 3, "c": 0, "d": -24, "e": 33}
    assert fates(answers) == dict(
        zip("abcde", (Fate.KILLED, Fate.KILLED, Fate.SURVIVED, Fate.TIMED_OUT, Fate.SURVIVED), strict=True)
    )
    with pytest.raises(SystemExit, match="1 mutants have not been tried yet"):
        fates({"a": None, "b": 0})


def test_changed():
    """A diff is told as the lines that went and the lines that came."""
    diff = ["--- a.py", "+++ a.py", "@@ -1,3 +1,3 @@", " def f():", "-    return 1", "+    return 2", "     # end"]
    assert changed(diff) == ("return 1", "return 2")


@pytest.mark.parametrize(
    ("reason", "fits"),
    [
        (Reason("tcspec.size.Limit.of", "why"), True),
        (Reason("tcspec.size.*", "why", before="text.lstrip"), True),
        (Reason("tcspec.size.*", "why", before="text.lstrip", after="XX0XX"), True),
        (Reason("tcspec.size.*", "why", after="None"), False),
        (Reason("tcspec.size.*", "why", before="rstrip"), False),
        (Reason("tcspec.timestamps.*", "why"), False),
    ],
)
def test_reasons_fit(reason, fits):
    """A reason is given for the functions of a pattern, and for the lines that hold its texts."""
    assert reason.fits(SURVIVOR) == fits
    assert unexcused({"m": SURVIVOR}, [Reason("nothing", "why"), reason]) == ([] if fits else [SURVIVOR])


def test_figures():
    """Mutants are counted by area and together; what timed out counts as killed, and no share is rounded up."""
    found = {f"tcspec.size.x_f__mutmut_{number}": Fate.KILLED for number in range(5)}
    found |= {"tcspec.size.x_g__mutmut_1": Fate.SURVIVED, "tcspec.timestamps.x_g__mutmut_1": Fate.TIMED_OUT}
    areas = figures(found, ["tcspec.size.x_g__mutmut_1"])
    assert areas == {"timestamps": Area(1, 0, 1, 0, 0), "size": Area(6, 5, 0, 1, 1), "total": Area(7, 5, 1, 1, 1)}
    assert areas["size"].row() == {
        "mutants": 6,
        "killed": 5,
        "timed_out": 0,
        "survived": 1,
        "with_reason": 1,
        "share_killed": 83.3,
    }
    head, *rows = table(areas).splitlines()
    assert head.split() == list(areas["size"].row())
    assert [row.split()[0] for row in rows] == ["timestamps", "size", "total"]
    assert rows[1].split()[1:] == ["6", "5", "0", "1", "1", "83.3"]


def test_reads_what_mutmut_notes(tmp_path):
    """The answers of mutmut are read by the file that was mutated."""
    noted = tmp_path / "tcspec" / "upgrades" / "event_editor.py.meta"
    noted.parent.mkdir(parents=True)
    noted.write_text(json.dumps({"exit_code_by_key": {"m": 1}}), encoding="utf-8")
    answers = answers_in(tmp_path)
    assert {path.as_posix(): answer for path, answer in answers.items()} == {
        "tcspec/upgrades/event_editor.py": {"m": 1}
    }


def test_every_reason_is_a_sentence():
    """Every reason that is listed is a sentence about functions of the library."""
    for reason in reasons_in(REASONS):
        assert len(reason.reason) > 20
        assert reason.function.startswith("tcspec.")
