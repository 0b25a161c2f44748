"""The e-commerce events, from viewing an item to its refund."""

from typing import Annotated, Literal

from pydantic_core import MISSING

from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import (
    CancelledQuantity,
    CancelledValue,
    ConditionalCurrency,
    ConversionType,
    Coupon,
    DiscountValue,
    ItemListName,
    Items,
    LastChannel,
    LastSource,
    LeadId,
    Method,
    OrderUrl,
    OriginalRevenue,
    OriginalTaxAmount,
    OriginalValue,
    PaymentMethod,
    PurchaseStatus,
    ReturnedQuantity,
    ReturnedValue,
    Revenue,
    ShippingAmount,
    ShippingProvider,
    ShippingTier,
    SingleItem,
    TaxAmount,
    TransactionId,
    Value,
)
from tcspec.models.values import Currency, Info

FAMILY = "e-commerce"

_README = "developers/tracking/events-reference/README.md"
_ECOMMERCE = "developers/tracking/events-reference/e-commerce-events.md"
_GLOBAL = "developers/tracking/properties-reference/global-properties.md"


class AddPaymentInfo(SourceEvent):
    """Payment details were submitted.

    The list of methods is closed, but another value is only a warning (K060).

    Source: developers/tracking/events-reference/README.md#L43, #L49
            developers/tracking/events-reference/e-commerce-events.md#L3, #L9
    """

    event_name: Literal["add_payment_info"] = "add_payment_info"
    payment_method: PaymentMethod
    coupon: Coupon | MISSING = MISSING
    revenue: Revenue | MISSING = MISSING
    currency: ConditionalCurrency | MISSING = MISSING
    items: Items | MISSING = MISSING
    # In an example and on the property page, but not in the table (K033).
    value: Annotated[Value | MISSING, Info(source=_GLOBAL, rows=("K033",))] = MISSING


class AddShippingInfo(SourceEvent):
    """Delivery details were submitted.

    Source: developers/tracking/events-reference/README.md#L136, #L142
            developers/tracking/events-reference/e-commerce-events.md#L96, #L102
    """

    event_name: Literal["add_shipping_info"] = "add_shipping_info"
    currency: Currency
    value: Value
    items: Items
    coupon: Coupon | MISSING = MISSING
    shipping_tier: ShippingTier | MISSING = MISSING
    # In an example, but not in the table (K034).
    revenue: Annotated[Revenue | MISSING, Info(source=f"{_README}#L136", rows=("K034",))] = MISSING


class AddToCart(SourceEvent):
    """An item was added to the cart.

    Amount and currency matter to reporting only (K031).

    Source: developers/tracking/events-reference/README.md#L302, #L308
            developers/tracking/events-reference/e-commerce-events.md#L261, #L267
    """

    event_name: Literal["add_to_cart"] = "add_to_cart"
    items: Items
    value: Annotated[Value | MISSING, Info(missing="warning", rows=("K031",))] = MISSING
    currency: Annotated[Currency | MISSING, Info(missing="warning", rows=("K031",))] = MISSING


class AddToWishlist(SourceEvent):
    """An item was added to a wish list.

    Source: developers/tracking/events-reference/README.md#L463, #L469
            developers/tracking/events-reference/e-commerce-events.md#L422, #L428
    """

    event_name: Literal["add_to_wishlist"] = "add_to_wishlist"
    items: Items
    value: Value | MISSING = MISSING
    currency: ConditionalCurrency | MISSING = MISSING


class BeginCheckout(SourceEvent):
    """Checkout was started.

    Source: developers/tracking/events-reference/README.md#L629, #L635
            developers/tracking/events-reference/e-commerce-events.md#L588, #L594
    """

    event_name: Literal["begin_checkout"] = "begin_checkout"
    revenue: Revenue
    value: Value
    currency: Currency
    items: Items
    coupon: Coupon | MISSING = MISSING
    id: TransactionId | MISSING = MISSING


class GenerateLead(SourceEvent):
    """A lead was generated.

    One example of the vendor carries the method of a login (K032).

    Source: developers/tracking/events-reference/README.md#L854, #L860
            developers/tracking/events-reference/e-commerce-events.md#L813, #L819
    """

    event_name: Literal["generate_lead"] = "generate_lead"
    value: Value | MISSING = MISSING
    currency: ConditionalCurrency | MISSING = MISSING
    id: LeadId | MISSING = MISSING
    method: Annotated[Method | MISSING, Info(source=f"{_README}#L854", rows=("K032",))] = MISSING


