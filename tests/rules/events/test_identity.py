from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import SENT, assert_fixes, find, of_user, pointers
from tcspec.errors import Severity
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.identity import has_odd_categories, is_blank

NOBODY = {**SENT["user"]}
del NOBODY["id"]


def event(user, **more):
    """Return an event of a user."""
    return {"event_name": "login", "user": user, "context": SENT["context"], **more}


@pytest.mark.parametrize("sender", ["web", "mobile"])
def test_unidentified_visitor_of_a_client(sender):
    """An unidentified visitor is an info for web and mobile, and a warning for servers."""
    assert [violation.severity for violation in find(event(NOBODY), "TC310", sender=sender)] == [Severity.INFO]
    assert [violation.severity for violation in find(event(NOBODY), "TC310")] == [Severity.WARNING]


@pytest.mark.parametrize("sender", ["server", "web", "mobile"])
def test_empty_user(sender):
    """An empty user is a warning for every sender."""
    (violation,) = find(event({}), "TC310", sender=sender)
    assert violation.severity == Severity.WARNING
    assert "empty" in violation.message


@pytest.mark.parametrize("key", ["id", "email", "id_sha256", "email_md5", "email_sha256", "ID"])
def test_any_key_identifies(key):
    """An id, an e-mail, a hash of either or a former name identifies the user, whatever its type."""
    for value in ("x", 42, None, ["x"]):
        assert not find(event({**NOBODY, key: value}), "TC310")
    assert find(event({**NOBODY, key: " \t"}), "TC310")


@pytest.mark.parametrize("user", [None, "{waiting_for_consent}", 7, [], True])
def test_user_of_a_wrong_type(user):
    """A user that is missing or not an object is left to the contract."""
    assert not find(event(user), "TC3")
    assert not find({"event_name": "login", "context": SENT["context"]}, "TC3")


@pytest.mark.parametrize("name", ["user_enters_segment", "user_leaves_segment"])
def test_events_of_the_platform(name):
    """Events that the platform generates need neither a person nor a device."""
    assert not find({"event_name": name, "user": {}, "context": {}}, "TC310", "TC320")


def test_custom_events_need_a_user():
    """Custom events need an identified user too."""
    assert pointers({**event({}), "event_name": "brochure_downloaded"}, "TC310", "TC320") == ["/user", "/user"]


def test_only_servers_need_the_device():
    """Only servers have to pass on the identifier of the device."""
    lacking = event({"id": "C-1024"})
    assert find(lacking, "TC320", sender="server")
    assert not find(lacking, "TC320", sender="web")
    assert not find(lacking, "TC320", sender="mobile")


def test_md5_in_the_plain_property():
    """An MD5 in the property of the plain e-mail counts as an MD5."""
    assert pointers(of_user(email="a" * 32), "TC311") == ["/user/email"]
    assert not find(of_user(email="a" * 64, email_md5="a" * 32), "TC311")
    assert not find(of_user(email=7, email_md5="a" * 32), "TC311")


@pytest.mark.parametrize("nothing", [None, "", " ", "undefined", "0" * 32, "d41d8cd98f00b204e9800998ecf8427e"])
def test_md5_and_nothing(nothing):
    """A placeholder is no e-mail: neither the only one as an MD5, nor another one beside the MD5."""
    assert not find(of_user(email_md5=nothing), "TC311")
    assert pointers(of_user(email_md5="a" * 32, email=nothing), "TC311") == ["/user/email_md5"]
    assert pointers(of_user(email_md5="a" * 32, email_sha256=nothing), "TC311") == ["/user/email_md5"]


@pytest.mark.parametrize("wrong", ["ada@shop.example", "a" * 31, "a" * 64, 7, []])
def test_what_is_no_md5(wrong):
    """What the contract does not take for an MD5 is not the only e-mail."""
    assert not find(of_user(email_md5=wrong), "TC311")


def test_sender_of_a_batch_or_a_pixel():
    """The sender applies to the events of a batch; a pixel is from the web by default."""
    batch = {"batch": [event({"id": "C-1024"})]}
    call = "?tc_s=3315&token=t&event_name=login&user[id]=C-1024&user[consent_categories][]=1"
    for payload, sender, count in (
        *((batch, None, 1), (batch, "server", 1), (batch, "web", 0)),
        *((call, None, 0), (call, "server", 1), (call, "web", 0)),
    ):
        assert len(find(payload, "TC320", sender=sender)) == count


def test_is_blank():
    """White space is blank; a value that is not a string is not."""
    assert [is_blank(value) for value in ("", " \t\u00a0", "x", None, 0, [])] == [True, True, *[False] * 4]


