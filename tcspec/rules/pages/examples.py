"""The parts that examples have in common: an event of a shop, and requests that send one."""

from __future__ import annotations

USER = '"user": {"id": "C-1024", "consistent_anonymous_id": "a-52", "consent_categories": ["1", "3"]}'
CONTEXT = '"context": {"event_id": "e-7d9a0c01", "event_timestamp": 1767225600000}'
SEARCH = ('"event_name": "search"', '"search_term": "tent"')
"""The members of an event that has nothing wrong, as they stand in its text."""

EVENTS = "https://collect.commander1.com/events"
SITE, TOKEN = "tc_s=3315", "token=tok12345example"
CALL = f"{EVENTS}?{SITE}&{TOKEN}&event_name=search&search_term=tent"
"""The pixel that sends the same; of whom and when stands in what follows."""
BY_WHOM = "&user[id]=C-1024&user[consent_categories][]=1"
WHEN = "&context[event_id]=e-7d9a0c01&context[event_timestamp]=1767225600000"
IS_JSON, IS_NDJSON = "Content-Type: application/json", "Content-Type: application/x-ndjson"
BEARER = "Authorization: Bearer tok12345example"


def event(*properties: str, user: str = USER, context: str = CONTEXT) -> str:
    """Write an event, one member a line; a `user` or `context` of no text is left out."""
    members = filter(None, (*properties, user, context))
    return "{\n" + ",\n".join(f"  {member}" for member in members) + "\n}"


def request(line: str, *headers: str, body: str = "") -> str:
    """Write a request as it stands in an `.http` file."""
    head = "\n".join((line, *headers))
    return f"{head}\n\n{body}" if body else head


def post(*headers: str, url: str = f"{EVENTS}?{SITE}&{TOKEN}", body: str = "") -> str:
    """Write the request that sends an event, by default a search, to an address."""
    return request(f"POST {url}", *(headers or (IS_JSON,)), body=body or event(*SEARCH))
