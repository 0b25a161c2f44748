"""A conversion, its lines, and the keys by which its buyer is found."""

from typing import Annotated, ClassVar, Literal

from pydantic import MISSING, Strict

from tcspec.models.constraints import Constraint, Model, NotEmpty
from tcspec.models.data_api.address import Address
from tcspec.models.data_api.product import CatalogProduct
from tcspec.models.datetimes import BulkDateTime
from tcspec.models.values import (
    Amount,
    Currency,
    Expecting,
    Flag,
    Info,
    Label,
    Object,
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
        "pending",
    ],
    about("State of the conversion.", "shipped", "pending"),
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
    Expecting("a list of texts or integers, or a text"),
    Info(expected="array<string>|array<integer>", rows=("K096",)),
]
CalculatedQuantity = Annotated[Quantity, Info(access="read-only", calculated=True, rows=("K100",))]
CountedQuantity = Annotated[Quantity, Info(default=0)]
REMAINING_QUANTITY = "original_quantity - cancelled_quantity - returned_quantity - exchanged_quantity"
REMAINING_AMOUNT = "original_amount - cancelled_amount - returned_amount - exchanged_amount"


class MatchingKeys(Model):
    """The keys by which the buyer is found, under the names of the workspace's user variables: at least one.

    The pages spell the e-mail in two ways, and the workspace decides on the names (K095).

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L623
            .gitbook/assets/openapi_ca (2).yml
    """

    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (NotEmpty(),)

    email: Annotated[Text250, Info(min_length=1, rows=("K092", "K093", "K095"))] | MISSING = optional(
        "E-mail, as one page spells it.", "ada@shop.example"
    )
    user_email: Annotated[Text255, Info(rows=("K095",))] | MISSING = optional(
        "E-mail, as the other page spells it.", "ada@shop.example"
    )
    consent_categories: ConsentCategories | MISSING = optional(
        "Categories the buyer consented to.", ["1", "3"], [1, 3], "1"
    )


class ConversionItem(Model):
    """One line of a conversion: a product, how many of it, and what became of them.

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L754
            .gitbook/assets/openapi_ca (2).yml
    """

    id: Annotated[
        Text64, about("Identifier of the line, its key inside the conversion.", "L1"), Info(rows=("K094", "K101"))
    ]
    original_quantity: Annotated[Quantity, about("How many pieces were ordered.", 5)]
    cancelled_quantity: CountedQuantity | MISSING = optional("How many pieces were cancelled.", 1)
    returned_quantity: CountedQuantity | MISSING = optional("How many pieces came back.", 1)
    exchanged_quantity: CountedQuantity | MISSING = optional("How many pieces were exchanged.", 0)
    final_quantity: Annotated[Quantity, Info(formula=REMAINING_QUANTITY)] | MISSING = optional(
        "How many pieces remain.", 3
    )
    original_amount: Amount | MISSING = optional("Amount that was ordered.", 599.5)
    cancelled_amount: Amount | MISSING = optional("Amount that was cancelled.", 119.9)
    returned_amount: Amount | MISSING = optional("Amount that was returned.", 119.9)
    exchanged_amount: Amount | MISSING = optional("Amount that was exchanged.", 0)
    final_amount: Annotated[Amount, Info(formula=REMAINING_AMOUNT)] | MISSING = optional("Amount that remains.", 359.7)
    price: Amount | MISSING = optional("Price of one unit.", 119.9)
    original_item: Flag | MISSING = optional("Whether the line was there from the start.", True)
    custom: Object | MISSING = optional("Values of the shop's own, under any names.", {"gift_wrap": True})
    product: CatalogProduct


class Conversion(Model):
    """A conversion: who bought what, when, and what became of it.

    Quantities over all lines are the platform's to calculate; what is sent for them is ignored (K100).

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L623
            .gitbook/assets/openapi_ca (2).yml
    """

    KIND: ClassVar[str | None] = "conversion"

    id: Annotated[
        Text50, about("Identifier of the conversion, its key.", "T-2024-00042"), Info(min_length=1, rows=("K093",))
    ]
    user: Annotated[MatchingKeys, Info(rows=("K095",))]
    type: Annotated[Label, about("Kind of conversion: online, offline, call or one of your own.", "online")]
    status: Status
    created: Annotated[BulkDateTime, about("When it happened.", "2024-06-10T08:13:20.000+02:00")]
    updated: BulkDateTime | MISSING = optional("When it changed.", "2024-06-12T17:40:00Z")
    acknowledged: Flag | MISSING = optional("Whether the buyer was told that it arrived.", True)
    currency: Annotated[
        Currency, about("Currency of the amounts, the same for all products.", "EUR"), Info(rows=("K113",))
    ]
    comment: Label | MISSING = optional("What the buyer wrote.", "Please ring twice.")
    billing_address: Address | MISSING = optional("Where the invoice goes.")
    contact_address: Address | MISSING = optional("Where the buyer is reached.")
    shipping_address: Address | MISSING = optional("Where the goods go.")
    shipping_provider: Label | MISSING = optional("Carrier.", "Alpine Post")
    shipping_tracking_code: Label | MISSING = optional("Code by which the parcel is followed.", "AP-99-0042")
    payment_method: PaymentMethod | MISSING = optional("Means of payment.", "card", "by_invoice")
    payment_provider: Annotated[Text255, Info(rows=("K094",))] | MISSING = optional(
        "Who handled the payment.", "Alpine Pay"
    )
    original_quantity: CalculatedQuantity | MISSING = optional("How many pieces were ordered.", 5)
    cancelled_quantity: CalculatedQuantity | MISSING = optional("How many pieces were cancelled.", 1)
    returned_quantity: CalculatedQuantity | MISSING = optional("How many pieces came back.", 1)
    exchanged_quantity: CalculatedQuantity | MISSING = optional("How many pieces were exchanged.", 0)
    final_quantity: Annotated[CalculatedQuantity, Info(formula=REMAINING_QUANTITY)] | MISSING = optional(
        "How many pieces remain.", 3
    )
    original_amount: Annotated[Amount, Info(access="write-once", rows=("K099",))] | MISSING = optional(
        "Amount that was ordered; only the first value counts.", 599.5
    )
    cancelled_amount: Amount | MISSING = optional("Amount that was cancelled.", 119.9)
    returned_amount: Amount | MISSING = optional("Amount that was returned.", 119.9)
    exchanged_amount: Amount | MISSING = optional("Amount that was exchanged.", 0)
    shipping_amount: Amount | MISSING = optional("Cost of shipping.", 4.9)
    discount_amount: Amount | MISSING = optional("Discount that was granted.", 0)
    tax_amount: Amount | MISSING = optional("Amount of tax.", 27.7)
    final_amount: Amount | MISSING = optional(
        "Amount that remains after all that was undone, with tax and shipping.", 364.6
    )
    custom: Object | MISSING = optional("Values of the shop's own, under any names.", {"season": "spring"})
    conversion_items: Annotated[
        list[ConversionItem],
        Strict(),
        about("Lines of the conversion.", [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]),
        Info(rows=("K101", "K102")),
    ]
