"""`validate` on batches, pixels, and the payloads of the data APIs."""

from __future__ import annotations

import json

import pytest

from payloads import minimal
from tcspec.errors import UnknownKind
from tcspec.validation import is_valid, validate

EVENT = {
    "event_name": "login",
    "user": {"id": "C-1"},
    "context": {"event_id": "e-1", "event_timestamp": 1718006400000},
}
LEGACY = {"event_name": "login", "event_id": "e-1", "event_timestamp": 1718006400000, "properties": {}}
PRODUCT = {"id": "SKU-4711", "brand": "Northwind", "gtin": "4006381333931"}
CALL = "https://collect.commander1.com/events?tc_s=3315&token=t0ken&"


def codes(payload, *arguments, **options):
    """Return code and pointer of all violations."""
    return [(each.code, each.pointer) for each in validate(payload, *arguments, **options)]


class TestBatches:
    """Each event is validated separately."""

    def test_events_have_their_own_pointers(self):
        """Violations of an event have its pointer in the batch, in the order of the events."""
        events = [EVENT] * 12
        events[2] = EVENT | {"user": {"id": 7}}
        events[10] = EVENT | {"context": {}}
        assert codes({"batch": events}) == [
            ("TC302", "/batch/2/user/id"),
            ("TC201", "/batch/10/context"),
            ("TC201", "/batch/10/context"),
        ]

    def test_line_and_column(self):
        """Violations of a document have the position inside the event."""
        text = '{"batch": [\n ' + json.dumps(EVENT) + ',\n {"event_name": 3}]}'
        assert {(each.line, each.column) for each in validate(text)} == {(3, 2), (3, 17)}

    @pytest.mark.parametrize(
        ("batch", "expected"),
        [
            ({"batch": []}, []),
            ({"batch": [EVENT], "sent": {"at": "noon"}}, []),
            ({"batch": "x"}, [("TC102", "/batch")]),
            ({"batch": [EVENT, None, [EVENT]]}, [("TC009", "/batch/1"), ("TC009", "/batch/2")]),
            ({"batch": [LEGACY]}, [("TC701", "/batch/0")]),
            ({"batch": [{"idSite": "7"}]}, [("TC702", "/batch/0")]),
            ({"batch": [{"batch": [EVENT]}]}, [("TC101", "/batch/0")] * 3),
        ],
    )
    def test_unusual_batches(self, batch, expected):
        """The envelope is validated without its events, and every member separately."""
        assert codes(batch) == codes(json.dumps(batch)) == codes(batch, engine="reference") == expected
        assert is_valid(batch) == (not expected)

    def test_without_a_batch(self):
        """A payload of kind batch must have a `batch`."""
        assert codes({}, "batch") == [("TC101", "")]
        assert not is_valid({}, "batch")

    def test_legacy_events_of_a_version(self):
        """When a version is requested, the events of a batch must be in the 2.0 format."""
        assert {code for code, _ in codes({"batch": [LEGACY]}, "batch", "2.0")} == {"TC101"}
        assert {code for code, _ in codes({"batch": [LEGACY]}, version="2.0")} == {"TC101"}

    def test_sizes(self):
        """An event of a batch may have 32,768 bytes, whatever the size of the batch (K012), and the batch 512,000."""
        heavy, light = EVENT | {"text": "x" * 32_769}, EVENT | {"text": "x" * 32_000}
        assert codes({"batch": [EVENT, heavy]}) == [("TC020", "/batch/1")]
        assert codes({"batch": [light]}) == [("TC021", "/batch/0")]
        assert codes({"batch": [EVENT | {"text": "x" * 31_000}] * 17}) == [("TC020", "")]
        (violation,) = validate({"batch": [EVENT, heavy]})
        assert next(iter(violation.data["costliest"])) == "/batch/1/text"
        assert "; /batch/1/text alone has 32,771" in violation.message
        assert not is_valid({"batch": [EVENT, heavy]})
        assert is_valid({"batch": [light]})

    def test_events_are_measured_as_they_are_sent(self):
        """An event of a batch is measured as it would be sent, or as it is in the body, escapes included."""
        event = json.dumps(EVENT | {"text": "é" * 6_000}).encode()
        batch = b'{"batch": [' + event + b"]}"
        assert codes(event) == codes(batch) == codes(json.loads(batch)) == []
        assert codes(event, as_sent=True) == [("TC020", "")]
        assert codes(batch, as_sent=True) == [("TC020", "/batch/0")]


def test_events_of_a_batch_count():
    """A batch is valid when its envelope and every event in it are."""
    good, bad = minimal(), minimal() | {"user": 5}
    assert is_valid({"batch": [good, good]})
    assert not is_valid({"batch": [good, bad]})
    assert not is_valid({"batch": good}, "batch")


