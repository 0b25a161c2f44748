from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rule_fixes import of_user, pointers
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.placeholders import (
    SUSPECT_STARTS,
    describe_hash,
    describe_placeholder,
    identifies_nobody,
    is_key,
    is_placeholder,
    is_zeros,
    may_be_placeholder,
    may_have_mark,
)

ANY_STRING = {"type": "string"}
WORDS = ("undefined", "null", "NaN", "None", "nil")
TEMPLATES = (
    *("{{user.id}}", "{{ customer.id }}", "{{{id}}}", "{{}}", "C-{{ id }}", "{% id %}", "{id}", "{$id}", "{user id}"),
    *("${userId}", "$${userId}", "#{id}", "%{id}", "@{id}", "$(id)", "$id$", "$user_id", "{{DLV - User ID}}"),
    *("%%CACHEBUSTER%%", "%%PATTERN:url%%", "C-%%ID%%", "%userid%", "#TC_UNIQUEID#", "#user.id#", "##ID##", "@@ID@@"),
    *(
        '"{waiting_for_consent}"',
        "'%user%'",
        "%%=v(@id)=%%",
        "%%[var @id]%%",
        "{0}",
        "%s",
        "%(id)s",
        "#REF!",
        "#VALUE!",
        "#NAME?",
    ),
    *("__CLICK_ID__", "[CACHEBUSTING]", "[[id]]", "[%id%]", "<%= id %>", "<user_id>", "*|EMAIL|*", "%7B%7Bid%7D%7D"),
)
OBJECTS = (
    *("[object Object]", "[object Undefined]", "C-[object Promise]", "[object HTMLInputElement]", "[Function: id]"),
    *("function(){}", "function (a, b) { return a; }", "Invalid Date"),
    *("[Function (anonymous)]", "<shop.User object at 0x7f3a2b1c>", "https://shop.example/%5Bobject%20Object%5D"),
)
NIL = "00000000-0000-0000-0000-000000000000"
VALUES = (
    *("C-1024", "0", "null-modem-cable", "Nonesuch", "undefinedness", "50% off", "100%", "a_b", "#1", "C#", "$9.99"),
    *("{3f2504e0-4f89-11d3-9a0c-0305e82c3301}", "{ABCDEFABCDEFABCDEFABCDEFABCDEFAB}", "x" * 100, "[REC]", "<3", "-"),
    *("function", "invalid date", "Invalid Date of birth", "functional (x)", "50%% off", "100%s", "#REF"),
    *("a@b.example", "__init", "it's", "Banane", "{}", "[]", "nullnull", "00000000-0000-0000-0000-000000000001"),
)
every_hash = pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])


def digest(text, algorithm="sha256"):
    """Return the hash of a text."""
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


def variants(word):
    """Return a word in other cases, with white space, quotes or brackets around it, and twice."""
    cases = (word, word.lower(), word.upper(), word.capitalize())
    return [
        form.format(case) for case in cases for form in ("{}", " {}\t", '"{}"', "({})", "<{}>", "{0} {0}", "{0}-{0}")
    ]


@pytest.mark.parametrize("text", [*(each for word in WORDS for each in variants(word)), "N/A", "#N/A", "(not set)"])
def test_words_in_keys(text):
    """A word for no value, in any case and with anything around it, is none in an id, a name or a hash."""
    for name in ("id", "event_id", "firstname_sha256", "item_list_name"):
        assert describe_placeholder(name, text, None)
    assert is_placeholder(text)


@pytest.mark.parametrize("text", [*TEMPLATES, *OBJECTS])
def test_templates_and_objects(text):
    """A template that was not filled in, and an object turned into text, are no values of any standard string."""
    assert describe_placeholder("id", text, None)
    assert describe_placeholder("method", f" {text} ", ANY_STRING)
    assert is_placeholder(text)


@pytest.mark.parametrize("text", VALUES)
def test_values(text):
    """What may be an id or a name is not reported."""
    assert describe_placeholder("id", text, ANY_STRING) is None
    assert describe_placeholder("method", text, ANY_STRING) is None


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0", "\u200b", "\ufeff", '""', "''"])
def test_blank_strings(text):
    """A string that shows nothing is no id, but may be any other property."""
    assert describe_placeholder("id", text, None)
    assert describe_placeholder("method", text, ANY_STRING) is None
    assert is_placeholder(text)


