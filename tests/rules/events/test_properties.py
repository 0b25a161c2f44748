from __future__ import annotations

import pytest

from payloads import NAMES, full, minimal
from tcspec.rules.linting import lint

CODES = ["TC112", "TC113", "TC114", "TC115", "TC118"]


def found(event, kind="event"):
    """Give codes and pointers of what the rules on properties find."""
    return [(violation.code, violation.pointer) for violation in lint(event, select=CODES, kind=kind)]


def fixes(event):
    """Give the fixes of what the rules on properties find, with whether they are safe."""
    return [
        (violation.fix.patch[-1]["path"], violation.fix.is_safe) if violation.fix else None
        for violation in lint(event, select=CODES)
    ]


@pytest.mark.parametrize("name", [*NAMES, "brochure_downloaded"])
def test_known_properties(name):
    """Of an event with every property that is known, only deprecated ones are told."""
    assert {code for code, _ in found(full(name))} <= {"TC114"}


def test_custom_properties_are_legal():
    """Custom properties that resemble none are silent, in every object."""
    event = minimal("purchase") | {"shelf": "A", "wrapped": True}
    event["user"] |= {"favourite_shop": "north"}
    event["items"][0] |= {"engraving": "AK"}
    assert found(event) == []


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (minimal("login") | {"content": "x"}, [("TC115", "/content")]),
        (minimal("ad_view") | {"keywords": "x"}, [("TC115", "/keywords")]),
        (minimal("page_view") | {"name": "x"}, [("TC118", "/name")]),
    ],
)
def test_one_rule_speaks(event, told):
    """A property that is known to other events, or to the retail list, is no slip of the pen."""
    assert found(event) == told


@pytest.mark.parametrize("place", ["user", "context"])
@pytest.mark.parametrize("value", [None, 7, "text", [], [{"Email": "x"}]])
def test_places_of_a_wrong_type(place, value):
    """Where there is no object, no names are looked at."""
    assert found(minimal("login") | {place: value}) == []


@pytest.mark.parametrize("value", [7, "text", {"listPosition": 1}, [7, None, ["listPosition"]]])
def test_items_of_a_wrong_type(value):
    """Where there is no list of objects, no items are looked at."""
    assert found(minimal("view_cart") | {"items": value}) == []


def test_numbered_names_are_no_slips():
    """A property that differs from a standard one in its number only is one of its own."""
    event = minimal("purchase")
    event["items"][0]["product"] |= {"category_6": "Tents", "name2": "Tent"}
    assert found(event) == []


@pytest.mark.parametrize("name", ["firstname_md5", "phone_sha256", "emails_sha256"])
def test_hashes_of_user_properties(name):
    """Any property of a user may be sent hashed, under its name and the algorithm."""
    event = minimal("login")
    event["user"][name] = "a" * 64
    assert found(event) == []


def test_separators_are_safe_to_mend_and_slips_are_not():
    """What differs in separators only means the same; what was guessed may not."""
    event = minimal("login")
    event["user"] |= {"first-name": "Ada"}
    event["context"]["page"] = {"referer": "https://shop.example/"}
    assert found(event) == [("TC112", "/context/page/referer"), ("TC112", "/user/first-name")]
    assert fixes(event) == [("/context/page/referrer", False), ("/user/firstname", True)]


def test_camel_case_keeps_exact_spellings():
    """The few names that the vendor writes in camelCase are right so, and their look-alikes are told."""
    event = minimal("login")
    event["context"] |= {"containerVersion": "3.1", "eventId": "e-1"}
    event["user"] |= {"consentID": "c-1"}
    assert found(event) == []
    event["user"] |= {"consent_id": "c-1"}
    assert found(event) == [("TC112", "/user/consent_id")]


def test_a_fix_never_takes_a_place():
    """Where the standard property is there too, the other one is told without a fix."""
    event = minimal("search") | {"searchTerm": "tent"}
    assert found(event) == [("TC113", "/searchTerm")]
    assert fixes(event) == [None]


@pytest.mark.parametrize(
    "names", [("First_Name", "first-name"), ("Firstname", "first_name"), ("fristname", "FirstName")]
)
def test_which_of_several_is_meant_is_not_guessed(names):
    """Where several names stand for one standard property, each is told and none has a fix."""
    event = minimal("login")
    event["user"] |= dict.fromkeys(names, "Ada")
    told = lint(event, select=CODES)
    assert [violation.pointer for violation in told] == sorted(f"/user/{name}" for name in names)
    assert {violation.hint for violation in told} == {"did you mean `firstname`? another name here is close to it too"}
    assert fixes(event) == [None, None]
    del event["user"][names[0]]
    assert [path for path, _ in fixes(event)] == ["/user/firstname"]


def test_a_fix_never_breaks_the_contract():
    """A value that the standard property may not have is not moved there."""
    event = minimal("search") | {"search_term": "tent"}
    event["context"]["device"] = {"userAgent": 7}
    assert found(event) == [("TC113", "/context/device/userAgent")]
    assert fixes(event) == [None]


