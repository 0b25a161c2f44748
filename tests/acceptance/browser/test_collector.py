"""The collector of the test kit, with a page in a real Chromium that sends as pages do."""

from __future__ import annotations

import json

import pytest

from acceptance.browser.chromium import Browser
from tcspec.pytest import assert_events, collect

EVENT = {
    "event_name": "page_view",
    "page_type": "home",
    "user": {},
    "context": {"event_id": "e-1", "event_timestamp": 1718006400000},
}
PAGE = """<!doctype html><title>Shop</title><script>
const event = EVENT, url = URLS;
const text = (name) => JSON.stringify({ ...event, sent_with: name });
const load = (src) => new Promise((done, failed) => {
  const image = new Image();
  image.onload = () => done("loaded"); image.onerror = () => failed("no image"); image.src = src;
});
const post = (name, options) =>
  fetch(url, { method: "POST", body: text(name), ...options }).then(({ status }) => status);
const send = {
  json: () => post("json", { headers: { "Content-Type": "application/json" }, credentials: "include" }),
  keepalive: () => post("keepalive", { keepalive: true }),
  beacon: async () => navigator.sendBeacon(url, text("beacon")),
  pixel: () => load(`${url}&event_name=page_view&page_type=home&sent_with=pixel`),
};
</script>"""


@pytest.fixture(scope="module")
def browser():
    """Start a browser once."""
    started = Browser()
    yield started
    started.close()


def test_a_page_that_sends(browser, tmp_path):
    """What a page sends with fetch, a preflight, a beacon and a pixel arrives, is answered and is valid."""
    with collect() as collector:
        page = tmp_path / "page.html"
        page.write_text(PAGE.replace("EVENT", json.dumps(EVENT)).replace("URLS", json.dumps(collector.events_url)))
        browser.open(page)
        assert browser.evaluate("send.json()") == 200
        assert browser.evaluate("send.keepalive()") == 200
        assert browser.evaluate("send.beacon()") is True
        assert browser.evaluate("send.pixel()") == "loaded"
        collector.wait("page_view", count=4, timeout=30)
        sent = [{"event_name": "page_view", "sent_with": way} for way in ("json", "keepalive", "beacon", "pixel")]
        assert_events(collector, sent, any_order=True, exact=True)
        types = [dict(request.headers).get("Content-Type") for request in collector.requests]
        assert types.count("text/plain;charset=UTF-8") == 2
        assert browser.problems() == []