PLACE = "/user/consent_categories"
categories = st.one_of(
    st.integers(0, 4), st.sampled_from("01234"), st.just(10**50), st.booleans(), st.none(), st.just(1.0), st.just([])
)


@given(st.lists(categories, max_size=6))
def test_fixes_of_consent(listed):
    """Each fix of a list of categories removes its violation and adds none."""
    assert_fixes(of_user(consent_categories=listed), "TC33")


@pytest.mark.parametrize("value", [None, "1,3", 1, {}, True])
def test_categories_of_wrong_types(value):
    """Categories that are not an array are left to the contract."""
    assert not find(of_user(consent_categories=value), "TC33")


def test_number_equals_its_string():
    """Categories are compared as strings; a string with a leading zero is another one."""
    assert pointers(of_user(consent_categories=[1, "1"]), "TC332") == [PLACE]
    assert not find(of_user(consent_categories=[1, "01", True, True, None, None]), "TC332")


def test_no_partial_fix():
    """There is no fix if one category is neither a string nor an integer."""
    for rest in (None, True, 1.5, [], 10**40, 10**50):
        (violation,) = find(of_user(consent_categories=[1, rest]), "TC331")
        assert violation.fix is None
        assert violation.data["indexes"] == [0, 1]


@pytest.mark.parametrize("other", [None, True, {}, {"id": "1"}, [], ["1"], 1.5])
def test_what_is_no_category(other):
    """What is neither a string nor an integer is a warning, beside integers too; integers alone are an info."""
    assert [each.severity for each in find(of_user(consent_categories=["1", 2, other]), "TC331")] == [Severity.WARNING]
    assert [each.severity for each in find(of_user(consent_categories=["1", 2, 3.0]), "TC331")] == [Severity.INFO]


def test_huge_category():
    """A number of thousands of digits is not a category: it is neither converted nor compared."""
    longest = b"1" * 5000
    listed = b'{"event_name":"login","user":{"consent_categories":[%b,%b,1]},"context":{}}' % (longest, longest)
    (violation,) = find(listed, "TC331", "TC332")
    assert (violation.pointer, violation.fix) == (PLACE, None)


@pytest.mark.parametrize("sender", ["server", "web", "mobile"])
def test_consent_of_every_sender(sender):
    """Consent is required of every sender, and for custom events too."""
    event = of_user() | {"event_name": "brochure_downloaded", "user": {"id": "C-1024"}}
    assert pointers(event, "TC330", sender=sender) == ["/user"]


@pytest.mark.parametrize(
    ("categories", "expected"),
    [(["1", "3"], False), (None, False), ("1", False), ([], True), (["1", 3], True), (["1", "1"], True)],
)
def test_has_odd_categories(categories, expected):
    """Different strings are nothing odd, and what is no list is left to the contract."""
    odd = has_odd_categories(RuleContext(event({"consent_categories": categories}), EVENT_2_0, "server", 0))
    assert odd is expected


GOOGLE = "/user/google_consent_mode"


@pytest.mark.parametrize(
    ("mode", "pointer"),
    [
        ({"ad_user_data": "granted", "ad_personalization": "denied", "ad_storage": "granted"}, None),
        ({"analytics_storage": "denied", "functionality_storage": "maybe"}, None),
        ({}, None),
        ({"ad_user_data": "GRANTED"}, f"{GOOGLE}/ad_user_data"),
        ({"ad_personalization": True}, f"{GOOGLE}/ad_personalization"),
        ({"ad_storage": None}, f"{GOOGLE}/ad_storage"),
        ({"analytics_storage": ""}, f"{GOOGLE}/analytics_storage"),
        ({"ad_user_data": ["granted"]}, f"{GOOGLE}/ad_user_data"),
        ("granted", GOOGLE),
        (["granted"], GOOGLE),
        (None, GOOGLE),
    ],
)
def test_google_consent_mode(mode, pointer):
    """What is neither `granted` nor `denied` is reported, and so is a mode that is no object."""
    assert pointers(of_user(google_consent_mode=mode), "TC334") == ([pointer] if pointer else [])
    assert pointers(of_user(id="1"), "TC334") == []


@given(st.sampled_from(["granted", "denied", "yes", ""]), st.sampled_from([str.upper, str.title, " {}\n".format]))
def test_fixes_of_google_consent_mode(word, write):
    """Only case and white space are corrected."""
    payload = of_user(google_consent_mode={"ad_user_data": write(word)})
    (violation,) = find(payload, "TC334")
    assert bool(violation.fix) == (word in {"granted", "denied"})
    assert_fixes(payload, "TC334")