class TestPixels:
    """A call is validated as the event in it."""

    def test_required(self):
        """A pixel requires its name and the properties of its event, but not user and context (K117)."""
        assert codes(CALL + "event_name=page_view") == [("TC204", "")]
        assert codes(CALL + "page_type=home") == [("TC101", ""), ("TC204", "")]
        assert ("TC401", "") in codes(CALL + "event_name=add_to_cart")
        assert is_valid(CALL + "event_name=page_view")
        assert not is_valid(CALL)

    def test_numbers_and_booleans(self):
        """A value that must be a number is read as one, and reported when it is not (K116)."""
        video = "event_name=video_start&video_session_id=s&total_length=30&content_asset_id=a&"
        wrong = validate(CALL + video + "cursor_position=ten&livestream=yes")
        assert [(each.code, each.pointer) for each in wrong if each.severity == "error"] == [
            ("TC502", "/cursor_position"),
            ("TC502", "/livestream"),
        ]
        assert is_valid(CALL + video + "cursor_position=10&livestream=true")

    def test_line_and_column(self):
        """A violation has the position of its parameter."""
        text = CALL + "event_name=login&user[id][x]=1"
        (wrong,) = (each for each in validate(text) if each.code == "TC302")
        assert (wrong.line, wrong.column) == (1, 1 + text.index("user[id]"))

    def test_minimal_call(self):
        """A query alone has warnings: no site, no source key, neither id nor timestamp."""
        found = validate("event_name=login", "pixel")
        assert [(each.code, each.severity) for each in found] == [
            ("TC033", "warning"),
            ("TC033", "warning"),
            ("TC204", "warning"),
        ]
        identified, timed = "&context[event_id]=e-1", "&context[event_timestamp]=1718006400000"
        assert codes(f"{CALL}event_name=login{identified}{timed}") == []

    @pytest.mark.parametrize(
        ("query", "message", "properties"),
        [
            (
                "",
                "missing `context.event_id` and `context.event_timestamp`: the server sets its own",
                ["event_id", "event_timestamp"],
            ),
            (
                "&context[event_id]=e-1",
                "missing `context.event_timestamp`: the server sets its own",
                ["event_timestamp"],
            ),
            (
                "&context[event_timestamp]=1718006400000",
                "missing `context.event_id`: the server sets its own",
                ["event_id"],
            ),
        ],
    )
    def test_missing_id_and_time(self, query, message, properties):
        """A pixel without its id or its time has a warning that names what is missing."""
        (found,) = validate(f"{CALL}event_name=login{query}")
        assert (found.code, found.pointer, found.message) == ("TC204", "", message)
        assert found.data == {"properties": properties}

    def test_time_parameter(self):
        """The parameter that overrides the time stands for the timestamp, not for the id (K126)."""
        (found,) = validate(f"{CALL}event_name=login&ts_override=1718006400")
        assert found.data == {"properties": ["event_id"]}

    def test_legacy_names(self):
        """A pixel with the names of the 1.0 format has a warning that says how they are written now."""
        found = [each for each in validate(f"{CALL}event=login&properties[method]=card") if each.code == "TC701"]
        assert [(each.pointer, each.severity, each.message, each.hint) for each in found] == [
            (
                "",
                "warning",
                "the pixel has names of the 1.0 format, `event` or `properties[...]`",
                "name it `event_name`, and write the names in `properties[...]` without `properties`",
            )
        ]

    def test_bad_queries(self):
        """An unreadable query is reported with its position."""
        (violation,) = validate(CALL + "user[id=1")
        assert (violation.code, violation.line, violation.column) == ("TC012", 1, 1 + len(CALL))
        assert not is_valid(CALL + "user[id=1")


class TestDataApis:
    """Users, products and conversions are validated with their own schemas."""

    def test_detected(self):
        """A payload is validated as its detected kind."""
        assert codes(PRODUCT) == []
        assert codes(PRODUCT | {"price": "7"}) == [("TC802", "/price")]
        assert codes({"person": {"id": 7}}) == [("TC802", "/person/id")]
        assert ("TC801", "/user") in codes({"conversion_items": [], "user": {}})

    def test_requested(self):
        """A payload without a detected kind is validated as the requested one."""
        assert codes({"id": "SKU-4711"}, "product") == []
        assert codes({}, "product") == codes({}, "user") == [("TC801", "")]

    def test_lengths(self):
        """Lengths count characters, and the longer of two documented lengths is the contract (K092)."""
        assert codes({"id": "é" * 50, "brand": "x" * 255}, "product") == []
        assert codes({"id": "é" * 51, "brand": "x" * 256}, "product") == [("TC803", "/brand"), ("TC803", "/id")]
        (violation,) = validate({"id": "P", "name": "x" * 501}, "product")
        assert violation.message == "expected a string of at most 500 characters, got 501 characters"

    def test_closed_lists(self):
        """The lists of the bulk APIs are closed, and a similar value is suggested."""
        (violation,) = validate({"id": "P", "condition": "New"}, "product")
        assert (violation.code, violation.hint) == ("TC803", 'did you mean "new"?')
        assert "K060" in violation.source

    def test_have_no_size_limit(self):
        """Only events and batches have a size limit."""
        assert codes({"id": "P", "custom": {"text": "x" * 600_000}}, "product") == []

    def test_personal_values_are_not_shown(self):
        """A value that describes a person is never shown, in any kind."""
        for payload in ({"person": {"email": 739201846512}}, {"conversion_items": [], "user": {"email": 739201846512}}):
            assert "739201846512" not in repr(validate(payload))


class TestVersions:
    """A version is one of the kind, or of events."""

    def test_of_another_kind(self):
        """A version that the detected kind does not have is one of events."""
        assert codes({"person": {}}, version="1.0") == []
        assert ("TC101", "") in codes({"person": {}}, version="2.0")
        assert codes(PRODUCT, version="1.0")[0][0] == "TC101"

    def test_unknown(self):
        """A version that the requested kind does not have is misuse."""
        with pytest.raises(UnknownKind, match=r"choose from user/1\.0"):
            validate({}, "user", "2.0")
        with pytest.raises(UnknownKind):
            is_valid({}, "batch", "1.0")
