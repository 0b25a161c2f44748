"""Commands of curl for a POSIX shell, as browsers and API consoles copy them: the requests that they send."""

from __future__ import annotations

import re
from base64 import b64encode
from sys import maxunicode
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from tcspec.codes import UNREADABLE_CAPTURE
from tcspec.errors import UnreadablePayload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = re.compile(
    r"\s*+(?:(?:[\w.-]{1,60}@[^\n$#%>]{0,60})?[$%>] ?)?(?:\w{1,40}=\S{0,200} +)*+curl(?:\.exe)?(?=[ \t]|\\?\r?$)"
)
"""How a line with a command begins, also after a prompt and after variables of its environment."""

# The parts of a command, of which each is taken as a whole: no text of any length takes more than linear time.
_PART = re.compile(
    r"(?P<blank>(?:[ \t\r]|\\\r?\n)++)|'(?P<single>[^']*+)'|\$'(?P<escapes>(?:[^'\\]|\\.)*+)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*+)"|\\(?P<escaped>.)|(?P<redirect>[0-9]?(?:>>?|<(?!<))(?:&[0-9])?)|(?P<end><<|[\n;|&])'
    r"|(?P<variable>\$(?:\w++|\{[^{}\n]*+\}|\([^()\n]*+\)))|(?P<plain>[^\s'\"\\;|&<>$`]++)",
    re.DOTALL,
)
_IN_QUOTES = re.compile(r"\\(?P<escaped>[$`\"\\\n])|\$(?:\w++|\{[^{}\n]*+\}|\([^()\n]*+\))|`[^`\n]*+`")
_ESCAPE = re.compile(
    r"\\(?:[uU](?P<code>[0-9A-Fa-f]{1,8})|x(?P<byte>[0-9A-Fa-f]{1,2})|(?P<octal>[0-7]{1,3})|(?P<one>.))", re.DOTALL
)
_LONE_SURROGATE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Those that do not stand for a byte beyond ASCII."""
_CONTROL = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_MOST_URLS = 20
_GOES_ON = re.compile(r"[\w%\[\].-]{1,60}=")
"""How a URL goes on behind an ampersand."""
_FOR_WINDOWS = re.compile(r"\^(?:\"|\r?\n|\r?\Z)|`\r?\n")

_FLAGS = frozenset("#0123469afgiIGjkLlMnNOpqRsSvZ")
"""Options of one letter that take no value; I and G change the request."""
_LONG_FLAGS = frozenset(
    {"basic", "compressed", "create-dirs", "disable", "fail", "fail-early", "fail-with-body", "get", "globoff", "head"}
    | {"http1.0", "http1.1", "http2", "http2-prior-knowledge", "http3", "include", "insecure", "ipv4", "ipv6"}
    | {"location", "location-trusted", "buffer", "keepalive", "progress-meter", "sessionid", "path-as-is"}
    | {
        "progress-bar",
        "raw",
        "remote-name",
        "remote-header-name",
        "retry-all-errors",
        "retry-connrefused",
        "show-error",
    }
    | {"silent", "ssl", "ssl-reqd", "ssl-no-revoke", "styled-output", "tcp-nodelay", "tlsv1", "tlsv1.2", "tlsv1.3"}
    | {"trace-time", "verbose", "xattr", "parallel", "post301", "post302", "post303", "false-start", "tr-encoding"}
)
_WITH_VALUE = {
    "A": "user-agent", "b": "cookie", "C": "continue-at", "c": "cookie-jar", "d": "data", "D": "dump-header",
    "e": "referer", "E": "cert", "F": "form", "H": "header", "m": "max-time", "o": "output",
    "r": "range", "T": "upload-file", "u": "user", "w": "write-out", "X": "request", "x": "proxy", "y": "speed-time",
    "Y": "speed-limit", "z": "time-cond", "U": "proxy-user",
}  # fmt: skip
"""Options of one letter that take a value, with their long names."""
_IGNORED_VALUES = frozenset(
    {"cacert", "capath", "cert", "cert-type", "ciphers", "connect-timeout", "connect-to", "continue-at", "cookie-jar"}
    | {"dns-servers", "dump-header", "interface", "keepalive-time", "key", "limit-rate", "local-port", "max-redirs"}
    | {"max-time", "noproxy", "output", "output-dir", "pass", "pinnedpubkey", "proxy", "proxy-header", "proxy-user"}
    | {"rate", "resolve", "retry", "retry-delay", "retry-max-time", "socks5", "socks5-hostname", "speed-limit"}
    | {"speed-time", "stderr", "tls-max", "trace", "trace-ascii", "unix-socket", "write-out", "doh-url"}
)
_DATA = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})
_USED_VALUES = _DATA | frozenset(
    {"cookie", "form", "form-string", "header", "oauth2-bearer", "referer", "request", "upload-file", "url", "user"}
    | {"user-agent"}
)
_HEADER_OPTIONS = (
    ("user-agent", "User-Agent", ""),
    ("referer", "Referer", ""),
    ("cookie", "Cookie", ""),
    ("oauth2-bearer", "Authorization", "Bearer "),
)
"""Options whose value is that of a header, behind a prefix."""
_FIELDS = "application/x-www-form-urlencoded"
_ELSEWHERE = "the body is in another file, which is not read; write it here"
_FORM = "the body is a form with parts, which is not read"


class Command(NamedTuple):
    """What a command sends: a method, one URL or several, headers, and a body, or why the body is not known."""

    method: str
    urls: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    body: str
    unknown_body: str | None = None


def read_command(text: str, make_unknown: Callable[[], str]) -> Command:
    """Read the first command of a text.

    Args:
        text: the text, which begins with the command.
        make_unknown: returns a value that stands for one of a variable of the shell.

    Raises:
        UnreadablePayload: when it is for another shell, or has an option or a notation that is not read.
    """
    start = START.match(text)
    rest = text[start.end() if start else 0 :]
    if _FOR_WINDOWS.search(rest):
        raise _refuse("a curl command for Windows is not read; copy it for bash, or write it as a request")
    return _build(list(_iter_options(_iter_words(rest, make_unknown))))


def _refuse(message: str) -> UnreadablePayload:
    return UnreadablePayload([UNREADABLE_CAPTURE.violation("", message)])


def _iter_words(text: str, make_unknown: Callable[[], str]) -> Iterator[str]:
    """Yield the words of a command as a shell passes them."""
    word: str | None = None
    is_file = False
    position = 0
    while position < len(text):
        if word is None and text[position] == "#":
            return  # a comment
        part = _PART.match(text, position)
        if part is None:
            raise _refuse(
                "a quote of this curl command is not closed, or it has a notation of a shell that is not read"
            )
        position = part.end()
        kind = str(part.lastgroup)
        if kind not in {"blank", "end", "redirect"}:
            word = (word or "") + _expand(kind, part[kind], make_unknown)
            continue
        if word is not None:
            yield from () if is_file else (word,)
            word, is_file = None, False
        if part[0] == "&" and _GOES_ON.match(text, position):
            raise _refuse("an `&` outside of quotes ends a curl command; write its URL in quotes")
        if kind == "end":
            return
        # The next word is the name of a file, unless there is the number of a stream.
        is_file = is_file or (kind == "redirect" and not part[0][-1].isdigit())
    if word is not None and not is_file:
        yield word


def _expand(kind: str, found: str, make_unknown: Callable[[], str]) -> str:
    if kind == "variable":
        return make_unknown()
    if kind == "double":
        # A line feed behind a backslash is none.
        return _IN_QUOTES.sub(lambda part: (part["escaped"] or make_unknown()).replace("\n", ""), found)
    if kind != "escapes":
        return found
    # Browsers write what is beyond 16 bits as two surrogates; one alone is no character.
    text = _ESCAPE.sub(_unescape, found).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _LONE_SURROGATE.sub("\ufffd", text)


def _unescape(escape: re.Match[str]) -> str:
    if escape["one"]:
        return _CONTROL.get(escape["one"], escape["one"])
    if escape["code"]:
        number = int(escape["code"], 16)
        return chr(number) if number <= maxunicode else "\ufffd"
    number = int(escape["byte"], 16) if escape["byte"] else int(escape["octal"], 8) % 256
    # Bytes beyond ASCII are those of UTF-8, and become them again in the body.
    return bytes([number]).decode(errors="surrogateescape")


def _iter_options(words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield the long names of options with their values; of what is no option the name is `url`."""
    has_ended = False
    for word in words:
        if has_ended or not word.startswith("-") or word == "-":
            yield "url", word
        elif word == "--":
            has_ended = True
        elif word.startswith("--"):
            name = word.removeprefix("--")
            if name in _USED_VALUES | _IGNORED_VALUES:
                yield name, next(words, "")
            elif name.removeprefix("no-") in _LONG_FLAGS:
                yield name, ""
            else:
                raise _refuse("an option of this curl command is not read; write it as a request")
        else:
            yield from _iter_letters(word, words)


