"""`tcspec validate` on every kind of payload, by detection and by `--kind`."""

from __future__ import annotations

import json

import pytest

from command import locate, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
PRODUCT = {"id": "SKU-4711", "brand": "Northwind", "gtin": "4006381333931"}
CALL = b"https://collect.commander1.com/events?tc_s=3315&token=t0ken&event_name=login&user[id]=C-1&user[consent_categories][]=1"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def lines(*payloads):
    """Write payloads one a line."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


class TestDetection:
    """What is not said is found out."""

    @pytest.mark.parametrize(
        "payload", [EVENT, {"batch": [EVENT]}, {"person": {"id": "C-1"}}, PRODUCT, PRODUCT | {"price": 7.5}]
    )
    def test_of_documents(self, payload):
        """A document is judged as the kind that it shows."""
        assert tcspec("check", put("a.json", json.dumps(payload).encode())).code == 0

    def test_of_mixed_lines(self):
        """The lines of one file may be of several kinds."""
        path = put("a.ndjson", lines(EVENT, {"batch": [{}]}, {"person": 3}, PRODUCT | {"price": "x"}))
        assert [(code, line) for code, line, _ in locate(path)] == [
            *[("TC101", 2)] * 3,
            ("TC802", 3),
            ("TC802", 4),
        ]

    def test_of_batches(self):
        """What is wrong in a batch has its place in the file and in the batch."""
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

    def test_of_batches_in_files_for_people(self):
        """White space counts for the size of neither a batch nor its events."""
        batch = {"batch": [EVENT | {"list": list(range(5_000))}] * 3}
        assert tcspec("check", put("a.json", json.dumps(batch, indent=8).encode())).code == 0

    def test_payloads_only(self):
        """For a hook, every kind shows itself to be a payload, and everything else is passed over."""
        path = put("a.ndjson", lines({"batch": []}, {"person": {}}, PRODUCT, {"name": "x"}, {"tags": [], "brand": "x"}))
        ran = tcspec("check", "--payloads-only", path)
        assert (ran.code, ran.err) == (
            0,
            "3 payloads in 1 file: no violations; 2 documents skipped, not a payload\n",
        )


class TestPixels:
    """Addresses and queries, one a line."""

    def test_lines(self):
        """A file of calls is judged line by line."""
        path = put("calls.txt", CALL + b"\n\n" + CALL + b"&items=x\n" + CALL + b"&user[email][x]=1\r\n")
        assert [(code, line) for code, line, _ in locate("--ignore", "TC204", path)] == [
            ("TC115", 3),
            ("TC302", 4),
        ]

    def test_asked(self):
        """A bare query is a pixel when it is said to be one."""
        assert tcspec("check", "--kind", "pixel", "-", stdin=b"event_name=login\n").code == 0
        assert tcspec("check", "-", stdin=b"event_name=login\n").code == 1
        assert tcspec("check", "--kind", "pixel", put("a.log", b"event_name=login,\n}=1\n")).code == 1

    def test_place(self):
        """A violation stands at the parameter."""
        path = put("a.txt", b"\n" + CALL + b"&user[email][x]=1")
        assert ("TC302", 2, 1 + len(CALL) + 1) in locate(path)

    def test_tokens_are_not_told(self):
        """The source key is not printed."""
        ran = tcspec("check", put("a.txt", CALL + b"&token=t0ken"))
        assert ran.code == 1
        assert "t0ken" not in ran.out + ran.err

    def test_payloads_only(self):
        """A call is a payload for a hook."""
        assert tcspec("check", "--payloads-only", put("a.txt", CALL)).code == 0


class TestServer:
    """`--format server`: the vendor's own aggregated answer."""

    def answers(self, *arguments):
        """Give exit code and the answer to the only file."""
        ran = tcspec("check", "--format", "server", *arguments)
        return ran.code, json.loads(ran.out)

    def test_accepted(self):
        """When every object is accepted the answer has only counts."""
        code, answer = self.answers("--kind", "product", put("a.ndjson", lines(PRODUCT, {"id": "P2"})))
        assert (code, answer) == (0, {"data": {"accepted_object_count": 2, "rejected_object_count": 0}})

    def test_rejected(self):
        """Errors are aggregated, and numbers of lines are those of the file."""
        path = put("a.ndjson", lines({"id": "P1", "price": "7"}) + b"\n" + lines(PRODUCT, {"id": "P3", "price": True}))
        code, answer = self.answers("--kind", "product", path)
        (error,) = answer["errors"]
        assert code == 1
        assert error["meta"]["line_numbers"] == [1, 4]
        assert answer["data"] == {"accepted_object_count": 1, "rejected_object_count": 2}

    def test_summary(self):
        """What a person wants to know goes to stderr."""
        ran = tcspec("check", "--format", "server", "--kind", "product", put("a.ndjson", lines({})))
        assert ran.err == "1 payload in 1 file: 1 error\n"

    def test_no_json(self):
        """A line that is no JSON makes the answer that of a request that is not read."""
        code, answer = self.answers("--kind", "conversion", put("a.ndjson", b"{}\n{\n"))
        assert (code, answer["errors"][0]["code"], answer["data"]) == (1, "PARSE_ERROR", {})

    def test_several_files(self):
        """Each file is a request with an answer of its own; one that cannot be read has none."""
        first, second = put("a.ndjson", lines(PRODUCT)), put("b.ndjson", lines({}, {}))
        ran = tcspec("check", "--format", "server", "--kind", "product", first, "missing.ndjson", second)
        assert ran.code == 2
        answers = ran.out.replace("}\n{", "}\0{").split("\0")
        assert [json.loads(answer)["data"]["rejected_object_count"] for answer in answers] == [0, 2]

    @pytest.mark.parametrize("kind", [(), ("--kind", "event"), ("--kind", "user")])
    def test_only_bulk_has_answers(self, kind):
        """Other endpoints document no answer, so none is made up."""
        ran = tcspec("check", "--format", "server", *kind, put("a.ndjson", lines(PRODUCT)))
        assert ran.code == 2
        assert "--format server needs --kind product or conversion" in ran.err
