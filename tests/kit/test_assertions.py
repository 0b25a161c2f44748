"""`assert_valid` and `assert_events`: what passes, and what the messages of the others name."""

from __future__ import annotations

import sys
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import minimal
from tcspec.errors import UnknownKind, UnreadablePayload, WrongArgument
from tcspec.models import Context, Item, Login, Product, User
from tcspec.pytest import assert_events, assert_valid
from tcspec.pytest.comparison import match_in_any_order
from tcspec.strategies import events, nearly_valid

LOGIN = Login(user=User(id="C-1"), context=Context(event_id="e-1", event_timestamp=1718000000000))
PURCHASE = minimal("purchase")
VIEW = minimal("page_view")


def message_of(assertion, *arguments, **options):
    """Return the message of an assertion that fails."""
    with pytest.raises(AssertionError) as failed:
        assertion(*arguments, **options)
    return str(failed.value)


class OneOf:
    """A value that equals each of some values."""

    def __init__(self, *values):
        self.values = values

    def __eq__(self, other):
        return other in self.values

    __hash__ = None


class TestAssertValid:
    """`assert_valid`."""

    @given(events())
    def test_valid_events_pass(self, event):
        """A valid event passes."""
        assert_valid(event)

    @given(nearly_valid())
    def test_invalid_events_fail(self, drawn):
        """The message for an invalid event has the code and the place of what is wrong."""
        assert f"{drawn.code} error at {drawn.pointer or 'the root'}: " in message_of(assert_valid, drawn.event)

    def test_message(self):
        """The message lists every violation, and no value of the payload."""
        event = minimal("search") | {"user": {"email": ["ada@shop.example"]}}
        del event["search_term"]
        assert message_of(assert_valid, event) == (
            "the payload is invalid:\n"
            "  TC101 error at the root: missing required property `search_term`\n"
            "  TC302 error at /user/email: expected a string, got an array"
        )

    def test_many_violations(self):
        """Of many violations the first are listed and the others counted."""
        batch = {"batch": [{}] * 30}
        assert "\n  and " in message_of(assert_valid, batch)

    def test_every_form_of_a_payload(self):
        """Models, bytes and text are payloads, and a kind or a version can be named."""
        assert_valid(LOGIN)
        assert_valid(LOGIN.to_json())
        assert_valid({"id": "SKU-1"}, "product")
        assert "TC001" in message_of(assert_valid, b"{")
        with pytest.raises(UnknownKind):
            assert_valid({}, "pixle")
        for wrong in ({"kind": 3}, {"version": 3}, {"rules": 3}):
            with pytest.raises(WrongArgument):
                assert_valid(minimal("login"), **wrong)

    def test_rules(self):
        """Rules count when they are requested by their prefix."""
        event = minimal("purchase") | {"currency": "eur"}
        event["user"] = {"id": "C-1"}
        misspelt = minimal("login") | {"serch_term": "tent"}
        assert_valid(misspelt)
        assert "TC" in message_of(assert_valid, misspelt, rules="TC")
        assert "TC403" in message_of(assert_valid, event)


