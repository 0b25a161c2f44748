"""Hashes of personal data: how they are recognised, and the rules on them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.patterns import compile_late
from tcspec.rules.fixes.offers import move, replace
from tcspec.rules.placeholders import identifies_nobody
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_README = "developers/tracking/events-reference/README.md"
_HEX = re.compile("[0-9A-Fa-f]+")
_SEPARATORS = compile_late(r"[\s()./-]+")
_SIGNS = compile_late(r"[\W_]+")
_NATIONAL_ZERO = compile_late(r"\(\s*0\s*\)")
_GMAIL = ("gmail.com", "googlemail.com")

# Keys that a shop or the platform generates, which may be hexadecimal.
_GENERATED = frozenset({"id", "ID", "card", "tcId", "consentID", "consistent_anonymous_id", "status"})


class Digest(NamedTuple):
    """A hash among the properties of a user: its name, the property it is a hash of, the algorithm and the digits."""

    name: str
    plain: str
    algorithm: str
    text: str

    def __repr__(self) -> str:
        # Without the digits, which are personal.
        return f"Digest(name={self.name!r}, plain={self.plain!r}, algorithm={self.algorithm!r})"

    def matches(self, text: str) -> bool:
        """Return whether this is the hash of a string in one of the forms that partners hash; K027 names none."""
        # Most are of the text as it is, and the other forms take longer to write than the hash.
        return self._is_of(text) or any(self._is_of(form) for form in plain_forms(text))

    def _is_of(self, text: str) -> bool:
        import hashlib  # noqa: PLC0415 - it loads a large library, and few payloads have both a hash and its text

        # Upper case has a rule of its own.
        return hashlib.new(self.algorithm, text.encode(), usedforsecurity=False).hexdigest() == self.text.lower()


def has_hashes(event: RuleContext) -> bool:
    """Return whether a user has what looks like a hash, or a property for one."""
    lengths, suffixes = _algorithms(), _suffixes()
    for name, value in event.user.items():
        if name.endswith(suffixes) or (isinstance(value, str) and len(value) in lengths and find_algorithm(value)):
            return True
    return False


def find_algorithm(text: str) -> str | None:
    """Return the algorithm of what looks like a hash, by its length; None when it is not hexadecimal."""
    algorithm = _algorithms().get(len(text))
    return algorithm if algorithm and _HEX.fullmatch(text) else None


def suffix_of(algorithm: str) -> str:
    """Return the suffix that properties hashed with an algorithm have."""
    suffix: str = load_catalogue()["hashes"][algorithm]["suffix"]
    return suffix


def iter_digests(user: Mapping[str, Any]) -> Iterator[Digest]:
    """Yield the hashes among the properties of a user, without those that violate the contract."""
    lengths = _algorithms()
    for name, value in user.items():
        algorithm = find_algorithm(value) if isinstance(value, str) and len(value) in lengths else None
        if algorithm is None:
            continue
        plain = name.removesuffix(suffix_of(algorithm))
        # A hash under any other name violates the contract, or is a custom property.
        if plain not in {name, ""}:
            yield Digest(name, plain, algorithm, value)


def plain_forms(text: str) -> frozenset[str]:
    """Return a string in the forms that are hashed.

    That is as it is, trimmed, in lower case, without separators, and without any signs; an address of Gmail as Google
    normalizes it; a phone number with a plus sign for 00 and without the zero in parentheses.
    """
    trimmed = _NATIONAL_ZERO.sub("", text.strip())
    lowered = trimmed.lower()
    bare = _SEPARATORS.sub("", trimmed)
    forms = {text, text.strip(), text.strip().lower(), trimmed, lowered, bare, _SIGNS.sub("", lowered)}
    if bare.startswith("00"):
        forms |= {f"+{bare[2:]}", bare[2:]}
    name, _, domain = lowered.rpartition("@")
    if domain in _GMAIL:
        names = {name, name.replace(".", ""), name.partition("+")[0], name.partition("+")[0].replace(".", "")}
        forms |= {f"{each}@{host}" for each in names for host in _GMAIL}
    return frozenset(forms)


def breaks_a_hash(user: Mapping[str, Any], name: str, text: str) -> bool:
    """Return whether a property has a matching hash that would not match if the property were this text."""
    digests = (digest for digest in iter_digests(user) if digest.plain == name)
    return any(digest.matches(user[name]) and not digest.matches(text) for digest in digests)


@lru_cache(maxsize=1)
def _find_digests(event: RuleContext) -> list[Digest]:
    """Return the hashes of the user of an event, which two rules check."""
    return list(iter_digests(event.user))


@cache
def _algorithms() -> Mapping[int, str]:
    """Return the algorithms by the number of the digits of their hashes."""
    return {spec["length"]: name for name, spec in load_catalogue()["hashes"].items()}


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(map(suffix_of, load_catalogue()["hashes"]))


def _is_md5(value: object) -> bool:
    return isinstance(value, str) and find_algorithm(value) == "md5" and not identifies_nobody(value)


@rule("TC311", "e-mail is only hashed with MD5", Severity.INFO, source=f"{_README}#L2686; K021", needs=has_hashes)
def only_md5(event: RuleContext) -> Iterator[Finding]:
    """The only form of an e-mail is its MD5.

    MD5 is broken, and most partners match by SHA-256 only: they cannot identify the person.

    Bad:

        {"event_name": "login", "user": {"email_md5": "76d4164d081ebc17f5e1d3c57321544d"}}

    Good:

        {"event_name": "login", "user": {
            "email_md5": "76d4164d081ebc17f5e1d3c57321544d",
            "email_sha256": "a4c14f1b068bf2c602e289b5dfcd89085692c73c63daf5a90a0b481b7328ee35"
        }}
    """
    user = event.user
    md5 = f"email{suffix_of('md5')}"
    hashed = [name for name in (md5, "email") if _is_md5(user.get(name))]
    others = {"email", f"email{suffix_of('sha256')}"}.difference(hashed)
    # Of null and of a placeholder nobody knows an e-mail either.
    if not hashed or any(user.get(name) is not None and not identifies_nobody(user[name]) for name in others):
        return
    yield Finding(
        ("user", hashed[0]),
        "the only e-mail is an MD5 hash, but most partners match by SHA-256",
        hint="add `email_sha256`, or the plain e-mail",
    )


@rule(
    "TC313",
    "hash with upper-case digits",
    source=f"{_README}#L2709; K027",
    fix=SAFE,
    harmless=True,
    needs=has_hashes,
)
def upper_case_hash(event: RuleContext) -> Iterator[Finding]:
    """A hash has capital letters among its digits.

    The vendor's alphabet is `0-9a-f`. Partners compare hashes as strings, and upper case matches nobody.

    Bad:

        {"event_name": "login", "user": {"email_md5": "76D4164D081EBC17F5E1D3C57321544D"}}

    Good:

        {"event_name": "login", "user": {"email_md5": "76d4164d081ebc17f5e1d3c57321544d"}}
    """
    for digest in _find_digests(event):
        lowered = digest.text.lower()
        if digest.text != lowered:
            path = ("user", digest.name)
            fix = Fix("write the hash in lower case", (replace(path, lowered),), is_safe=True)
            yield Finding(path, "expected a hash in lower case, got capital letters", hint="use lower case", fix=fix)


@rule("TC314", "hash in a property for the plain value", source=f"{_README}#L2709", fix=UNSAFE, needs=has_hashes)
def hash_in_plain_property(event: RuleContext) -> Iterator[Finding]:
    """A property for a plain value contains what looks like a hash.

    The platform uses it as the e-mail, phone number or name itself and may hash it again; partners then match nobody.
    Hashes have properties of their own, whose names end in `_md5` or `_sha256`.

    Bad:

        {"event_name": "login", "user": {"email": "76d4164d081ebc17f5e1d3c57321544d"}}

    Good:

        {"event_name": "login", "user": {"email_md5": "76d4164d081ebc17f5e1d3c57321544d"}}
    """
    user = event.user
    for name, value in user.items():
        algorithm = find_algorithm(value) if isinstance(value, str) else None
        if not algorithm or name in _GENERATED or name.endswith(_suffixes()):
            continue
        if event.spec_at(("user", name)).get("type") != "string":
            continue
        new = name + suffix_of(algorithm)
        source, target = ("user", name), ("user", new)
        patch = [move(source, target)]
        if value != value.lower():
            patch.append(replace(target, value.lower()))
        # A hash that is none is a placeholder there too.
        fix = None if new in user or identifies_nobody(value) else Fix(f"move the hash to `{new}`", tuple(patch))
        message = f"`{name}` looks like a hash, which belongs in `{new}`"
        yield Finding(source, message, {"expected": new}, f"move it to `{new}`", fix)


@rule(
    "TC321",
    "hash does not match the plain value",
    basis=Basis.INFERRED,
    source=f"{_README}#L2709; K027",
    needs=has_hashes,
)
def mismatched_hash(event: RuleContext) -> Iterator[Finding]:
    """A hash is not the hash of the plain value beside it.

    Either one of them belongs to somebody else, or another form of the value was hashed: one person is split in two, or
    two persons become one. The vendor does not define the form, so the value as it is, trimmed, in lower case, without
    separators, and an address of Gmail as Google normalizes it are all accepted. A phone number without its country
    code is not compared, as it may have been hashed with it.

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
    user = event.user
    for digest in _find_digests(event):
        plain = user.get(digest.plain)
        # A hash in the place of a plain value has a rule of its own.
        if not isinstance(plain, str) or find_algorithm(plain):
            continue
        if digest.matches(plain):
            continue
        is_phone = event.spec_at(("user", digest.plain)).get("format") == "e164"
        if not is_phone or plain.lstrip().startswith(("+", "00")):
            message = f"`{digest.name}` is not the hash of `{digest.plain}`"
            hint = f"hash `{digest.plain}` again, or let the platform hash it"
            yield Finding(("user", digest.name), message, {"property": digest.name, "plain": digest.plain}, hint)