def test_only_the_envelope_of_custom_events_is_known():
    """A custom event has properties of its own; names of the envelope are known on it too."""
    event = minimal() | {"searchTerm": "tent", "testCode": "T-1"}
    assert found(event) == [("TC113", "/testCode")]


@pytest.mark.parametrize(("page_type", "severity", "has_fix"), [(None, "warning", True), ("home", "info", False)])
def test_the_former_name_of_page_type(page_type, severity, has_fix):
    """`type` alone is a warning with a safe fix, beside `page_type` it is harmless (K052)."""
    event = minimal("page_view") | {"type": "home"}
    event.pop("page_type", None)
    event |= {"page_type": page_type} if page_type else {}
    [violation] = lint(event, select=["TC114"])
    assert (violation.severity.value, bool(violation.fix)) == (severity, has_fix)


def test_type_is_deprecated_on_page_views_only():
    """`type` of a purchase is what it is called."""
    assert found(minimal("purchase")) == []


@pytest.mark.parametrize("location", [7, None, True, ["https://shop.example/"]])
def test_a_location_of_a_wrong_type(location):
    """A location that is neither text nor object is left to the contract."""
    event = minimal("login")
    event["context"]["page"] = {"location": location}
    assert found(event) == []


def test_a_location_without_address():
    """A location without `href` says no address: there is nothing to move."""
    event = minimal("login")
    event["context"]["page"] = {"location": {"hash": "#top"}}
    assert found(event) == [("TC114", "/context/page/location")]
    assert fixes(event) == [None]


def test_a_location_beside_an_address():
    """A text beside `url` is harmless, an object beside it holds more than the address (K068)."""
    event = minimal("login")
    event["context"]["page"] = {"url": "https://shop.example/", "location": "https://shop.example/"}
    [violation] = lint(event, select=["TC114"])
    assert violation.severity.value == "info"
    event["context"]["page"]["location"] = {"href": "https://shop.example/"}
    assert found(event) == []


def test_properties_of_other_events_are_named_with_them():
    """The events that a property belongs to are named, a few of them in words and all in the data."""
    [violation] = lint(minimal("login") | {"items": []}, select=["TC115"])
    assert "and others" in violation.message
    assert "purchase" in violation.data["events"]


@pytest.mark.parametrize("name", ["brochure_downloaded", "select_promotion"])
def test_custom_events_may_have_standard_properties(name):
    """Standard properties are recommended on custom events, and on names that are only listed."""
    assert found(minimal(name) | {"search_term": "tent", "transaction_id": "NO-1815"}) == []


@pytest.mark.parametrize(
    ("name", "given", "severity"),
    [
        ("purchase", "transaction_id", "warning"),
        ("purchase", "tax", "warning"),
        ("purchase", "shipping", "warning"),
        ("purchase", "payment_type", "info"),
        ("refund", "tax", "info"),
        ("page_view", "name", "info"),
    ],
)
def test_names_of_the_retail_list(name, given, severity):
    """The identifier and amounts of a purchase are warnings, the other names infos (K055, K056)."""
    [violation] = lint(minimal(name) | {given: "1"}, select=CODES)
    assert (violation.code, violation.severity.value) == ("TC118", severity)


def test_retail_names_with_values_of_another_type():
    """A number is no transaction id: it is told, and not moved."""
    event = minimal("purchase") | {"transaction_id": 1815}
    del event["id"]
    assert found(event) == [("TC118", "/transaction_id")]
    assert fixes(event) == [None]


def test_pixels_have_the_same_names():
    """A pixel is an event in a query: its names are looked at too."""
    assert found(minimal("search") | {"searchTerm": "tent"}, kind="pixel") == [("TC113", "/searchTerm")]


def test_deprecated_names_are_not_suggested():
    """What is close to a former name only is no slip of the pen."""
    event = minimal("login")
    event["context"]["page"] = {"locaton": "https://shop.example"}
    assert found(event) == []


def test_hashes_are_passed_over():
    """A hash under a name of its own is no slip of the pen, and hides none."""
    event = minimal("login")
    event["user"] |= {"emial_md5": "0" * 32, "firstnam": "Ada"}
    assert found(event) == [("TC112", "/user/firstnam")]


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("search_term", "`search`"),
        ("payment_method", "`add_payment_info`, `purchase`"),
        ("method", "`login`, `sign_up`, `generate_lead`"),
        ("currency", "`add_payment_info`, `add_shipping_info`, `add_to_cart` and others"),
    ],
)
def test_whose_property_it_is(name, events):
    """The events that have a property are named, three of many."""
    (violation,) = lint(minimal("video_start") | {name: "x"}, select=["TC115"])
    assert violation.message == f"`{name}` is a property of {events}, not of `video_start`"


def test_deprecated_names_are_told_where_they_stand():
    """A former name is told at its place, also deep in an event, and where the new one is there too."""
    event = minimal("login")
    event["context"]["page"] = {"location": "https://shop.example"}
    assert found(event) == [("TC114", "/context/page/location")]
    event["context"]["page"]["url"] = "https://shop.example"
    assert found(event) == [("TC114", "/context/page/location")]
