from __future__ import annotations

import pytest

from payloads import NAMES, full, minimal
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.properties import has_deprecated
from tcspec.rules.linting import lint

CODES = ["TC112", "TC113", "TC114", "TC115", "TC118"]


def find(event, kind="event"):
    """Return the codes and pointers of the violations."""
    return [(violation.code, violation.pointer) for violation in lint(event, select=CODES, kind=kind)]


def fixes(event):
    """Return the target and the safety of each fix."""
    return [
        (violation.fix.patch[-1]["path"], violation.fix.is_safe) if violation.fix else None
        for violation in lint(event, select=CODES)
    ]


@pytest.mark.parametrize("name", [*NAMES, "brochure_downloaded"])
def test_known_properties(name):
    """Of an event with every known property only deprecated ones are reported."""
    assert {code for code, _ in find(full(name))} <= {"TC114"}


def test_custom_properties():
    """Custom properties that are close to none have no violation, in every object."""
    event = minimal("purchase") | {"shelf": "A", "wrapped": True}
    event["user"] |= {"favourite_shop": "north"}
    event["items"][0] |= {"engraving": "AK"}
    assert find(event) == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (minimal("login") | {"content": "x"}, [("TC115", "/content")]),
        (minimal("ad_view") | {"keywords": "x"}, [("TC115", "/keywords")]),
        (minimal("page_view") | {"name": "x"}, [("TC118", "/name")]),
    ],
)
def test_one_rule_per_property(event, expected):
    """A property of other events, or of the retail page, is not reported as a misspelling too."""
    assert find(event) == expected


@pytest.mark.parametrize("parent", ["user", "context"])
@pytest.mark.parametrize("value", [None, 7, "text", [], [{"Email": "x"}]])
def test_objects_of_wrong_types(parent, value):
    """Names are only checked in objects."""
    assert find(minimal("login") | {parent: value}) == []


@pytest.mark.parametrize("value", [7, "text", {"listPosition": 1}, [7, None, ["listPosition"]]])
def test_items_of_wrong_types(value):
    """Items are only checked in an array of objects."""
    assert find(minimal("view_cart") | {"items": value}) == []


def test_numbered_names():
    """A name that only differs in its number from a standard one is a custom one."""
    event = minimal("purchase")
    event["items"][0]["product"] |= {"category_6": "Tents", "name2": "Tent"}
    assert find(event) == []


@pytest.mark.parametrize("name", ["firstname_md5", "phone_sha256", "emails_sha256"])
def test_hashes_of_user_properties(name):
    """Any property of a user may be sent as a hash, under its name and the suffix of the algorithm."""
    event = minimal("login")
    event["user"][name] = "a" * 64
    assert find(event) == []


def test_safety_of_name_fixes():
    """A fix of separators is safe, a fix of a misspelling is not."""
    event = minimal("login")
    event["user"] |= {"first-name": "Ada"}
    event["context"]["page"] = {"referer": "https://shop.example/"}
    assert find(event) == [("TC112", "/context/page/referer"), ("TC112", "/user/first-name")]
    assert fixes(event) == [("/context/page/referrer", False), ("/user/firstname", True)]


def test_standard_names_in_camel_case():
    """The few standard names in camelCase are right, and names close to them are reported."""
    event = minimal("login")
    event["context"] |= {"containerVersion": "3.1", "eventId": "e-1"}
    event["user"] |= {"consentID": "c-1"}
    assert find(event) == []
    event["user"] |= {"consent_id": "c-1"}
    assert find(event) == [("TC112", "/user/consent_id")]


def test_standard_name_is_present_too():
    """There is no fix if the standard property is present too."""
    event = minimal("search") | {"searchTerm": "tent"}
    assert find(event) == [("TC113", "/searchTerm")]
    assert fixes(event) == [None]


@pytest.mark.parametrize(
    "names", [("First_Name", "first-name"), ("Firstname", "first_name"), ("fristname", "FirstName")]
)
def test_several_names_for_one_property(names):
    """If several names are close to one standard name, each is reported without a fix."""
    event = minimal("login")
    event["user"] |= dict.fromkeys(names, "Ada")
    violations = lint(event, select=CODES)
    assert [violation.pointer for violation in violations] == sorted(f"/user/{name}" for name in names)
    hints = {violation.hint for violation in violations}
    assert hints == {"did you mean `firstname`? another name here is close to it too"}
    assert fixes(event) == [None, None]
    del event["user"][names[0]]
    assert [path for path, _ in fixes(event)] == ["/user/firstname"]


def test_no_fix_that_breaks_the_contract():
    """There is no fix if the standard property does not allow the value."""
    event = minimal("search") | {"search_term": "tent"}
    event["context"]["device"] = {"userAgent": 7}
    assert find(event) == [("TC113", "/context/device/userAgent")]
    assert fixes(event) == [None]


def test_envelope_of_custom_events():
    """Names close to those of the envelope are reported on custom events too."""
    event = minimal() | {"searchTerm": "tent", "testCode": "T-1"}
    assert find(event) == [("TC113", "/testCode")]