@pytest.mark.parametrize("text", [NIL, NIL.replace("-", ""), f"{{{NIL}}}", f"urn:uuid:{NIL}", f" {NIL} "])
def test_nil_uuid(text):
    """The nil UUID in any of its notations is no id; a device that refuses to be tracked has it."""
    assert describe_placeholder("sdk_id", text, ANY_STRING) == "the nil UUID"
    assert describe_placeholder("advertising_id", text, ANY_STRING) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("0", True), ("0000", True), ("0-0", True), ("10", False), ("-", False)]
)
def test_zeros(text, expected):
    """Zeros identify nobody, but may be the number of an item or of an event."""
    assert is_zeros(text) is identifies_nobody(text) is expected
    assert not is_placeholder(text)
    assert pointers(of_user(id=text), "TC121") == ["/user/id"] * expected
    assert describe_placeholder("id", text, None) is None or not expected


@every_hash
@pytest.mark.parametrize("text", ["", "undefined", "null", "NaN", "None", "NULL", "UNDEFINED", "[object Object]", "\n"])
def test_hashes_of_nothing(algorithm, text):
    """The hash of a word for no value is reported with any algorithm, in any case, and hashed twice."""
    for found in (digest(text, algorithm), digest(text, algorithm).upper(), digest(digest(text, algorithm), algorithm)):
        assert describe_hash(found)
        assert pointers(of_user(email_sha256=found, phone=found), "TC121") == ["/user/email_sha256", "/user/phone"]
        assert is_placeholder(found)


@given(st.text(min_size=1).filter(lambda text: not identifies_nobody(text)))
def test_hashes_of_values(text):
    """The hash of what may be a value may be one."""
    assert describe_hash(digest(text)) is None
    assert not is_placeholder(digest(text))


@given(st.text())
def test_any_string(text):
    """What is reported of a standard string is reported of an id too, whatever the text is."""
    if describe_placeholder("method", text, ANY_STRING):
        assert describe_placeholder("id", text, ANY_STRING)
    assert is_placeholder(text) or not describe_placeholder("id", text, ANY_STRING)


@given(
    st.one_of(st.sampled_from((*TEMPLATES, *OBJECTS, *WORDS, NIL)), st.text()),
    st.sampled_from(("", " ", "\u200b", "(", "0", "a")),
)
def test_look_at_the_text(text, before):
    """The look at the text of an event finds every string that is a placeholder, so that none is passed over."""
    event = of_user(id=before + text, city=text)
    if identifies_nobody(before + text) or describe_placeholder("city", text, ANY_STRING):
        assert RuleContext(event, EVENT_2_0, "server", 0).may_have_placeholder
        body = json.dumps(event, ensure_ascii=False, indent=1).encode()
        assert RuleContext(event, EVENT_2_0, "server", 0, body).may_have_placeholder
    assert not RuleContext(of_user(), EVENT_2_0, "server", 0).may_have_placeholder


@given(st.text(alphabet='0.:_-{}()[]$#%@*<>/ \u00a0\u200bnulNUL\\"5BbD7', min_size=1, max_size=12))
@example("%5B%6fbject Object]")
@example("0\u3000")
@example("d41d8cd98f00b204e9800998ecf8427e\u3000")
def test_look_at_signs(text):
    """The same holds for strings of signs."""
    if identifies_nobody(text):
        assert RuleContext(of_user(id=text), EVENT_2_0, "server", 0).may_have_placeholder


def test_white_space():
    """Whatever may be stripped of a string is a start that is looked at."""
    assert {chr(code) for code in range(0x110000) if chr(code).isspace()} < SUSPECT_STARTS


def test_free_strings():
    """Outside of ids and names, `none` in lower case may be a value, and a custom property may be anything."""
    assert [describe_placeholder("coupon", text, ANY_STRING) for text in ("none", "nil", "n/a")] == [None] * 3
    assert [bool(describe_placeholder("coupon", text, ANY_STRING)) for text in ("None", "NULL", "nan")] == [True] * 3
    assert describe_placeholder("note", "undefined", None) is None
    assert describe_placeholder("type", "undefined", {"type": "string", "enum": ["online"]}) is None