class Purchase(SourceEvent):
    """One or more items were bought.

    The tables of both pages together require the transaction, its amounts, its payment, its status and its items
    (K035, K036); other values than those of the closed lists are not refused (K060).

    Source: developers/tracking/events-reference/README.md#L1131, #L1137
            developers/tracking/events-reference/e-commerce-events.md#L904, #L910
    """

    event_name: Literal["purchase"] = "purchase"
    id: TransactionId
    type: ConversionType
    value: Value
    revenue: Revenue
    payment_method: PaymentMethod
    currency: Currency
    status: PurchaseStatus
    items: Items
    coupon: Coupon | MISSING = MISSING
    tax_amount: TaxAmount | MISSING = MISSING
    shipping_amount: ShippingAmount | MISSING = MISSING
    shipping_provider: ShippingProvider | MISSING = MISSING
    discount_value: DiscountValue | MISSING = MISSING
    original_value: OriginalValue | MISSING = MISSING
    original_revenue: OriginalRevenue | MISSING = MISSING
    original_tax_amount: OriginalTaxAmount | MISSING = MISSING
    returned_value: ReturnedValue | MISSING = MISSING
    returned_quantity: ReturnedQuantity | MISSING = MISSING
    cancelled_value: CancelledValue | MISSING = MISSING
    cancelled_quantity: CancelledQuantity | MISSING = MISSING
    url: Annotated[OrderUrl | MISSING, Info(source=f"{_README}#L1141")] = MISSING
    # Only the e-commerce page has these two (K035).
    last_channel: Annotated[LastChannel | MISSING, Info(source=f"{_ECOMMERCE}#L910", rows=("K035",))] = MISSING
    last_source: Annotated[LastSource | MISSING, Info(source=f"{_ECOMMERCE}#L910", rows=("K035",))] = MISSING


class Refund(SourceEvent):
    """A purchase was refunded, wholly or in part.

    A full refund may omit the items; nothing in the payload distinguishes it from a partial one (K040, K041).

    Source: developers/tracking/events-reference/README.md#L1407, #L1413
            developers/tracking/events-reference/e-commerce-events.md#L1152, #L1158
    """

    event_name: Literal["refund"] = "refund"
    id: TransactionId
    revenue: Revenue
    value: Value
    currency: Currency
    type: ConversionType
    shipping_amount: ShippingAmount | MISSING = MISSING
    tax_amount: TaxAmount | MISSING = MISSING
    coupon: Coupon | MISSING = MISSING
    items: Annotated[
        Items | MISSING,
        Info(missing="info", when="the refund is partial (which the payload does not show)", rows=("K041",)),
    ] = MISSING
    url: Annotated[OrderUrl | MISSING, Info(source=f"{_README}#L1417")] = MISSING


class RemoveFromCart(SourceEvent):
    """An item was removed from the cart.

    Source: developers/tracking/events-reference/README.md#L1537, #L1543
            developers/tracking/events-reference/e-commerce-events.md#L1282, #L1288
    """

    event_name: Literal["remove_from_cart"] = "remove_from_cart"
    items: Items
    value: Value | MISSING = MISSING
    currency: ConditionalCurrency | MISSING = MISSING


class SelectItem(SourceEvent):
    """An item was selected in a list.

    The table has no row for the user, which is required nonetheless (K028); the list has one item (K058).

    Source: developers/tracking/events-reference/README.md#L1867, #L1873
            developers/tracking/events-reference/e-commerce-events.md#L1440, #L1446
    """

    event_name: Literal["select_item"] = "select_item"
    items: SingleItem
    item_list_name: ItemListName | MISSING = MISSING


class ViewCart(SourceEvent):
    """The cart was viewed.

    Source: developers/tracking/events-reference/README.md#L2106, #L2112
            developers/tracking/events-reference/e-commerce-events.md#L1588, #L1594
    """

    event_name: Literal["view_cart"] = "view_cart"
    items: Items
    value: Value | MISSING = MISSING
    currency: ConditionalCurrency | MISSING = MISSING


class ViewItem(SourceEvent):
    """An item was viewed.

    The amount is `value` on one page and `revenue` on another (K029): neither is required.

    Source: developers/tracking/events-reference/README.md#L2276, #L2282
            developers/tracking/events-reference/e-commerce-events.md#L1758, #L1764
    """

    event_name: Literal["view_item"] = "view_item"
    items: Items
    value: Annotated[
        Value | MISSING,
        Info(
            missing="warning",
            when="unless revenue is present (older name on the e-commerce page)",
            rows=("K029", "K031"),
        ),
    ] = MISSING
    currency: Annotated[Currency | MISSING, Info(missing="warning", rows=("K030", "K031"))] = MISSING
    revenue: Annotated[
        Revenue | MISSING,
        Info(missing="warning", when="unless value is present", source=f"{_ECOMMERCE}#L1764", rows=("K029",)),
    ] = MISSING


class ViewItemList(SourceEvent):
    """A list of items was viewed.

    Source: developers/tracking/events-reference/README.md#L2439, #L2445
            developers/tracking/events-reference/e-commerce-events.md#L1921, #L1927
    """

    event_name: Literal["view_item_list"] = "view_item_list"
    items: Items
    item_list_name: ItemListName | MISSING = MISSING
