"""The objects of an event that the catalogue knows, and what is prepared about their properties."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from payloads import full
from strategies.events import nearly_valid_events, valid_events
from strategies.objects import biased_objects
from tcspec.contract.catalogue import find_entry
from tcspec.contract.schemas import load_catalogue
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.known_objects import once_per_shape, properties_of, properties_of_event, to_searchable


def known_objects(event):
    """Return the known objects of an event."""
    return RuleContext(event, EVENT_2_0, "server", 0).known_objects


def walk(value, path=()):
    """Yield every object in a value with its path."""
    if isinstance(value, dict):
        yield path, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from walk(member, (*path, key))


def test_objects_of_a_purchase():
    """The root and every object in the catalogue are found, items one by one."""
    known = known_objects(full("purchase"))
    found = {each.path for each in known}
    assert known[0].path == ()
    assert {(), ("user",), ("context",), ("context", "device", "os"), ("items", 0, "product")} <= found
    assert all(not each.custom for each in known)


@given(st.one_of(valid_events, nearly_valid_events(), biased_objects))
def test_known_objects_are_those_of_a_walk(event):
    """Known are the objects on whose path the catalogue has an entry with an object, arrays where it has arrays."""
    event = event | {"event": None}  # a name in `event` counts where there is no other
    expected = {}
    for path, value in walk(event):
        entry = find_entry(path, event, EVENT_2_0)
        is_in_array = bool(path) and isinstance(path[-1], int)
        depth = sum(isinstance(each, int) for each in path)
        is_known = not path or (
            "object" in entry and entry["type"].startswith("array") == is_in_array and depth <= ("items" in path)
        )
        if is_known and (path[:-1] in expected or not path or path[:-2] in expected):
            expected[path] = value
    found = {known.path: known.value for known in known_objects(event)}
    assert found == expected
    for known in known_objects(event):
        custom = [name for name in known.value if not find_entry((*known.path, name), event, EVENT_2_0)]
        assert list(known.custom) == custom


def test_selections():
    """The selections of properties are those of the catalogue."""
    for name, entry in load_catalogue()["objects"].items():
        known, specs = properties_of(name), entry["properties"]
        assert known.specs == specs
        assert set(known.current.names) == {each for each in specs if "replaced_by" not in specs[each]}
        assert set(known.objects) == {each for each in specs if specs[each].get("object")}
        assert set(known.deprecated) == {each for each in specs if specs[each].get("deprecated")}
        assert set(known.listed) == {each for each in specs if {"enum", "recommended"} & specs[each].keys()}
        assert known.numbers == {each for each in specs if "number" in specs[each]["type"].split("|")}
    assert properties_of("User").names_of_format("email") == ("email",)
    assert properties_of("User").names_of_format("no such format") == ()


def test_shapes():
    """Objects with the same names have one shape, unless their names are long; what is found about it is kept."""
    found = []
    count = once_per_shape(lambda shape: found.append(shape) or len(shape.custom))
    first, second = (known_objects({"event_name": "mine", "a": value})[0].shape for value in (1, [2]))
    assert first is second
    assert (count(first), count(second), found) == (1, 1, [first])
    long = {"b" * 3_000: 1}
    assert known_objects(long)[0].shape is not known_objects(long)[0].shape


def test_bound_of_shapes():
    """No more than a number of shapes is remembered, however many names objects have."""
    known = properties_of_event("")
    for number in range(2_000):
        known_objects({f"name_{number}": 1})
        assert 0 < len(known.shapes) <= 512


def test_shape_of_long_names():
    """Names of 2,000 letters together are remembered, longer ones are not."""
    known = properties_of_event("")
    assert known.add_shape(("a" * 1_000, "b" * 1_000)) in known.shapes.values()
    assert known.add_shape(("a" * 1_000, "b" * 1_001)) not in known.shapes.values()


def test_searchable_letters():
    """A text is searched in lower case, without hyphens and underscores but with all of its letters."""
    assert to_searchable("X-Api_Key \u212aey".encode()) == b"xapikey key"