@pytest.mark.parametrize(("page_type", "severity", "has_fix"), [(None, "warning", True), ("home", "info", False)])
def test_former_name_of_page_type(page_type, severity, has_fix):
    """`type` alone is a warning with a safe fix, beside `page_type` it is an info (K052)."""
    event = minimal("page_view") | {"type": "home"}
    event.pop("page_type", None)
    event |= {"page_type": page_type} if page_type else {}
    [violation] = lint(event, select=["TC114"])
    assert (violation.severity.value, bool(violation.fix)) == (severity, has_fix)


def test_type_of_other_events():
    """`type` of a purchase is not deprecated."""
    assert find(minimal("purchase")) == []


@pytest.mark.parametrize("location", [7, None, True, ["https://shop.example/"]])
def test_location_of_a_wrong_type(location):
    """A location that is neither a string nor an object is left to the contract."""
    event = minimal("login")
    event["context"]["page"] = {"location": location}
    assert find(event) == []


def test_location_without_href():
    """A location without `href` has no fix."""
    event = minimal("login")
    event["context"]["page"] = {"location": {"hash": "#top"}}
    assert find(event) == [("TC114", "/context/page/location")]
    assert fixes(event) == [None]


def test_location_beside_url():
    """A string beside `url` is an info, an object beside it has more members and is fine (K068)."""
    event = minimal("login")
    event["context"]["page"] = {"url": "https://shop.example/", "location": "https://shop.example/"}
    [violation] = lint(event, select=["TC114"])
    assert violation.severity.value == "info"
    event["context"]["page"]["location"] = {"href": "https://shop.example/"}
    assert find(event) == []


def test_events_with_a_property():
    """The events with a property are all in the data, and some in the message."""
    [violation] = lint(minimal("login") | {"coupon": "SPRING10"}, select=["TC115"])
    assert "and others" in violation.message
    assert "purchase" in violation.data["events"]


@pytest.mark.parametrize("name", ["page_type", "page_name", "url", "title", "type", "items"])
def test_common_properties(name):
    """What describes the page of any event, and `items`, are no properties of another event."""
    assert lint(minimal("login") | {name: []}, select=["TC115"]) == []


@pytest.mark.parametrize("name", ["brochure_downloaded", "select_promotion"])
def test_standard_properties_of_custom_events(name):
    """Custom events, and names that are only listed, may have standard properties."""
    assert find(minimal(name) | {"search_term": "tent", "transaction_id": "NO-1815"}) == []


@pytest.mark.parametrize(
    ("name", "property_name", "severity"),
    [
        ("purchase", "transaction_id", "warning"),
        ("purchase", "tax", "warning"),
        ("purchase", "shipping", "warning"),
        ("purchase", "payment_type", "info"),
        ("refund", "tax", "info"),
        ("page_view", "name", "info"),
    ],
)
def test_names_of_the_retail_page(name, property_name, severity):
    """The id and the amounts of a purchase are warnings, the other names infos (K055, K056)."""
    [violation] = lint(minimal(name) | {property_name: "1"}, select=CODES)
    assert (violation.code, violation.severity.value) == ("TC118", severity)


def test_retail_name_of_a_wrong_type():
    """A number as transaction id is reported without a fix."""
    event = minimal("purchase") | {"transaction_id": 1815}
    del event["id"]
    assert find(event) == [("TC118", "/transaction_id")]
    assert fixes(event) == [None]


def test_property_names_of_pixels():
    """The property names of pixels are checked too."""
    assert find(minimal("search") | {"searchTerm": "tent"}, kind="pixel") == [("TC113", "/searchTerm")]


def test_former_names_are_not_suggested():
    """A name that is only close to a former name is not reported."""
    event = minimal("login")
    event["context"]["page"] = {"locaton": "https://shop.example"}
    assert find(event) == []


def test_custom_hashes():
    """A hash under a custom name is not reported, and does not stop the check."""
    event = minimal("login")
    event["user"] |= {"emial_md5": "0" * 32, "firstnam": "Ada"}
    assert find(event) == [("TC112", "/user/firstnam")]


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("search_term", "`search`"),
        ("payment_method", "`add_payment_info`, `purchase`"),
        ("method", "`login`, `sign_up`, `generate_lead`"),
        ("currency", "`add_payment_info`, `add_shipping_info`, `add_to_cart` and others"),
    ],
)
def test_message_names_three_events(name, events):
    """The message names the events with a property, three at most."""
    (violation,) = lint(minimal("video_start") | {name: "x"}, select=["TC115"])
    assert violation.message == f"`{name}` is a property of {events}, not of `video_start`"


def test_deprecated_name_at_any_depth():
    """A former name is reported at its path, also deep in an event and beside the new one."""
    event = minimal("login")
    event["context"]["page"] = {"location": "https://shop.example"}
    assert find(event) == [("TC114", "/context/page/location")]
    event["context"]["page"]["url"] = "https://shop.example"
    assert find(event) == [("TC114", "/context/page/location")]