@pytest.mark.parametrize("name", ["Null", "Nan", "Nil"])
def test_names_of_persons(name):
    """Some persons are called so."""
    assert describe_placeholder("lastname", name, ANY_STRING) is None
    assert describe_placeholder("lastname", name.lower(), ANY_STRING)


def test_is_key():
    """A property identifies or names something when its name says so."""
    keys = ("id", "ID", "event_id", "tcId", "consentID", "customer-id", "email_sha1", "page_name", "firstname", "gtin")
    assert all(map(is_key, keys))
    assert not any(map(is_key, ("paid", "valid", "method", "city", "username2", "advertising_id", "naming", "")))


@pytest.mark.parametrize("text", ["undefined", "NULL", "{{ id }}", "#TC_ID#", "", NIL, "0", digest("undefined", "md5")])
def test_identifiers_of_users(text):
    """A user, and a device, whose only identifier is a placeholder has none."""
    event = of_user(id=text, email=text, consistent_anonymous_id=text)
    assert pointers(event, "TC310", "TC320", sender="server") == ["/user", "/user"]
    assert not pointers(of_user(id="C-1", consistent_anonymous_id="d-1"), "TC310", "TC320", sender="server")


@pytest.mark.parametrize("value", [None, 0, True, [], {}, ["undefined"], {"id": "undefined"}])
def test_other_types(value):
    """What is not a string is left to the contract."""
    assert not is_placeholder(value)
    assert not pointers(of_user(id=value, firstname=value), "TC121")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "an empty string"),
        (" ", "a blank string"),
        ("a%5B1%5D", None),
        ("a%7B1%7D", None),
        (f"{'nan ' * 19}null", f"the word `{'nan ' * 19}null`"),
        (f"{'nan ' * 19} null", None),
        (digest("nan", "md5"), "the MD5 hash of `NaN`"),
        (digest("none"), "the SHA-256 hash of `None`"),
        (digest(" "), "the SHA-256 hash of an empty string"),
    ],
)
def test_descriptions_of_keys(text, found):
    """The message says what an id is instead of a value; escapes and long texts of such words may be a value."""
    assert describe_placeholder("id", text, ANY_STRING) == found


CATEGORIES = ("undefined", "null", "NaN", "None", "(null)", "{{ category }}", "[object Object]", "%%CATEGORY%%")


@pytest.mark.parametrize("text", [*CATEGORIES, "{waiting_for_consent}", '"{c}"', "", " ", "\t", "\u200b", "\ufeff "])
def test_consent_categories(text):
    """A consent category that is a placeholder, or shows nothing, is reported where it is."""
    assert pointers(of_user(id="C-1", consent_categories=[text]), "TC121") == ["/user/consent_categories/0"]
    assert pointers(of_user(id="C-1", consent_categories=["1", text]), "TC121") == ["/user/consent_categories/1"]
    assert pointers(of_user(id=text, consent_categories=["1", text]), "TC121")[0] == "/user/consent_categories/1"
    assert pointers(of_user(id="C-1", consent_categories=["none", "1", "social", 3, None]), "TC121") == []


@pytest.mark.parametrize("name", ["{{ Event Name }}", "[object Object]", "%%EVENT NAME%%", "undefined undefined"])
def test_names_of_events(name):
    """A placeholder in the place of an event name is no name with white space."""
    event = of_user(id="C-1") | {"event_name": name}
    assert pointers(event, "TC121") == ["/event_name"]
    assert pointers(event, "TC119") == []


def test_values_with_rules_of_their_own():
    """A value of a list, also of a recommended one, and a currency have rules of their own."""
    assert describe_placeholder("page_type", "undefined", ANY_STRING | {"recommended": ["home"]}) is None
    assert describe_placeholder("currency", "undefined", ANY_STRING) is None


@pytest.mark.parametrize("text", ["Ada", "tent", "U-1", "Vienna", "a" * 40, "0b1"])
def test_strings_above_suspicion(text):
    """Most strings need no closer look."""
    assert not may_be_placeholder(text)
    assert not may_have_mark(text)


@pytest.mark.parametrize("text", ["[1]", "{1}", "50 %", "<3", "a@b.example", "*"])
def test_signs_without_a_mark(text):
    """A bracket or another sign is no template as long as what follows is none."""
    assert not may_have_mark(text)
