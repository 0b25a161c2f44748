from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import assert_fixes_mend, found, of_user, pointers

PLACE = "/user/consent_categories"
categories = st.one_of(
    st.integers(0, 4), st.sampled_from("01234"), st.just(10**50), st.booleans(), st.none(), st.just(1.0), st.just([])
)


@given(st.lists(categories, max_size=6))
def test_fixes_of_the_consent_mend(listed):
    """Whatever is in the list, each fix silences its rule and adds no violation."""
    assert_fixes_mend(of_user(consent_categories=listed), "TC33")


@pytest.mark.parametrize("given_", [None, "1,3", 1, {}, True])
def test_what_is_no_list_is_of_the_contract(given_):
    """Of categories that are no list only the contract speaks."""
    assert not found(of_user(consent_categories=given_), "TC33")


def test_a_number_and_its_text_are_one_category():
    """Categories are compared as texts; a text with a leading nought is another."""
    assert pointers(of_user(consent_categories=[1, "1"]), "TC332") == [PLACE]
    assert not found(of_user(consent_categories=[1, "01", True, True, None, None]), "TC332")


def test_a_list_that_cannot_be_mended_whole_is_left_alone():
    """What is neither text nor integer has no text that the vendor would write, so that the list stays."""
    for rest in (None, True, 1.5, [], 10**40, 10**50):
        (violation,) = found(of_user(consent_categories=[1, rest]), "TC331")
        assert violation.fix is None
        assert violation.data["indexes"] == [0, 1]


def test_an_integer_of_any_length_is_looked_at():
    """A number too long to be read digit by digit is no category: it is neither written as a text nor compared."""
    longest = b"1" * 5000
    listed = b'{"event_name":"login","user":{"consent_categories":[%b,%b,1]},"context":{}}' % (longest, longest)
    (violation,) = found(listed, "TC331", "TC332")
    assert (violation.pointer, violation.fix) == (PLACE, None)


@pytest.mark.parametrize("sender", ["server", "web", "mobile"])
def test_everybody_tells_the_consent(sender):
    """Consent is asked for whoever sends, and of custom events too."""
    event = of_user() | {"event_name": "brochure_downloaded", "user": {"id": "C-1024"}}
    assert pointers(event, "TC330", sender=sender) == ["/user"]
