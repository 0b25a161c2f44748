"""The strategies of the test kit, `tcspec.strategies`."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

import tcspec
from tcspec import strategies
from tcspec.errors import Severity, UnknownKind
from tcspec.strategies.events import STANDARD
from tcspec.strategies.legacy import DIALECTS


def errors(payload, **options):
    """Return the code and the pointer of each error of a payload."""
    found = tcspec.validate(payload, **options)
    return [(violation.code, violation.pointer) for violation in found if violation.severity is Severity.ERROR]


@given(strategies.events())
def test_events_are_valid(event):
    """Every event that is drawn is a valid event of version 2.0."""
    assert tcspec.detect(event).version == "2.0"
    assert tcspec.validate(event) == []


@given(st.sampled_from(sorted(STANDARD)), st.data())
def test_events_of_a_name(name, data):
    """Every event of a standard name is valid, with a user and a property that are chosen, too."""
    chosen = strategies.event(name, user=st.just({"id": "C-1"}), shop_id=st.integers(1, 9))
    drawn = data.draw(chosen)
    assert (drawn["event_name"], drawn["user"]) == (name, {"id": "C-1"})
    assert drawn["shop_id"] in range(1, 10)
    assert tcspec.validate(drawn) == []


@given(strategies.event("brochure_download", brochure=st.sampled_from(("spring", "autumn"))))
def test_events_of_ones_own(event):
    """An event of one's own has the chosen properties and is valid."""
    assert event["brochure"] in {"spring", "autumn"}
    assert tcspec.validate(event) == []


@pytest.mark.parametrize("name", ["purchse", "Page-View"])
def test_misspelled_names(name):
    """A name that is close to a standard one is taken, with a warning that names the standard one."""
    standard = {"purchse": "purchase", "Page-View": "page_view"}[name]
    with pytest.warns(UserWarning, match=f"did you mean '{standard}'"):
        strategies.event(name)


@given(strategies.users(), strategies.event("login"))
def test_users_are_valid(user, event):
    """Every user that is drawn is valid in an event."""
    assert tcspec.validate(event | {"user": user}) == []


@given(strategies.batches())
def test_batches_are_valid(batch):
    """Every batch that is drawn is valid."""
    assert tcspec.detect(batch).kind == "batch"
    assert errors(batch) == []


@given(st.sampled_from(sorted(set(DIALECTS) - {"android_waiting"})), st.data())
def test_legacy_events_are_valid(dialect, data):
    """Every event of a dialect is valid as 1.0, and legacy is all that is wrong with it."""
    event = data.draw(strategies.legacy_events(dialect))
    assert errors(event, version="1.0") == []
    assert errors(event) == [("TC701", "")]


@given(strategies.legacy_events(dialect=("v0_track", "web_container")))
def test_several_dialects(event):
    """Several dialects can be requested."""
    assert "event" in event


def test_unknown_dialect():
    """A dialect that does not exist is misuse, and the message lists those that do."""
    with pytest.raises(UnknownKind, match=r"'v3_http'; choose from .*v1_http"):
        strategies.legacy_events(dialect="v3_http")


@given(strategies.nearly_valid())
def test_nearly_valid_events_have_the_announced_error(drawn):
    """A nearly valid event has the error that is announced, at its pointer, and no other."""
    assert errors(drawn.event) == [(drawn.code, drawn.pointer)]


@given(st.sampled_from(["purchase", "page_view", "login", "brochure_download"]), st.data())
def test_nearly_valid_events_of_a_name(name, data):
    """Nearly valid events of a name have that name, unless it is what is wrong, and the announced error."""
    drawn = data.draw(strategies.nearly_valid(name))
    assert drawn.event["event_name"] == name
    assert errors(drawn.event) == [(drawn.code, drawn.pointer)]


@pytest.mark.slow
def test_examples_shrink_to_what_matters():
    """The smallest example has nothing but what is required, and what fails, in the order of the documentation."""
    metadata = {"event_id": "", "event_timestamp": 100_000_000_000}
    smallest = find(strategies.event("login"), lambda _: True)
    assert smallest == {"event_name": "login", "user": {}, "context": metadata}
    assert list(smallest) == ["event_name", "user", "context"]
    assert find(strategies.event("login"), lambda event: "page" in event["context"]) == {
        "event_name": "login",
        "user": {},
        "context": metadata | {"page": {}},
    }
    assert find(strategies.legacy_events("v1_migration_guide"), lambda _: True)["properties"] == {"user": {}}


def test_without_hypothesis():
    """Without hypothesis the message says what to install."""
    code = "import sys; sys.modules['hypothesis'] = None; import tcspec.strategies"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "tcspec.strategies needs hypothesis: pip install 'tcspec[test-kit]'" in done.stderr
