"""Rules on hashes: their alphabet, their place, and that they are of what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix
from tcspec.rules.context import pointer
from tcspec.rules.events.persons import algorithm_of, digests, is_hash_of, suffix_of, user_of
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_README = "developers/tracking/events-reference/README.md"

# Keys that a shop or the platform makes, which may be hexadecimal by nature.
_OPAQUE = frozenset({"id", "ID", "card", "tcId", "consentID", "consistent_anonymous_id", "status"})


@rule("TC313", "a hash is in capital letters", source=f"{_README}#L2709; K027", fix=SAFE)
def upper_case_hash(event: RuleContext) -> Iterator[Finding]:
    """Tell a hash that has capital letters among its digits.

    The vendor's alphabet is `0-9a-f`. Partners compare hashes as texts, and one in capitals matches nobody.

    Bad:

        {"event_name": "login", "user": {"email_md5": "76D4164D081EBC17F5E1D3C57321544D"}}

    Good:

        {"event_name": "login", "user": {"email_md5": "76d4164d081ebc17f5e1d3c57321544d"}}
    """
    for digest in digests(user_of(event)):
        if digest.text != digest.text.lower():
            where = pointer("user", digest.name)
            yield Finding(
                where,
                "the hash has capital letters, and is compared in small ones",
                hint="write it in small letters",
                fix=Fix(
                    "write the hash in small letters",
                    ({"op": "replace", "path": where, "value": digest.text.lower()},),
                    is_safe=True,
                ),
            )


@rule("TC314", "a hash stands where the plain value belongs", source=f"{_README}#L2709", fix=UNSAFE)
def hash_in_plain(event: RuleContext) -> Iterator[Finding]:
    """Tell a text that looks like a hash in a property whose name says that it is plain.

    The platform takes it for the e-mail, phone number or name itself and may hash it once more; partners then match
    nobody. Hashed properties have names of their own, which end in `_md5` or `_sha256`.

    Bad:

        {"event_name": "login", "user": {"email": "76d4164d081ebc17f5e1d3c57321544d"}}

    Good:

        {"event_name": "login", "user": {"email_md5": "76d4164d081ebc17f5e1d3c57321544d"}}
    """
    user = user_of(event)
    for name, value in user.items():
        known = event.entry(("user", name))
        algorithm = algorithm_of(value) if isinstance(value, str) else None
        if not algorithm or known.get("type") != "string" or name in _OPAQUE or name.endswith(_suffixes()):
            continue
        place = name + suffix_of(algorithm)
        where, target = pointer("user", name), pointer("user", place)
        patch = [{"op": "move", "from": where, "path": target}]
        if value != value.lower():
            patch.append({"op": "replace", "path": target, "value": value.lower()})
        yield Finding(
            where,
            f"`{name}` holds what looks like a hash, which belongs in `{place}`",
            {"expected": place},
            f"move it to `{place}`",
            None if place in user else Fix(f"move the hash to `{place}`", tuple(patch)),
        )


@rule("TC321", "a hash is not that of the value beside it", basis=Basis.INFERRED, source=f"{_README}#L2709; K027")
def other_hash(event: RuleContext) -> Iterator[Finding]:
    """Tell a hash that is not the hash of the plain value beside it.

    One of the two belongs to somebody else, or the hash was made of another spelling: the person is split in two, or
    two persons become one. As the vendor says nothing of spelling, the text as it is, trimmed, in small letters, and
    without separators are all accepted.

    Bad:

        {"event_name": "login", "user": {
            "email": "grace@shop.example",
            "email_md5": "76d4164d081ebc17f5e1d3c57321544d"
        }}

    Good:

        {"event_name": "login", "user": {
            "email": "ada@shop.example",
            "email_md5": "76d4164d081ebc17f5e1d3c57321544d"
        }}
    """
    user = user_of(event)
    for digest in digests(user):
        plain = user.get(digest.plain)
        if not isinstance(plain, str) or algorithm_of(plain):
            continue
        if not is_hash_of(digest, plain):
            yield Finding(
                pointer("user", digest.name),
                f"this is not the hash of `{digest.plain}`, which stands beside it",
                {"property": digest.name, "plain": digest.plain},
                f"hash `{digest.plain}` anew, or leave the hash to the platform",
            )


def _suffixes() -> tuple[str, ...]:
    return tuple(suffix_of(algorithm) for algorithm in load_catalogue()["hashes"])
