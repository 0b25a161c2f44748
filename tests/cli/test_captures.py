"""Files of captured requests on the command line."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from command import locate, put, tcspec
from tcspec.cli.captures import check_captures
from tcspec.jsontext import quick_reader, reader
from tcspec.jsontext.reader import DEFAULT_LIMITS

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
POST = b"POST https://collect.commander1.com/events?tc_s=3315&token=t0ken12345\nContent-Type: application/json\n\n"


pytestmark = pytest.mark.usefixtures("elsewhere")


def test_valid():
    """The predicted answer to a valid request is printed."""
    ran = tcspec("check", put("a.http", POST + json.dumps(EVENT).encode() + b"\n"))
    assert ran.code == 0
    assert ran.out.startswith("a.http:1: ")
    assert "answer 200" in ran.out
    assert ran.err == "1 payload in 1 file: no violations\n"


def test_body():
    """A violation in the body has its line and column in the file."""
    body = b'{"event_name": "login",\n "user": {"id": 7}}'
    codes = locate(put("a.http", POST + body))
    assert ("TC302", 5, 17) in codes
    assert ("TC101", 4, 1) in codes


def test_json_report():
    """The JSON report has the answer to each request."""
    path = put("a.http", POST + b"{\n\n###\n" + POST + json.dumps(EVENT).encode())
    (file,) = json.loads(tcspec("check", "--format", "json", path).out)["files"]
    assert [(answer["line"], answer["statuses"]) for answer in file["answers"]] == [(1, [400]), (7, [200])]


def test_unreadable_files():
    """A file that is not HAR is a violation with its position; a missing file is an error."""
    assert locate(put("a.har", b'{"log": {'))[0][0] in {"TC001", "TC042"}
    assert tcspec("check", "a.har").code == 1
    assert tcspec("check", "missing.http").code == 2


def test_bodies_are_decoded_once(monkeypatch):
    """The body of a request is decoded once for the contract, the rules and the reports."""
    path = put("a.http", POST + json.dumps(EVENT).encode())
    read, decoded = quick_reader.read_usual, []
    monkeypatch.setattr(reader, "read_usual", lambda *arguments: decoded.append(1) or read(*arguments))
    (result,) = check_captures(path, DEFAULT_LIMITS)
    assert len(decoded) == 1
    assert result.payload.document == EVENT


def test_too_long():
    """A file beyond the maximum length is a violation."""
    path = put("a.http", POST + json.dumps(EVENT).encode())
    assert [code for code, _, _ in locate("--max-length", "20", path)] == ["TC007"]


def test_output_has_no_secrets():
    """The output contains neither the source key nor personal data."""
    ran = tcspec("check", put("a.http", POST + b'{"user": {"email": 739201846512}}'))
    assert ran.code == 1
    assert "t0ken12345" not in ran.out + ran.err
    assert "739201846512" not in ran.out + ran.err


def test_unreadable_requests():
    """A request that cannot be read is reported whatever is selected, and the next one is read."""
    path = put("a.http", b"GET\n\n###\n" + POST + b'{"event_name": "login"')
    assert [code for code, _, _ in locate(path)] == ["TC042", "TC001"]
    assert [code for code, _, _ in locate("--select", "TC3", path)] == ["TC042", "TC001"]


def test_payloads_only():
    """With --payloads-only, requests that do not go to the vendor are ignored, readable or not."""
    path = put("a.http", b"GET https://shop.example/x\n\n###\nGET {{host}}/x\n")
    ran = tcspec("check", "--payloads-only", "--allow-empty", path)
    assert (ran.code, ran.out) == (0, "")
    assert tcspec("check", "--payloads-only", put("b.http", POST + b"{")).code == 1


def test_recorded_bodies():
    """A body that was not recorded is a warning, a damaged one an error; one in base64 is decoded."""
    request = {"method": "POST", "url": "https://collect.commander1.com/events?tc_s=1&token=t0ken12345"}
    request["headers"] = [{"name": "Content-Type", "value": "application/json"}]
    for more, expected, code in (
        ({"bodySize": 812, "postData": {"mimeType": "application/json"}}, "TC042", 0),
        ({"postData": {"text": "!", "encoding": "base64"}}, "TC042", 1),
        ({"postData": {"text": "ew==", "encoding": "base64"}}, "TC001", 1),
    ):
        path = put("a.har", json.dumps({"log": {"entries": [{"request": request | more}]}}).encode())
        assert [each for each, _, _ in locate(path)] == [expected]
        assert tcspec("check", path).code == code


def test_grouped_answers():
    """Requests of one name with one answer are one line of the text, however many there are."""
    valid, unrecorded = {"postData": {"text": json.dumps(EVENT)}}, {"bodySize": 812}
    out = tcspec("check", "--ignore", "TC2", har(*[valid] * 1200, unrecorded, valid)).out
    answers = [line for line in out.splitlines() if ": answer " in line]
    assert [line.partition(": ")[2] for line in answers] == [
        "POST /events (and 1,200 more): answer 200 (the body is JSON and within the size limit)",
        "POST /events: answer not predicted (not all of the request is known)",
    ]


def har(*requests):
    """Write a HAR file of some requests, and return its path."""
    base = {"method": "POST", "url": "https://collect.commander1.com/events?tc_s=1&token=t0ken12345"}
    base["headers"] = [{"name": "Content-Type", "value": "application/json"}]
    entries = [request and {"request": base | request} for request in requests]
    return put("a.har", json.dumps({"log": {"entries": entries}}).encode())


def test_counts():
    """A run says how many requests of a file there are, and how many were judged, passed over and unreadable."""
    valid = {"postData": {"text": json.dumps(EVENT)}}
    path = har({"url": "https://x/"}, None, valid, {"bodySize": 812}, {"method": "OPTIONS"}, valid)
    ran = tcspec("check", "--format", "json", path)
    (file,) = json.loads(ran.out)["files"]
    assert file["requests"] == {"seen": 6, "judged": 2, "passed_over": 2, "unreadable": 2}
    assert "a.har: 6 requests: 2 checked, 2 skipped, 2 unreadable\n" in tcspec("check", path).out


def test_undecoded_bodies():
    """A body in an encoding that is not read is unknown and counted so; a damaged one is an error."""
    for encoding, text, code in (("br", "GwIA", 0), ("gzip", "eA==", 0), ("gzip", "H4sIAAAA", 1)):
        headers = [
            {"name": "Content-Type", "value": "application/json"},
            {"name": "Content-Encoding", "value": encoding},
        ]
        ran = tcspec("check", har({"headers": headers, "postData": {"text": text, "encoding": "base64"}}))
        assert (ran.code, "1 request: 1 unreadable" in ran.out, "TC042" in ran.out) == (code, True, True)


def test_counts_of_others():
    """A file whose requests are all passed over is counted too; a hook says nothing of it."""
    for request in ({"url": "https://x/"}, {"url": "https://collect.commander1.com/events?ga_url_param=/g/collect"}):
        path = har(request, request)
        assert "a.har: 2 requests: 2 skipped\n" in tcspec("check", path).out
    ran = tcspec("check", "--payloads-only", "--allow-empty", har({"url": "https://x/"}))
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize(
    ("line", "is_passed_over"),
    [
        ("POST https://login.example/oauth/token", True),
        ("GET https://api.example/orders?page=2", True),
        ("MQTT tcp://broker.example", True),
        ("CONNECT collect.commander1.com:443 HTTP/1.1", True),
        ("GET localhost:8080/orders", True),
        ("POST https://shop.example/cdp/events", False),
        ("POST https://shop.example/cdp/event?tc_s=3315", False),
        ("GET https://shop.example/hit?event_name=search", False),
        ("POST https://collect.commander1.com/event", False),
        ("POST https://api.commander1.com/v2/3315/product/bulk", False),
        ("POST /basket", False),
    ],
)
def test_requests_to_others(line, is_passed_over):
    """In a file of an editor a request that has nothing to do with the vendor is passed over; a mistake is reported."""
    ran = tcspec("check", put("a.http", f"{line}\n\n{{}}\n\n###\n".encode() + POST + json.dumps(EVENT).encode()))
    assert (ran.code, "TC030" in ran.out) == ((0, False) if is_passed_over else (1, True))
    assert ("2 requests: 1 checked, 1 skipped" in ran.out) is is_passed_over


def test_redacted_files():
    """What a tool has redacted is one hint for a file, and no error."""
    headers = [{"name": "Content-Type", "value": "application/json"}, {"name": "Authorization", "value": "[redacted]"}]
    url = "https://collect.commander1.com/events?tc_s=***"
    text = json.dumps(EVENT | {"user": USER | {"email": "[email redacted]"}})
    path = har(*[{"url": url, "headers": headers, "postData": {"text": text}}] * 3)
    assert [code for code, _, _ in locate(path)] == ["TC045"]
    assert tcspec("check", path).code == 0


def test_partial_files():
    """One request that cannot be read hides no other one, wherever it stands."""
    wrong = {"postData": {"text": json.dumps(EVENT | {"user": 7})}}
    for order in ((None, wrong), (wrong, None), (None, wrong, {"bodySize": 9}, None)):
        found = [code for code, _, _ in locate(har(*order))]
        assert found.count("TC102") == 1
        assert set(found) == {"TC102", "TC042"}


def test_infos_are_reported_once():
    """What is the same for many requests of a file is reported once."""
    url = "https://collect.commander1.com/events?tc_s=1"
    body = {"url": url, "postData": {"text": json.dumps(EVENT)}}
    assert [code for code, _, _ in locate(har(body, body, body))] == ["TC036"]
    assert tcspec("check", "a.har").code == 0
    ga4 = {"url": f"{url}&&ga_url_param=/g/collect?v=2"}
    assert [code for code, _, _ in locate(har(ga4, ga4))] == ["TC046"]
    uses = POST + json.dumps(EVENT | {"method": "{{$guid}}"}).encode()
    assert [code for code, _, _ in locate(put("a.http", uses + b"\n###\n" + uses))] == ["TC045"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"event_name": "login", "user": {{user}}, "context": {{context}}}', set()),
        ('{"event_name": "{{name}}", "user": {{{user}}}, "context": {{context}}}', set()),
        (
            '{"event_name": "login", "user": 7, "context": {"event_id": "{{$guid}}", "event_timestamp": {{t}}}}',
            {"TC102"},
        ),
        ('{"event_name": "login", "user": {"id": {{id}}}, "context": {"event_id": "1"}}', {"TC201"}),
        ('{"event_name": "login", "user": {}, "context": {"{{key}}": 1}}', set()),
        ('{"event_name": "purchase", "{{key}}": 1}', set()),
        ("{{body}}", set()),
        ('{"event_name": "login", {{more}} }', set()),
    ],
)
def test_unknown_values(body, expected):
    """What depends on a value that is not known is not judged; the rest is."""
    path = put("a.http", POST.replace(b"3315", b"{{site}}").replace(b"t0ken12345", b"{{token}}") + body.encode())
    ran = json.loads(tcspec("validate", "--format", "json", path).out)["files"][0]["violations"]
    assert {each["code"] for each in ran} - {"TC045"} == expected
    assert "TC045" in {each["code"] for each in ran}


def test_unknown_headers():
    """A header whose value is not known has any."""
    text = POST.replace(b"application/json", b"{{type}}\nAuthorization: {{token}}").replace(b"&token=t0ken12345", b"")
    assert {code for code, _, _ in locate(put("a.http", text + json.dumps(EVENT).encode()))} == {"TC045"}


@pytest.mark.parametrize("name", ["a.har", "a.http"])
def test_length(name):
    """A file that is too long is reported with its length and the option."""
    ran = tcspec("check", "--max-length", "20", put(name, b"{" + b" " * 99 + b"}"))
    assert (
        "the document has 101 bytes and exceeds the maximum length of 20 bytes (raise it with --max-length)" in ran.out
    )


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.curl", "curl -X POST 'https://x' \\\n  -d '{\"a\": 1}'\n", "a curl command"),
        ("a.sh", "  $ curl https://x\n", "a curl command"),
        ("a.sh", "#!/bin/sh\n# send it\n\nset -e\ncurl https://x\n", "a script"),
        ("a.sh", "TOKEN=t0k A='b' curl https://x\n", "a curl command"),
        ("a.txt", "ada@host:~/work$ curl https://x\n", "a curl command"),
        ("a.txt", "* Connected to x\n> POST /events HTTP/2\n", "the output of curl -v"),
        ("a.txt", "> POST /events HTTP/2\n> Host: x\n", "the output of curl -v"),
        ("a.js", "const axios = require('axios');\naxios.post('https://x', {});\n", "program code"),
        ("a.js", "navigator.sendBeacon('https://x', '{}');\n", "program code"),
        ("a.py", "import requests\nrequests.post('https://x')\n", "program code"),
        (
            "a.log",
            '203.0.113.9 - - [10/Jun/2024:08:00:00 +0000] "GET /events?tc_s=1 HTTP/1.1" 200 4\n',
            "a log of a server",
        ),
        ("a.log", "Jun 10 08:00:00 lb haproxy[1]: 203.0.113.9:1 f b/s GET /events?tc_s=1\n", "a log"),
        ("a.log", "https 2024-06-10T08:00:00.1Z app/lb 203.0.113.9 200 GET https://x/events\n", "a log"),
        ("a.log", "2024-06-10\t08:00:00\tCDG\t203.0.113.9\tGET\tx\t/events\ttc_s=1\n", "a log"),
        ("a.log", "2024/06/10 08:00:00 [error] 1#1: client: 203.0.113.9\n", "a log"),
        ("a.log", "2024-06-10 10:00:00.1+0200 Shop[1:2] Sending\n", "a log"),
        ("a.log", "[2024-06-10T08:00:00Z] INFO GET /events\n", "a log"),
        ("a.log", "0a" * 32 + " bucket [10/Jun/2024:08:00:00 +0000] 203.0.113.9 - x\n", "a log"),
        ("a.log", "06-10 08:00:00.123  12  34 D TCServerSide: POST https://x/events\n", "a log"),
        ("a.log", "D/OkHttp: --> POST https://x/events\nD/OkHttp: --> END POST\n", "a log"),
        ("a.log", "I/flutter ( 1234): POST https://x/events\n", "a log"),
        ("a.log", "--> POST https://x/events http/1.1\nContent-Type: a\n", "a log"),
        ("a.log", ">> POST https://x/events\n<< 200 https://x/events\n", "a log"),
        ("a.log", "127.0.0.1:5000: POST https://x/events HTTP/2.0\n    a: b\n", "a log"),
        ("a.txt", "Request URL: https://x/events\nRequest Method: POST\n", "a list of headers of a browser"),
        ("a.txt", "08:00:00.123456 IP 10.0.0.1.5 > 1.2.3.4.80: Flags [P.]\nE..\n", "a capture of packets"),
        ("a.txt", "Frame 1: 500 bytes on wire\nHypertext Transfer Protocol\n", "a capture of packets"),
        ("a.txt", "T 10.0.0.1:50000 -> 1.2.3.4:80 [AP] #4\nPOST /events HTTP/1.1.\n", "a capture of packets"),
        ("a.flow", "4312:9:websocket;0:~8:response;423:6:reason;", "a file of mitmproxy"),
        ("a.xml", '<?xml version="1.0"?>\n<!DOCTYPE items [\n<!ELEMENT items (item*)>\n]>\n', "a file of Burp"),
        ("a.xml", '<items burpVersion="2024.1">\n', "a file of Burp"),
        ("a.jmx", '<?xml version="1.0" encoding="UTF-8"?>\n<jmeterTestPlan version="1.2">\n', "a file of JMeter"),
        ("a.py", "headers = {'a': 'b'}\nresponse = requests.post('https://x')\n", "program code"),
        ("a.py", "from requests import post\npost('https://x')\n", "program code"),
        ("a.js", 'import http from "k6/http";\nhttp.post("https://x", "{}");\n', "program code"),
        ("a.php", "<?php\n$ch = curl_init('https://x');\n", "program code"),
        ("a.js", 'cact("trigger", "login", {});\n', "program code"),
        ("a.js", "window.dataLayer.push({event: 'login'});\n", "program code"),
        ("a.log", "#Version: 1.0\n#Fields: date time cs-method\n2024-06-10 08:00 GET\n", "a log of a server"),
        ("a.js", 'fetch("https://x", {\n  "body": "{}"\n});\n', "a call of fetch"),
        ("a.ps1", "$session = New-Object A\nInvoke-WebRequest -Uri 'https://x'\n", "a PowerShell command"),
        ("a.txt", "http POST x a=1\n", "a command of a shell"),
        ("a.yaml", "type: collection.insomnia.rest/5.0\nname: a\n", "an Insomnia export"),
        ("a.bru", "meta {\n  name: a\n}\n", "a Bruno file"),
        ("a.txt", "### one\nPOST https://x\n\n{}\n", "a captured request"),
        ("a.txt", "POST /events HTTP/1.1\nHost: x\n\n{}\n", "a captured request"),
        *(
            ("-", f"{before}\nPOST https://x\nA: b\n\n{{}}\n", "a captured request")
            for before in (
                "@host = x",
                "# login\n@host=x",
                "// login",
                "",
                "{{\n a()\n}}",
                "< {% a() %}",
                "# @name a\n\n###",
            )
        ),
        ("a.txt", "# a\nGET https://x/events?tc_s=1\nAccept: */*\n", "a captured request"),
        ("a.txt", "GET {{host}}/events?tc_s=1\n", "a captured request"),
        ("a.json", "@host = x\n\n###\nGET {{host}}/events\n", "a captured request"),
        ("a.json", json.dumps([{"protocolVersion": "HTTP/1.1", "actualPort": 443}]), "a session of Charles"),
        ("a.json", json.dumps({"constants": {}, "events": []}), "a net log of Chrome"),
        ("a.json", json.dumps({"log": {"entries": []}}), "a HAR file"),
        ("a.json", json.dumps({"info": {}, "item": []}, indent=1), "a Postman collection"),
        ("a.json", json.dumps({"collection": {"info": {}, "item": []}}), "a Postman collection"),
        ("a.json", json.dumps({"id": "1", "order": [], "requests": []}), "a Postman collection"),
        ("a.har", json.dumps({"info": {}, "item": []}), "a Postman collection"),
        ("a.json", json.dumps({"_type": "export", "resources": []}), "an Insomnia export"),
    ],
)
def test_other_captures(name, content, expected):
    """Captured requests in a form that is not read are reported once, and as what they are."""
    path = name if name == "-" else put(name, content.encode())
    ran = tcspec("check", path, stdin=content.encode())
    assert ran.code == 1
    assert f"TC042 error: {expected} is " in ran.out
    assert ran.out.count("TC0") == 1


def test_one_line_of_a_log_among_events():
    """A first line that is one of a log hides no event behind it."""
    path = put("a.ndjson", b"2024-06-10 08:00:00 export of events\n" + json.dumps(EVENT).encode() + b"\n{}\n")
    assert {line for _, line, _ in locate(path)} == {1, 3}


@pytest.mark.parametrize("verb", ["size", "upgrade", "fix"])
@pytest.mark.parametrize("name", ["a.http", "a.har", "a.rest"])
def test_other_commands(verb, name):
    """Commands about payloads do not take captured requests for one."""
    ran = tcspec(verb, put(name, POST + json.dumps(EVENT).encode()))
    assert (ran.code, ran.out) == (2, "")
    assert "it holds captured requests" in ran.err


@pytest.mark.parametrize(
    ("path", "body", "code", "expected"),
    [
        ("/events/batch", f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}", "TC001", "one event per line"),
        ("/events/batch", json.dumps([EVENT]), "TC009", 'help: send {"batch": [...]} to /events/batch'),
        ("/events", json.dumps([EVENT]), "TC009", 'help: send {"batch": [...]} to /events/batch'),
        ("/v2/3315/products/bulk", json.dumps([{"id": "P1"}]), "TC009", "help: write one object a line"),
    ],
)
def test_bodies_of_several_objects(path, body, code, expected):
    """Several objects in a form that the endpoint does not read have a hint with the form that it reads."""
    host = "collect" if path.startswith("/events") else "api"
    ran = tcspec("check", har({"url": f"https://{host}.commander1.com{path}?tc_s=1", "postData": {"text": body}}))
    assert f"{code} error" in ran.out
    assert expected in ran.out
    assert ".ndjson" not in ran.out
    assert "one by one" not in ran.out


def test_compressed_bodies():
    """A body that is compressed without a header that says so is reported as that, and not as broken text."""
    text = base64.b64encode(gzip.compress(json.dumps(EVENT).encode())).decode()
    ran = tcspec("check", har({"postData": {"text": text, "encoding": "base64"}}))
    assert "TC042 error: the body is compressed with gzip, and no Content-Encoding header says so" in ran.out
    assert (ran.code, ran.out.count("TC0")) == (1, 1)


@pytest.mark.parametrize(
    "line",
    [
        "> POST /events?tc_s=3315&token=t0kenSecret7 HTTP/2",
        "* GET /events?user[firstname]=t0kenSecret7",
        "authorization: Bearer t0kenSecret7",
        "< set-cookie: id=t0kenSecret7; path=/",
        "> x-api-key: t0kenSecret7",
        "TOKEN=t0kenSecret7",
    ],
)
@pytest.mark.parametrize("before", ["", "? ok\n"])
def test_text_has_no_secrets(before, line):
    """Neither parameters nor credentials of a request are printed, in whatever text they stand."""
    ran = tcspec("check", put("a.txt", f"{before}{line}\n".encode()))
    assert ran.code == 1
    assert "t0kenSecret7" not in ran.out + ran.err
