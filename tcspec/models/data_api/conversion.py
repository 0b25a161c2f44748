"""A conversion, its items, and the keys that match its buyer."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict
from pydantic_core import MISSING

from tcspec.models.constraints import Constraint, Model, NotEmpty
from tcspec.models.data_api.address import Address
from tcspec.models.data_api.product import CatalogProduct
from tcspec.models.datetimes import BulkDateTime
from tcspec.models.values import (
    Amount,
    Currency,
    Custom,
    Expecting,
    Flag,
    Info,
    Label,
    Quantity,
    Text,
    Text50,
    Text64,
    Text250,
    Text255,
    TextOrInteger,
    about,
    optional,
)

Status = Annotated[
    Literal[
        "canceled",
        "delivered",
        "in_progress",
        "partially_delivered",
        "partially_returned",
        "partially_shipped",
        "pending_shipment",
        "returned",
        "shipped",
        # Only the page lists it, the interface description does not (K061).
        "pending",
    ],
    about("Status of the conversion.", "shipped", "pending"),
    Info(rows=("K060", "K061")),
]
PaymentMethod = Annotated[
    Literal[
        "by_bank_transfer_in_advance",
        "by_invoice",
        "card",
        "check_in_advance",
        "cod",
        "coupon",
        "direct_debit",
        "online_payment_system",
        "other",
    ],
    Info(rows=("K060",)),
]
ConsentCategories = Annotated[
    Text | Annotated[list[TextOrInteger], Strict()],
    Expecting("an array of strings or integers, or a string"),
    Info(expected="array<string>|array<integer>", rows=("K096",)),
]
CalculatedQuantity = Annotated[Quantity, Info(access="read-only", calculated=True, rows=("K100",))]
CountedQuantity = Annotated[Quantity, Info(default=0)]
REMAINING_QUANTITY = "original_quantity - cancelled_quantity - returned_quantity - exchanged_quantity"
REMAINING_AMOUNT = "original_amount - cancelled_amount - returned_amount - exchanged_amount"


class MatchingKeys(Model):
    """The keys that match the buyer, under the names of the workspace's user variables; at least one is required.

    The pages name the e-mail in two ways; the workspace decides on the names (K095).

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L623
            .gitbook/assets/openapi_ca (2).yml
    """

    PERSONAL: ClassVar[bool] = True
    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (NotEmpty(),)

    # Each has the limits of the document that names it so.
    email: Annotated[Text250, Info(min_length=1, rows=("K092", "K093", "K095"))] | MISSING = optional(
        "E-mail, under the name of one page.", "ada@shop.example"
    )
    user_email: Annotated[Text255, Info(rows=("K095",))] | MISSING = optional(
        "E-mail, under the name of the other page.", "ada@shop.example"
    )
    consent_categories: ConsentCategories | MISSING = optional(
        "Categories the buyer consented to.", ["1", "3"], [1, 3], "1"
    )


class ConversionItem(Model):
    """One item of a conversion: a product, its quantity, and what became of it.

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L754
            .gitbook/assets/openapi_ca (2).yml
    """

    id: Annotated[Text64, about("Identifier of the item, unique in the conversion.", "L1"), Info(rows=("K094", "K101"))]
    original_quantity: Annotated[Quantity, about("Quantity that was ordered.", 5)]
    cancelled_quantity: CountedQuantity | MISSING = optional("Quantity that was cancelled.", 1)
    returned_quantity: CountedQuantity | MISSING = optional("Quantity that was returned.", 1)
    exchanged_quantity: CountedQuantity | MISSING = optional("Quantity that was exchanged.", 0)
    final_quantity: Annotated[Quantity, Info(formula=REMAINING_QUANTITY)] | MISSING = optional(
        "Quantity that remains.", 3
    )
    original_amount: Amount | MISSING = optional("Amount that was ordered.", 599.5)
    cancelled_amount: Amount | MISSING = optional("Amount that was cancelled.", 119.9)
    returned_amount: Amount | MISSING = optional("Amount that was returned.", 119.9)
    exchanged_amount: Amount | MISSING = optional("Amount that was exchanged.", 0)
    final_amount: Annotated[Amount, Info(formula=REMAINING_AMOUNT)] | MISSING = optional("Amount that remains.", 359.7)
    price: Amount | MISSING = optional("Price of one unit.", 119.9)
    original_item: Flag | MISSING = optional("Whether the item was part of the original order.", True)
    custom: Custom | MISSING = optional(  # type: ignore[assignment]  # the vendor has a property of this name
        "Values under names chosen by the shop.", {"gift_wrap": True}
    )
    product: CatalogProduct


class Conversion(Model):
    """A conversion: who bought what, when, and what became of it.

    The platform calculates the quantities over all items and ignores what is sent for them (K100).

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L623
            .gitbook/assets/openapi_ca (2).yml
    """

    KIND: ClassVar[str | None] = "conversion"

    id: Annotated[Text50, about("Identifier of the conversion.", "T-2024-00042"), Info(min_length=1, rows=("K093",))]
    user: Annotated[MatchingKeys, Info(rows=("K095",))]
    type: Annotated[Label, about("Type of conversion: online, offline, call or a custom type.", "online")]
    status: Status
    created: Annotated[BulkDateTime, about("When the conversion happened.", "2024-06-10T08:13:20.000+02:00")]
    updated: BulkDateTime | MISSING = optional("When the conversion changed.", "2024-06-12T17:40:00Z")
    acknowledged: Flag | MISSING = optional("Whether the order was acknowledged to the buyer.", True)
    currency: Annotated[
        Currency, about("Currency of the amounts, the same for all products.", "EUR"), Info(rows=("K113",))
    ]
    comment: Annotated[Label, Info(personal=True)] | MISSING = optional("Comment of the buyer.", "Please ring twice.")
    billing_address: Address | MISSING = optional("Address for the invoice.")
    contact_address: Address | MISSING = optional("Address at which the buyer is reached.")
    shipping_address: Address | MISSING = optional("Address for the delivery.")
    shipping_provider: Label | MISSING = optional("Carrier.", "Alpine Post")
    shipping_tracking_code: Annotated[Label, Info(personal=True)] | MISSING = optional(
        "Tracking code of the parcel.", "AP-99-0042"
    )
    payment_method: PaymentMethod | MISSING = optional("Method of payment.", "card", "by_invoice")
    payment_provider: Annotated[Text255, Info(rows=("K094",))] | MISSING = optional(
        "Provider that handled the payment.", "Alpine Pay"
    )
    original_quantity: CalculatedQuantity | MISSING = optional("Quantity that was ordered.", 5)
    cancelled_quantity: CalculatedQuantity | MISSING = optional("Quantity that was cancelled.", 1)
    returned_quantity: CalculatedQuantity | MISSING = optional("Quantity that was returned.", 1)
    exchanged_quantity: CalculatedQuantity | MISSING = optional("Quantity that was exchanged.", 0)
    final_quantity: Annotated[CalculatedQuantity, Info(formula=REMAINING_QUANTITY)] | MISSING = optional(
        "Quantity that remains.", 3
    )
    original_amount: Annotated[Amount, Info(access="write-once", rows=("K099",))] | MISSING = optional(
        "Amount that was ordered; only the first value counts.", 599.5
    )
    cancelled_amount: Amount | MISSING = optional("Amount that was cancelled.", 119.9)
    returned_amount: Amount | MISSING = optional("Amount that was returned.", 119.9)
    exchanged_amount: Amount | MISSING = optional("Amount that was exchanged.", 0)
    shipping_amount: Amount | MISSING = optional("Cost of shipping.", 4.9)
    discount_amount: Amount | MISSING = optional("Amount of the discount.", 0)
    tax_amount: Amount | MISSING = optional("Amount of tax.", 27.7)
    final_amount: Amount | MISSING = optional(
        "Amount that remains after cancellations, returns and exchanges, with tax and shipping.", 364.6
    )
    custom: Custom | MISSING = optional(  # type: ignore[assignment]  # the vendor has a property of this name
        "Values under names chosen by the shop.", {"season": "spring"}
    )
    # No maximum: the page gives 150 items, but not what happens to more (K102).
    conversion_items: Annotated[
        list[ConversionItem],
        Strict(),
        about("Items of the conversion.", [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]),
        Info(rows=("K101", "K102")),
    ]
