"""`tcspec check` for payloads of every kind, detected or set by `--kind`."""

from __future__ import annotations

import json

import pytest

from command import locate, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
PRODUCT = {"id": "SKU-4711", "brand": "Northwind", "gtin": "4006381333931"}
CALL = b"https://collect.commander1.com/events?tc_s=3315&token=t0ken&event_name=login&user[id]=C-1&user[consent_categories][]=1"


pytestmark = pytest.mark.usefixtures("elsewhere")


def ndjson(*payloads):
    """Return payloads as NDJSON."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


class TestDetection:
    """Kinds that are detected."""

    @pytest.mark.parametrize(
        "payload", [EVENT, {"batch": [EVENT]}, {"person": {"id": "C-1"}}, PRODUCT, PRODUCT | {"price": 7.5}]
    )
    def test_documents(self, payload):
        """A document is checked as the kind that it shows."""
        assert tcspec("check", put("a.json", json.dumps(payload).encode())).code == 0

    def test_mixed_lines(self):
        """The lines of one file may be of several kinds."""
        path = put("a.ndjson", ndjson(EVENT, {"batch": [{}]}, {"person": 3}, PRODUCT | {"price": "x"}))
        assert [(code, line) for code, line, _ in locate(path)] == [
            *[("TC101", 2)] * 3,
            ("TC802", 3),
            ("TC802", 4),
        ]

    def test_batches(self):
        """A violation in a batch has its position in the file."""
        text = (
            b'{"batch": [\n'
            + json.dumps(EVENT).encode()
            + b',\n{"event_name": "x", "user": '
            + json.dumps(USER).encode()
            + b"}]}"
        )
        ran = tcspec("check", put("a.json", text))
        assert ran.out.startswith("a.json:3:1: TC101 error: missing required property `context`\n")
        assert '\n    3 | {"event_name": "x"' in ran.out

    def test_indented_batches(self):
        """White space does not count for the size of a batch or of its events."""
        batch = {"batch": [EVENT | {"list": list(range(5_000))}] * 3}
        assert tcspec("check", put("a.json", json.dumps(batch, indent=8).encode())).code == 0

    def test_payloads_only(self):
        """With --payloads-only, payloads of every kind are checked, and other JSON is skipped."""
        path = put(
            "a.ndjson", ndjson({"batch": []}, {"person": {}}, PRODUCT, {"name": "x"}, {"tags": [], "brand": "x"})
        )
        ran = tcspec("check", "--payloads-only", path)
        assert (ran.code, ran.err) == (
            0,
            "3 payloads in 1 file: no violations; 2 documents skipped, not a payload\n",
        )


class TestPixels:
    """URLs and queries, one per line."""

    def test_lines(self):
        """A file of URLs is checked line by line."""
        path = put("calls.txt", CALL + b"\n\n" + CALL + b"&coupon=x\n" + CALL + b"&user[email][x]=1\r\n")
        assert [(code, line) for code, line, _ in locate("--ignore", "TC204", path)] == [
            ("TC115", 3),
            ("TC302", 4),
        ]

    def test_bare_query(self):
        """A bare query is a pixel if --kind says so."""
        assert tcspec("check", "--kind", "pixel", "-", stdin=b"event_name=login\n").code == 0
        assert tcspec("check", "-", stdin=b"event_name=login\n").code == 1
        assert tcspec("check", "--kind", "pixel", put("a.log", b"event_name=login,\n}=1\n")).code == 1

    def test_other_services(self):
        """A pixel of another service of the vendor is passed over and counted, in a list and alone (K127)."""
        others = b"https://privacy.commander1.com/x?a=1\nhttps://cdn.tagcommander.com/3315/tc.js?v=1\n"
        ran = tcspec("check", put("a.txt", others + b"https://shop.example/events?tc_s=1&token=t&event_name=login\n"))
        assert ran.code == 0
        assert ran.err.endswith("2 documents skipped, not a payload\n")
        assert "a.txt:3:" in ran.out
        assert "a.txt:1:" not in ran.out

    def test_position(self):
        """A violation has the position of its parameter."""
        path = put("a.txt", b"\n" + CALL + b"&user[email][x]=1")
        assert ("TC302", 2, 1 + len(CALL) + 1) in locate(path)

    def test_source_key_is_not_printed(self):
        """The source key is not printed."""
        ran = tcspec("check", put("a.txt", CALL + b"&token=t0ken"))
        assert ran.code == 1
        assert "t0ken" not in ran.out + ran.err

    def test_payloads_only(self):
        """A URL of a pixel is a payload with --payloads-only."""
        assert tcspec("check", "--payloads-only", put("a.txt", CALL)).code == 0


class TestServer:
    """`--format server`: the vendor's own aggregated answer."""

    def answer(self, *arguments):
        """Return the exit code and the answer for the only file."""
        ran = tcspec("check", "--format", "server", *arguments)
        return ran.code, json.loads(ran.out)

    def test_accepted(self):
        """The answer for accepted objects has only counts."""
        code, answer = self.answer("--kind", "product", put("a.ndjson", ndjson(PRODUCT, {"id": "P2"})))
        assert (code, answer) == (0, {"data": {"accepted_object_count": 2, "rejected_object_count": 0}})

    def test_rejected(self):
        """Errors are aggregated, with the line numbers of the file."""
        path = put(
            "a.ndjson", ndjson({"id": "P1", "price": "7"}) + b"\n" + ndjson(PRODUCT, {"id": "P3", "price": True})
        )
        code, answer = self.answer("--kind", "product", path)
        (error,) = answer["errors"]
        assert code == 1
        assert error["meta"]["line_numbers"] == [1, 4]
        assert answer["data"] == {"accepted_object_count": 1, "rejected_object_count": 2}

    def test_summary(self):
        """The summary is on stderr."""
        ran = tcspec("check", "--format", "server", "--kind", "product", put("a.ndjson", ndjson({})))
        assert ran.err == "1 payload in 1 file: 1 error\n"

    def test_no_json(self):
        """A line that is not JSON gets the answer to an unreadable request."""
        code, answer = self.answer("--kind", "conversion", put("a.ndjson", b"{}\n{\n"))
        assert (code, answer["errors"][0]["code"], answer["data"]) == (1, "PARSE_ERROR", {})

    def test_several_files(self):
        """Each file is a request with its own answer; an unreadable file has none."""
        first, second = put("a.ndjson", ndjson(PRODUCT)), put("b.ndjson", ndjson({}, {}))
        ran = tcspec("check", "--format", "server", "--kind", "product", first, "missing.ndjson", second)
        assert ran.code == 2
        answers = ran.out.replace("}\n{", "}\0{").split("\0")
        assert [json.loads(answer)["data"]["rejected_object_count"] for answer in answers] == [0, 2]

    @pytest.mark.parametrize("kind", [(), ("--kind", "event"), ("--kind", "user")])
    def test_only_bulk_has_answers(self, kind):
        """Other endpoints document no answer, so the format is refused for them."""
        ran = tcspec("check", "--format", "server", *kind, put("a.ndjson", ndjson(PRODUCT)))
        assert ran.code == 2
        assert "--format server needs --kind product or conversion" in ran.err
