"""Commands of curl, and the requests that they send."""

from __future__ import annotations

import json
import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.curl_commands import read_command
from tcspec.requests.examination import examine
from tcspec.requests.http_files import UNKNOWN_VALUE, read_http_file

URL = "https://collect.commander1.com/events?tc_s=3315"
BODY = '{"event_name": "login"}'
JSON = ("Content-Type", "application/json")
FIELDS = ("Content-Type", "application/x-www-form-urlencoded")


def read(text):
    """Return what a command sends; `?` stands for a value of the shell."""
    return read_command(text, lambda: "?")


def error_of(text):
    """Return why a command is not read."""
    with pytest.raises(UnreadablePayload) as refused:
        read(text)
    [violation] = refused.value.violations
    assert violation.code == "TC042"
    return violation.message


@pytest.mark.parametrize(
    ("command", "method", "headers", "body"),
    [
        (f"curl {URL}", "GET", (), ""),
        (f"curl.exe -sSL --compressed --url '{URL}'", "GET", (), ""),
        (f"curl -X PUT {URL}", "PUT", (), ""),
        (f"curl -XPUT -I {URL}", "PUT", (), ""),
        (f"curl -I {URL}", "HEAD", (), ""),
        (f"curl {URL} -d '{BODY}'", "POST", (FIELDS,), BODY),
        (f"curl {URL} --json '{BODY}'", "POST", (JSON,), BODY),
        (
            f"curl {URL} \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '@{BODY}'",
            "POST",
            (JSON,),
            f"@{BODY}",
        ),
        (
            f"curl {URL} -H'content-type:text/plain' --data-binary '{BODY}' # it",
            "POST",
            (("content-type", "text/plain"),),
            BODY,
        ),
        (f"curl {URL} -d a=1 --data-urlencode 'b=c d' --data-urlencode =é", "POST", (FIELDS,), "a=1&b=c%20d&%C3%A9"),
        (f'curl {URL} -d "{{\\"a\\": \\"\\$\\"}}" -H \'Content-Type;\'', "POST", (FIELDS,), '{"a": "$"}'),
        (f'curl {URL} -H "Authorization: Bearer $TOKEN"', "GET", (("Authorization", "Bearer ?"),), ""),
        (
            f"curl {URL} --oauth2-bearer ${{TOKEN}} -A x",
            "GET",
            (("User-Agent", "x"), ("Authorization", "Bearer ?")),
            "",
        ),
        (f"curl {URL} -b 'a=b' -u 'a:b'", "GET", (("Cookie", "a=b"), ("Authorization", "Basic YTpi")), ""),
        (f"curl {URL} -b jar.txt -o out.json -w '%{{http_code}}' 2>/dev/null | jq .", "GET", (), ""),
        (f"curl -- {URL}; echo done", "GET", (), ""),
        (f'curl {URL} --json $\'{{"a": "it\\\'s \\u00e9\\x21\\n"}}\'', "POST", (JSON,), '{"a": "it\'s \u00e9!\n"}'),
        (
            f"curl {URL} --json $'\\ud83d\\ude00\\ud800\\U0001f600\\UFFFFFFFF'",
            "POST",
            (JSON,),
            "\U0001f600\ufffd\U0001f600\ufffd",
        ),
        (
            f'curl {URL} --json \'{{"a": "\'"$X"\'", "b": "\'"$(date +%s)"\'"}}\'',
            "POST",
            (JSON,),
            '{"a": "?", "b": "?"}',
        ),
    ],
)
def test_commands(command, method, headers, body):
    """Method, headers and body are those that curl sends, but for its own headers."""
    read_ = read(command)
    assert (read_.method, read_.headers, read_.body, read_.unknown_body) == (method, headers, body, None)
    assert read_.urls == (URL,)


def test_bytes():
    """Bytes beyond ASCII that are written as escapes are those of the body."""
    [captured] = read_http_file(rf"curl {URL} -d $'\xc3\xa9\303\251'".encode(), DEFAULT_LIMITS)
    assert captured.body == "éé".encode()


