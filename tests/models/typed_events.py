"""Events as a program builds them, for type checkers: each line that ends with `# error` is one, and no other is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import tcspec
from tcspec.models import (
    MISSING,
    Context,
    CustomEvent,
    Item,
    Login,
    Page,
    Person,
    Product,
    Purchase,
    SourceEvent,
    Timestamp,
    User,
)


class BrochureDownloaded(SourceEvent):
    """A brochure was downloaded."""

    event_name: Literal["brochure_downloaded"] = "brochure_downloaded"
    brochure: str
    opened: Timestamp | MISSING = MISSING


user = User(id="C-1", gender="f", custom={"tier": "gold"})
context = Context.new(page=Page(url="https://shop.example/"), custom={"shop": 3})
Context(event_id="e-1", event_timestamp=datetime.now(UTC))
purchase = Purchase(
    user=user,
    context=context,
    id="T-1",
    type="online",
    value=12,
    revenue=10.5,
    payment_method="card",
    currency="EUR",
    status="in_progress",
    items=[Item(id="L1", quantity=1, product=Product(id="SKU-1"))],
    custom={"brochure": "B-7"},
)
brochure = BrochureDownloaded(user=user, context=context, brochure="B-7", opened=datetime.now(UTC), custom={"a": 1})
body: bytes = purchase.to_json()
sent: dict[str, object] = {**purchase.to_payload(), **purchase.custom}
currency: str = purchase.currency
CustomEvent(event_name="brochure_read", user=user, context=context)
Person(id="C-1", custom={"favourite_shop": "Lausanne"})
if isinstance(event := tcspec.parse(body), Purchase):
    currency = event.currency

Login(user=user, context=context, metod="card")  # error
User(emial="ada@shop.example")  # error
CustomEvent(user=user, context=context)  # error
User(id=3)  # error
User(gender="female")  # error
User(custom="tier")  # error
Context.new(pages=Page())  # error
Login(user=user)  # error
BrochureDownloaded(user=user, context=context)  # error
BrochureDownloaded(user=user, context=context, brochure="B-7", brochur="B-8")  # error
purchase.payment_method = "barter"  # error
purchase.curency = "EUR"  # error
sent["brochure"] = purchase.brochure  # error
