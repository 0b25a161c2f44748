"""Captured requests in forms, or under names, that are not read: what they are, in a sentence with what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tcspec.detection import EVENT_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    JsonObject = Mapping[str, Any]

_NOT_READ = "is not read; write its requests in an .http file, or export them as HAR"
_POINTER = "; `--pointer '{}'` checks the bodies alone"
_MISNAMED = "is read from a file whose name ends with {}"
_HEAD = 1_000
# Comments stand before anything; definitions and separators only in `.http` files.
_BEFORE_CAPTURE = re.compile(rb"(?:[ \t]*+(?:(?:#|//|@[\w.-]++[ \t]*+=)[^\n]*+)?\n)*+\s*+")
_LINE_OF_JSON = re.compile(rb"^[ \t]*\{", re.MULTILINE)
_ONLY_OF_HTTP_FILES = re.compile(rb"^(?:###|[ \t]*@[\w.-]+[ \t]*=)", re.MULTILINE)
HTTP_FILE = f"a captured request {_MISNAMED.format('.http')}"
"""The sentence for requests in a file of another name."""
_SCRIPT = f"a script {_NOT_READ}"
_CODE = f"program code {_NOT_READ}"
_LOG = "a log of a server is not read; write the URLs of its pixels one a line in a .txt file"
_OTHER_LOG = "a log is not read; write its JSON texts, or the URLs of its pixels, alone, one a line"
_PACKETS = f"a capture of packets {_NOT_READ}"
_CAPTURE_TEXTS = (
    # After a prompt, and after variables of its environment.
    (
        rb"(?:(?:[\w.-]{1,60}@[^\n$#%>]{0,60})?[$>%#] ?)?(?:\w{1,40}=\S{0,200} +)*+curl(?:\.exe)?\s",
        f"a curl command {_NOT_READ}",
    ),
    (
        rb"\*[ \t]+(?:Trying|Host|Connected|Uses|Rebuilt|Closing|Note)\b|> (?:GET|POST|PUT|PATCH|DELETE|HEAD) ",
        f"the output of curl -v {_NOT_READ}",
    ),
    (rb"Request URL:?[ \t\r\n]", f"a list of headers of a browser {_NOT_READ}"),
    (rb"[0-9]{1,9}:[0-9]{1,2}:(?:version|websocket|response|request);", f"a file of mitmproxy {_NOT_READ}"),
    (
        rb"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,9} (?:IP6? |eth|lo)|Frame [0-9]{1,9}: |[TU] [0-9.]{7,15}:[0-9]+ -> ",
        _PACKETS,
    ),
    (rb"(?:<\?xml[^>\n]{0,99}>\s*)?<(?:!DOCTYPE items|items burpVersion)", f"a file of Burp {_NOT_READ}"),
    (rb"(?:<\?xml[^>\n]{0,99}>\s*)?<jmeterTestPlan", f"a file of JMeter {_NOT_READ}"),
    (rb"<\?php|from\s+[\w.]{1,60}\s+import\s|import\s[^\n;]{1,200}\sfrom\s+[\"']", _CODE),
    (rb"(?:window\.)?(?:dataLayer\.push|cact|gtag|tC\.[\w.]{1,60})\(", _CODE),
    (rb"(?:const|let|var)\s+\S+\s*=\s*(?:await\s+)?(?:require|fetch|axios|new XMLHttpRequest)\b", _CODE),
    (rb"import\s+(?:requests|axios)\b|navigator\.sendBeacon\(|axios[.(]|requests\.(?:get|post|put)\(", _CODE),
    (rb"\w{1,60} ?= ?\{[^\n]{0,300}\n(?:[^\n]{0,300}\n){0,9}\w{1,60} ?= ?(?:requests|httpx|session)\.\w{3,7}\(", _CODE),
    (rb"\S{1,100} \S{1,100} \S{1,100} \[[^\]\n]{1,60}\] \"[A-Z]{3,7} ", _LOG),
    (rb"(?:[$>%] ?)?(?:https? --?\w|https? (?:GET|POST|PUT)\s|wget\s)", f"a command of a shell {_NOT_READ}"),
    (rb"(?:await )?fetch\(", f"a call of fetch {_NOT_READ}"),
    (rb"\$session ?=|Invoke-(?:WebRequest|RestMethod)\s", f"a PowerShell command {_NOT_READ}"),
    (rb"(?:meta|vars|headers) ?\{", f"a Bruno file {_NOT_READ}"),
    (rb"type: ?collection\.insomnia", f"an Insomnia export {_NOT_READ}"),
    (rb"(?:POST|PUT|PATCH|DELETE)[ \t]+(?:[hH][tT]{2}[pP][sS]?://|/|\{\{)", HTTP_FILE),
    # A pixel may begin with GET, but has no headers and no variables.
    (
        rb"GET[ \t]+(?:\S*\{\{|\S+(?:[ \t]+HTTP/[0-9.]+)?[ \t]*\r?\n[\w-]+:)|\{\{|<[ \t]+\{%|HTTP/[0-9.]+[ \t]",
        HTTP_FILE,
    ),
)
_LOGS = (
    # Dates as servers, cloud services, consoles and telephones write them, and the marks of recorders.
    rb"(?:\[?|(?:https?|h2|grpcs?|wss?) )[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T \t][0-9]{2}:[0-9]{2}",
    rb"(?:<[0-9]{1,3}>)?[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} ",
    rb"[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.",
    rb"[0-9a-f]{64} \S{1,100} \[",
    rb"[VDIWEF]/[\w.$-]{1,60} ?(?:\( *[0-9]{1,9}\))?: ",
    rb"(?:-->|<--|>>|<<) (?:[A-Z]{3,7}|[0-9]{3}) ",
    rb"[0-9.]{7,15}:[0-9]{1,5}: [A-Z]{3,7} ",
)
_CAPTURE_KEYS = (
    (("log", "entries"), f"a HAR file {_MISNAMED.format('.har')}"),
    (("info", "item"), f"a Postman collection {_NOT_READ}{_POINTER.format('/item/*/request/body/raw')}"),
    (
        ("collection", "info"),
        f"a Postman collection {_NOT_READ}{_POINTER.format('/collection/item/*/request/body/raw')}",
    ),
    (("order", "requests"), f"a Postman collection {_NOT_READ}"),
    (("_type", "resources"), f"an Insomnia export {_NOT_READ}"),
    (("folders", "requests"), f"a Hoppscotch collection {_NOT_READ}"),
    (("clientName", "collectionName"), f"a Thunder Client collection {_NOT_READ}"),
    (("brunoConfig", "items"), f"a Bruno collection {_NOT_READ}"),
    (("protocolVersion", "actualPort"), f"a session of Charles {_NOT_READ}{_POINTER.format('/*/request/body/text')}"),
    (("constants", "events"), f"a net log of Chrome {_NOT_READ}"),
)
"""Two keys that only files of captured requests have: at the root, or the second in the value of the first."""


def describe_capture(content: bytes | JsonObject) -> str | None:
    """Return a sentence for captured requests in a form, or under a name, that is not read; None for anything else."""
    if isinstance(content, bytes):
        head = content[:_HEAD].lstrip()
        if re.match(rb"\{(?!\{)|\[(?![0-9]{4}[-/])", head):
            return None  # as most files do
        if head.startswith(b"#!"):
            return _SCRIPT
        if head.startswith((b"#Version:", b"#Fields:", b"#Software:")):
            return _LOG
        before = _BEFORE_CAPTURE.match(head)
        start = before.end() if before else 0
        is_http = start and _ONLY_OF_HTTP_FILES.search(head, 0, start)
        return (
            HTTP_FILE
            if is_http
            else next((text for pattern, text in _CAPTURE_TEXTS if re.match(pattern, head[start:])), None)
            or _describe_log(head)
        )
    # An event may have custom properties with such names.
    if not EVENT_KEYS.isdisjoint(content):
        return None
    return next((sentence for keys, sentence in _CAPTURE_KEYS if _has_both(content, *keys)), None)


def _describe_log(head: bytes) -> str | None:
    # One line of a log among events is an error of its own, and hides none of them.
    is_log = any(re.match(pattern, head) for pattern in _LOGS) and not _LINE_OF_JSON.search(head)
    return _OTHER_LOG if is_log else None


def _has_both(document: JsonObject, first: str, second: str) -> bool:
    inner = document.get(first)
    return first in document and (second in document or (isinstance(inner, dict) and second in inner))