@pytest.mark.parametrize(
    ("command", "urls"),
    [
        ("curl -G https://x/?a=1 -d b=2", ["https://x/?a=1&b=2"]),
        ("curl --get https://x/ --data-urlencode 'b=ä'", ["https://x/?b=%C3%A4"]),
        ("curl https://x/1 --url https://x/2", ["https://x/1", "https://x/2"]),
        ("curl x/1", ["http://x/1"]),
    ],
)
def test_urls(command, urls):
    """A command may have several URLs, without a scheme too, and send its data in the query."""
    assert list(read(command).urls) == urls


@pytest.mark.parametrize("option", ["-d @a.json", "--json @a.json", "--data-urlencode a@b", "-F a=b", "-T a.json"])
def test_unknown_bodies(option):
    """A body in another file, or in parts, is not known, and the rest of the request is checked."""
    [captured] = read_http_file(f"curl '{URL}' {option}".encode(), DEFAULT_LIMITS)
    assert captured.unknown_body.code == "TC045"
    assert captured.unknown_body.severity.value == "warning"
    assert examine(captured.read(DEFAULT_LIMITS)).endpoint == ("events" if "-T" not in option else None)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("curl", "no URL"),
        ("curl -X POST", "no URL"),
        ("curl" + " https://x" * 21, "more than 20 URLs"),
        (f"curl {URL} --unknown", "an option"),
        (f"curl {URL} -K a.cfg", "an option"),
        (f"curl {URL} --next https://x", "an option"),
        (f"curl '{URL}", "quote"),
        (f'curl "{URL}', "quote"),
        (f"curl {URL}&token=t", "write its URL in quotes"),
        (f"curl {URL} `id`", "quote"),
        (f"curl {URL} -d $'a", "quote"),
        (f'curl ^"{URL}^" ^\n -H ^"A: b^"', "for Windows"),
        (f"curl {URL} `\n -d a", "for Windows"),
    ],
)
def test_errors(command, expected):
    """What is not read for certain is refused, and no value of it is shown."""
    assert expected in error_of(command)
    [error] = read_http_file(f"###\n\n  {command}\n".encode(), DEFAULT_LIMITS)
    assert (error.violations[0].line, error.violations[0].column) == (3, 3)


def test_unknown_values():
    """What a shell would insert is unknown, and noted once."""
    text = f'curl {URL}\\&token=$TOKEN --json "{{\\"user\\": {{\\"id\\": \\"$ID\\"}}}}"\n'
    [captured] = read_http_file(text.encode(), DEFAULT_LIMITS)
    assert f"token={UNKNOWN_VALUE}" in captured.url
    assert json.loads(captured.body)["user"]["id"].startswith(UNKNOWN_VALUE)
    assert [(each.code, each.line) for each in captured.notes] == [("TC045", 1)]


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1), min_size=1))
def test_agrees_with_a_shell(data):
    """Words in quotes are those that a POSIX shell passes."""
    command = " ".join(["curl", URL, *(f"--data-raw {shlex.quote(each)}" for each in data)])
    if "^\n" not in command and '^"' not in command and "`\n" not in command:
        assert read(command).body == "&".join(data)


@pytest.mark.parametrize(
    "words",
    [
        '\'a b\' "c\\"d" e\\ f',
        '"a\\\\b\\\nc\\d" \'e\'"f"g',
        "$'a\\tb\\'c\\x41\\101\\u00e9' x#y #z",
        "a;b",
        "a 2>/dev/null b 2>&1 c",
    ],
)
def test_words_are_those_of_bash(words):
    """Quotes, escapes, comments and ends of commands are read as bash reads them."""
    run = subprocess.run(["bash", "-c", f"printf '%s\\0' {words}"], capture_output=True, check=False)  # noqa: S607
    expected = run.stdout.decode().split("\0")[:-1]
    assert list(read(f"curl {URL} {words}").urls)[1:] == [f"http://{each}" for each in expected]