class TestAssertEvents:
    """`assert_events`."""

    def test_names_and_properties(self):
        """A name, an object of some of its properties, or a model is found among other events."""
        assert_events([VIEW, LOGIN, PURCHASE], ["login", {"event_name": "purchase", "user": {}}])
        assert_events([VIEW, LOGIN], [LOGIN])
        assert_events([LOGIN.to_json(), '{"batch": [{"event_name": "login"}]}'], ["login", "login"], exact=True)
        assert_events(["?tc_s=1&token=t&event_name=login"], ["login"])
        assert_events([{"event": "login", "properties": {}}], ["login"])
        assert_events(PURCHASE, "purchase")
        assert_events(LOGIN, "login")
        assert_events(bytearray(LOGIN.to_json()), LOGIN)
        assert_events(memoryview(LOGIN.to_json()), {"event_name": "login"})
        assert "expected `purchase` (event 1 of 1)" in message_of(assert_events, LOGIN, {"event_name": "purchase"})
        assert_events([], [])

    def test_values_that_decide_for_themselves(self):
        """A value may be anything that compares equal; true is not 1."""
        event = minimal("login") | {"count": 1, "price": 0.1 + 0.2, "new": True}
        assert_events([event], [{"count": ANY, "price": pytest.approx(0.3), "new": True}])
        assert "/new: expected an integer, got a boolean" in message_of(assert_events, [event], [{"new": 1}])
        assert "/count: expected a boolean, got an integer" in message_of(assert_events, [event], [{"count": True}])

    def test_models_and_tuples_in_what_is_expected(self):
        """A model in what is expected is what it is on the wire, and a tuple an array."""
        item = Item(id="L1", quantity=1, product=Product(id="SKU-1"))
        event = minimal("view_cart") | {"items": [item.to_payload() | {"coupon": "A"}], "tags": ["a", "b"]}
        assert_events([event], [{"items": [item], "tags": ("a", "b"), "user": User(id="C-1024")}])
        found = message_of(assert_events, [event], [{"items": (Item(id="L2", quantity=1, product=Product(id="a")),)}])
        assert "/items/0/id: expected " in found
        assert "/tags/1: expected no such item" in message_of(assert_events, [event], [{"tags": ("a",)}])

    def test_closest(self):
        """The message names the event of that name with the fewest differences, and where it differs."""
        first = PURCHASE | {"currency": "USD", "revenue": 12}
        second = PURCHASE | {"currency": "EUR", "revenue": 19.5, "items": []}
        wanted = {"event_name": "purchase", "currency": "EUR", "revenue": 20, "items": [{"id": "SKU-1"}]}
        assert message_of(assert_events, [VIEW, first, second], ["page_view", wanted]) == (
            "expected `purchase` (event 2 of 2), closest was `purchase` (captured event 3 of 3), differs at\n"
            "  /revenue: expected 20, got 19.5\n"
            "  /items/0: expected an object, it is missing\n"
            "captured: `page_view`, `purchase`, `purchase`"
        )
        assert '/event_name: expected "login", got "page_view"' in message_of(assert_events, [VIEW], ["login"])

    def test_differences_of_arrays(self):
        """An array has to have all items and no other."""
        event = minimal("view_cart") | {"items": [{"id": "a"}, {"id": "b"}]}
        assert "/items/1: expected no such item" in message_of(assert_events, [event], [{"items": [{"id": "a"}]}])

    def test_many_differences(self):
        """Of many differences the first are listed and the others counted."""
        wanted = {f"x_{index}": 1 for index in range(30)}
        assert "\n  and 20 more\n" in message_of(assert_events, [VIEW], [wanted])

    def test_order(self):
        """The order matters unless any is allowed."""
        found = message_of(assert_events, [PURCHASE, VIEW], ["page_view", "purchase"])
        assert "`purchase` (event 2 of 2), it was captured too early or only once, as event 1" in found
        assert_events([PURCHASE, VIEW], ["page_view", "purchase"], any_order=True)
        assert "only once" in message_of(assert_events, [VIEW], ["page_view", "page_view"])
        assert "only once" in message_of(assert_events, [VIEW], ["page_view", "page_view"], any_order=True)

    def test_any_order_finds_an_event_for_each(self):
        """In any order, an event that several match goes to the one that has no other."""
        events = [PURCHASE | {"id": "1"}, PURCHASE | {"id": "2"}]
        assert_events(events, ["purchase", {"id": "1"}], any_order=True)
        found = message_of(assert_events, events, ["purchase", {"id": "1"}, "login"], any_order=True)
        assert "expected `login` (event 3 of 3), no other event was captured" in found

    def test_long_chains_in_any_order(self):
        """However many events have to be passed on for the last one, each expected event gets one of its own."""
        count = 400
        events = [{"event_name": "a", "number": number} for number in range(count)]
        expected = [{"number": OneOf(number, number + 1)} for number in range(count - 1)]
        # Far fewer frames than there are events.
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(300)
        try:
            assert_events(events, [*expected, {"number": OneOf(0)}], any_order=True, exact=True)
        finally:
            sys.setrecursionlimit(limit)
        assert "event 401 of 401" in message_of(
            assert_events, events, [*expected, {"number": OneOf(0)}, {"number": OneOf(1)}], any_order=True
        )

    @given(st.lists(st.sets(st.integers(0, 5)), max_size=6))
    def test_any_order_finds_all_that_can_be_found(self, fitting):
        """In any order, no way to give events to those that are expected finds more of them."""
        events = [{"event_name": "a", "number": number} for number in range(6)]

        def count(rest, taken):
            if not rest:
                return 0
            found = [1 + count(rest[1:], taken | {each}) for each in rest[0] - taken]
            return max([count(rest[1:], taken), *found])

        places = match_in_any_order([{"number": OneOf(*each)} for each in fitting], events)
        found = [at for at in places if at is not None]
        assert len(set(found)) == len(found) == count(fitting, frozenset())
        assert all(at is None or at in each for at, each in zip(places, fitting, strict=True))

    def test_exact(self):
        """With `exact` other events are named."""
        found = message_of(assert_events, [VIEW, PURCHASE], ["purchase"], exact=True)
        assert found == "expected 1 event and no other, also captured: `page_view` (event 1)"
        assert_events([VIEW, PURCHASE], ["purchase", "page_view"], exact=True, any_order=True)

    def test_nothing_captured(self):
        """The message says when nothing was captured."""
        assert message_of(assert_events, [], ["login"]) == "expected `login` (event 1 of 1), nothing was captured"

    @given(st.sampled_from(("ada@shop.example", "+33 6 12 34 56 78", "d41d8cd98f00b204e9800998ecf8427e")))
    def test_no_personal_values(self, secret):
        """Neither the expected nor the captured value is in the message when it may be personal."""
        event = minimal("login") | {"user": {"id": secret, "email": secret}, "note": secret, secret: 1, "city": "Lyon"}
        wanted = {"user": {"id": f"{secret}1", "email": 3}, "note": "x", secret: 2, "city": "Paris"}
        found = message_of(assert_events, [event], [wanted])
        assert secret not in found
        assert "/user/email: expected an integer, got a string" in found
        assert "/user/id: expected a different value, got a string too (show_values)" in found
        assert "Lyon" not in found
        shown = message_of(assert_events, [event], [wanted], show_values=True)
        assert '/city: expected "Paris", got "Lyon"' in shown
        assert f'/user/id: expected "{secret}1", got "{secret}"' in shown
        named = {"event_name": secret, "user": {}, "context": {}}
        assert secret not in message_of(assert_events, [named], ["login", secret])

    def test_nothing_controls_a_terminal(self):
        """Names and keys are escaped."""
        named = {"event_name": "a\x1b[31m", "user": {"\x1b": 1}, "context": {}}
        for found in (
            message_of(assert_events, [named], ["login", named]),
            message_of(assert_events, [named], [{"user": {"\x1b": 2}}]),
            message_of(assert_valid, {"event_name": "login", "items": [{"\x1b": 1}], "\x1b": "x"}),
        ):
            assert "\x1b" not in found

    def test_misuse(self):
        """What is no payload was not captured, and what is no event is not expected."""
        with pytest.raises(UnreadablePayload):
            assert_events([b"{"], ["login"])
        with pytest.raises(WrongArgument, match="expected an event as its name or as an object, got an int"):
            assert_events([VIEW], [3])
        for captured, expected in ((None, []), (3, []), ([], None), ([], 3)):
            with pytest.raises(WrongArgument, match=r"expected `(captured|expected)` as an event or several, got"):
                assert_events(captured, expected)