def _iter_letters(word: str, words: Iterator[str]) -> Iterator[tuple[str, str]]:
    for index, letter in enumerate(word[1:], 2):
        if letter in _WITH_VALUE:
            yield _WITH_VALUE[letter], word[index:] or next(words, "")
            return
        if letter not in _FLAGS:
            raise _refuse("an option of this curl command is not read; write it as a request")
        yield {"I": "head", "G": "get"}.get(letter, letter), ""


def _build(options: list[tuple[str, str]]) -> Command:
    urls = tuple(url if "://" in url else f"http://{url}" for name, url in options if name == "url" and url)
    if not urls:
        raise _refuse("this curl command has no URL")
    # Each is a request with the whole body.
    if len(urls) > _MOST_URLS:
        raise _refuse(f"this curl command has more than {_MOST_URLS} URLs; write several commands")
    last = dict(options)
    body, unknown = _read_data(options)
    if "get" in last and body:
        urls, body = tuple(f"{url}{'&' if '?' in url else '?'}{body}" for url in urls), ""
    default = "PUT" if "upload-file" in last else "POST" if body or unknown else "GET"
    default = "HEAD" if "head" in last else "GET" if "get" in last else default
    content_type = "application/json" if "json" in last else "multipart/form-data" if unknown is _FORM else _FIELDS
    added = [(header, prefix + last[name]) for name, header, prefix in _HEADER_OPTIONS if name in last]
    if "user" in last:
        added.append(("Authorization", f"Basic {b64encode(last['user'].encode(errors='surrogateescape')).decode()}"))
    if (body or unknown) and "upload-file" not in last:
        added.append(("Content-Type", content_type))
    headers = [_split_header(value) for name, value in options if name == "header" and not value.startswith("@")]
    names = {name.lower() for name, _ in headers}
    headers += [header for header in added if header[0].lower() not in names]
    # Of a cookie without an equals sign the value is the name of a file; a header without a value is not sent.
    headers = [(name, value) for name, value in headers if value and (name != "Cookie" or "=" in value)]
    return Command(last.get("request", default).upper(), urls, tuple(headers), body, unknown)


def _split_header(header: str) -> tuple[str, str]:
    name, _, value = header.partition(":")
    return name.strip(), value.strip()


def _read_data(options: list[tuple[str, str]]) -> tuple[str, str | None]:
    """Return the body, and why it is not known if it is not."""
    names = {name for name, _ in options}
    if not names.isdisjoint({"form", "form-string"}):
        return "", _FORM
    data = [(name, value) for name, value in options if name in _DATA]
    # Only `--data-raw` sends an at sign at the beginning as it is.
    if "upload-file" in names or any(
        name != "data-raw" and "@" in (value.partition("=")[0] if name == "data-urlencode" else value[:1])
        for name, value in data
    ):
        return "", _ELSEWHERE
    parts = [_encode(value) if name == "data-urlencode" else value for name, value in data]
    # What `--json` is given is joined as it is, and all else as the fields of a form.
    return ("" if "json" in names else "&").join(parts), None


def _encode(field: str) -> str:
    name, equals, value = field.partition("=")
    return f"{name}{'=' if name else ''}{quote(value, safe='')}" if equals else quote(field, safe="")