def find_unlisted(event):
    """Return the violations of values outside listss."""
    return lint(event, select=["TC116"])


@pytest.mark.parametrize("value", [None, 7, True, [], ["card"], {"card": 1}])
def test_listed_values_of_wrong_types(value):
    """A value that is not a string is left to the contract."""
    assert find_unlisted(minimal("add_payment_info") | {"payment_method": value}) == []


@pytest.mark.parametrize(
    ("value", "suggestion", "is_safe"),
    [("Card", "card", True), ("DIRECT-DEBIT", "direct_debit", True), ("coupons", "coupon", False)],
)
def test_values_close_to_a_list(value, suggestion, is_safe):
    """A value that differs in case or separators has a safe fix, a misspelling an unsafe one."""
    [violation] = find_unlisted(minimal("add_payment_info") | {"payment_method": value})
    assert violation.hint == f"did you mean `{suggestion}`?"
    assert violation.fix is not None
    assert violation.fix.patch == ({"op": "replace", "path": "/payment_method", "value": suggestion},)
    assert violation.fix.is_safe is is_safe


def test_values_outside_a_list():
    """Any other value has neither hint nor fix, and is only shown if it is short."""
    [violation] = find_unlisted(minimal("add_payment_info") | {"payment_method": "barter"})
    assert '"barter"' in violation.message
    assert (violation.hint, violation.fix) == (None, None)
    for value in ("é" * 40, "b" * 41):
        [violation] = find_unlisted(minimal("add_payment_info") | {"payment_method": value})
        actual = f'"{value}"' if len(value) == 40 else "another string"
        assert violation.message.endswith(f", other; got {actual}")
        assert violation.data["actual"] == actual


def test_private_values_are_not_shown():
    """A value that may describe a person or a device is not shown."""
    event = minimal("login")
    event["context"]["device"] = {"type": "sextant"}
    [violation] = find_unlisted(event)
    assert "sextant" not in violation.message + str(dict(violation.data))
    assert violation.severity.value == "info"
    [violation] = find_unlisted(minimal("add_payment_info") | {"payment_method": "ada@shop.example"})
    assert violation.data["actual"] == "another string"


def test_gender_of_a_user():
    """The gender of a user has a rule of its own."""
    event = minimal("login")
    event["user"]["gender"] = "female"
    assert find_unlisted(event) == []


def test_severity_of_lists():
    """A value outside a closed list is a warning, outside a recommended one an info."""
    [closed] = find_unlisted(minimal("purchase") | {"status": "waiting"})
    [recommended] = find_unlisted(minimal("page_view") | {"page_type": "store_finder"})
    assert (closed.severity.value, recommended.severity.value) == ("warning", "info")


def test_custom_events_have_no_lists():
    """A custom event may have a property of the same name with any value."""
    assert find_unlisted(minimal() | {"payment_method": "barter", "status": "new"}) == []


@pytest.mark.parametrize("odd", [None, 0, False, [], {}, ["display"]])
def test_campaign_values_of_wrong_types(odd):
    """A medium that is not a string is left to the contract."""
    assert lint({"event_name": "ad_view", "medium": odd, "source": "alpine-news"}, select=["TC6"]) == []


def test_missing_medium():
    """A missing medium is left to the contract."""
    assert lint({"event_name": "ad_view"}, select=["TC6"]) == []


def test_blank_medium_of_a_pixel():
    """The blank medium of a pixel is reported at its parameter."""
    [violation] = lint("event_name=ad_view&medium=+&source=alpine-news&tc_s=1", select=["TC6"])
    assert (violation.code, violation.pointer, violation.column) == ("TC610", "/medium", 20)


def test_names_that_are_paths():
    """A path is nested where its object has room for it; a name with separators that is no path is custom."""
    event = minimal("login") | {"a.b": 1, "note": 1, "user.city": "Aix", "context.page.url": "x", "page.url": "y"}
    event["user"] |= {"id": "C-1"}
    found = lint(event | {"user.id": "C-2"}, select=["TC120"])
    assert [(each.pointer, each.hint, bool(each.fix)) for each in found] == [
        ("/context.page.url", "nest it in the object `page`", False),
        ("/user.city", "nest it in the object `user`", True),
        ("/user.id", "nest it in the object `user`", False),
    ]
    for page, has_fix in (({"title": "x"}, True), ({"url": "x"}, False)):
        event["context"]["page"] = page
        assert [bool(each.fix) for each in lint(event, select=["TC120"])] == [has_fix, True]


def test_misspelt_name_of_a_custom_event():
    """A misspelt name at the root of a custom event is reported too."""
    assert find(minimal() | {"test_cod": "T-1"}) == [("TC112", "/test_cod")]


def test_has_deprecated():
    """An event has deprecated properties when any of its objects has one."""
    event = RuleContext({"event_name": "page_view", "user": {"id": "1"}}, EVENT_2_0, "server", 0)
    assert not has_deprecated(event)
    event = RuleContext({"event_name": "page_view", "user": {"ID": "1"}}, EVENT_2_0, "server", 0)
    assert has_deprecated(event)
