from __future__ import annotations

import pytest

from rule_fixes import SENT, found, of_user, pointers
from tcspec.errors import Severity

NOBODY = {**SENT["user"]}
del NOBODY["id"]


def event(user, **more):
    """Make an event of a user."""
    return {"event_name": "login", "user": user, "context": SENT["context"], **more}


@pytest.mark.parametrize("sender", ["web", "mobile"])
def test_visitors_of_clients_may_be_unknown(sender):
    """A web or mobile client may not know who its visitor is; that is a remark, of a server it is a warning."""
    assert [violation.severity for violation in found(event(NOBODY), "TC310", sender=sender)] == [Severity.INFO]
    assert [violation.severity for violation in found(event(NOBODY), "TC310")] == [Severity.WARNING]


@pytest.mark.parametrize("sender", ["server", "web", "mobile"])
def test_an_empty_user_is_a_warning_from_everybody(sender):
    """A user with nothing in it is a warning, whoever sends it."""
    (violation,) = found(event({}), "TC310", sender=sender)
    assert violation.severity == Severity.WARNING
    assert "empty" in violation.message


@pytest.mark.parametrize("key", ["id", "email", "id_sha256", "email_md5", "email_sha256", "ID"])
def test_any_key_is_enough(key):
    """One of id, e-mail, a hash of either or a former spelling says who the user is, of whatever type it may be."""
    for value in ("x", 42, None, ["x"]):
        assert not found(event({**NOBODY, key: value}), "TC310")
    assert found(event({**NOBODY, key: " \t"}), "TC310")


@pytest.mark.parametrize("user", [None, "{waiting_for_consent}", 7, [], True])
def test_a_user_that_is_no_object_is_of_the_contract(user):
    """Of a user that is no object, or not there, the rules say nothing."""
    assert not found(event(user), "TC3")
    assert not found({"event_name": "login", "context": SENT["context"]}, "TC3")


@pytest.mark.parametrize("name", ["user_enters_segment", "user_leaves_segment"])
def test_events_of_the_platform_need_not_say_who(name):
    """Events that the platform makes are asked neither for a person nor for a device."""
    assert not found({"event_name": name, "user": {}, "context": {}}, "TC310", "TC320")


def test_custom_events_are_asked_too():
    """Who did it counts for events of one's own as well."""
    assert pointers({**event({}), "event_name": "brochure_downloaded"}, "TC310", "TC320") == ["/user", "/user"]


def test_only_servers_hand_on_the_device():
    """Clients add the identifier of the device by themselves; a server has to hand it on."""
    lacking = event({"id": "C-1024"})
    assert found(lacking, "TC320", sender="server")
    assert not found(lacking, "TC320", sender="web")
    assert not found(lacking, "TC320", sender="mobile")


def test_an_md5_in_the_wrong_place_is_still_an_md5():
    """A hash in the place of the plain e-mail counts as what it is, so that moving it changes nothing."""
    assert pointers(of_user(email="a" * 32), "TC311") == ["/user/email"]
    assert not found(of_user(email="a" * 64, email_md5="a" * 32), "TC311")
    assert not found(of_user(email=7, email_md5="a" * 32), "TC311")


def test_who_sends_a_batch_or_a_pixel():
    """Who sends may be told of what is in a batch, and of a pixel, which is of the web unless somebody says else."""
    batch = {"batch": [event({"id": "C-1024"})]}
    call = "?tc_s=3315&token=t&event_name=login&user[id]=C-1024&user[consent_categories][]=1"
    for payload, sender, told in (
        *((batch, None, 1), (batch, "server", 1), (batch, "web", 0)),
        *((call, None, 0), (call, "server", 1), (call, "web", 0)),
    ):
        assert len(found(payload, "TC320", sender=sender)) == told
