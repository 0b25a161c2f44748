"""The objects at the root of events: the user, and the items with their products."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Strict
from pydantic_core import MISSING

from tcspec.models.constraints import Constraint, Model, SuffixType
from tcspec.models.values import (
    AnyText,
    Currency,
    Info,
    Md5Hex,
    NumberOrNull,
    Quantity,
    Sha256Hex,
    Text,
    TextOrNumber,
    TextOrTexts,
    Texts,
    about,
    optional,
)

_MOBILE = "developers/tracking/about-events/mobile-sdk-event-specificity.md"
_FACEBOOK = "features/destinations/destinations-catalog/facebook/facebook-conversions-api.md"
_CATALOGUE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"


class User(Model, defer_build=False):
    """The user: identifiers of the customer and of the device, profile, consent.

    The platform recognises the person by id, email or a hash of the e-mail. Any property may be sent hashed, as
    32 or 64 hexadecimal digits, with the suffix `_md5` or `_sha256` to its name.

    Source: developers/tracking/events-reference/README.md
    """

    PERSONAL: ClassVar[bool] = True
    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (SuffixType("_md5", Md5Hex), SuffixType("_sha256", Sha256Hex))

    id: Annotated[Text | MISSING, Info(missing="info", rows=("K020",))] = optional(
        "The customer's own identifier, as in the CRM.", "C-1024"
    )
    email: Annotated[
        Text | MISSING,
        Info(format="email", missing="warning", when="email_sha256 is absent", rows=("K020", "K021")),
    ] = optional("E-mail in plain text.", "ada@shop.example")
    email_md5: Annotated[Md5Hex, Info(rows=("K021", "K027"))] | MISSING = optional(
        "MD5 digest of the e-mail, in hexadecimal.", "76d4164d081ebc17f5e1d3c57321544d"
    )
    email_sha256: Annotated[Sha256Hex, Info(rows=("K021", "K027"))] | MISSING = optional(
        "SHA-256 digest of the e-mail, in hexadecimal.",
        "a4c14f1b068bf2c602e289b5dfcd89085692c73c63daf5a90a0b481b7328ee35",
    )
    phone: Annotated[Text, Info(format="e164", rows=("K026",))] | MISSING = optional(
        "Phone number in international form.", "+41215550123"
    )
    firstname: Text | MISSING = optional("First name of the person.", "Ada")
    lastname: Text | MISSING = optional("Last name of the person.", "Keller")
    gender: Annotated[Literal["f", "m"], AnyText(), Info(enum=("f", "m"), rows=("K025",))] | MISSING = optional(
        "Gender of the person.", "f"
    )
    birthdate: Annotated[Text, Info(format="date")] | MISSING = optional("Date of birth.", "1988-02-29")
    city: Text | MISSING = optional("City of the person.", "Lausanne")
    state: Text | MISSING = optional("State or canton.", "VD")
    street: Annotated[Text, Info(rows=("K022",))] | MISSING = optional("Street address.", "Quai du Lac 3")
    zipcode: Text | MISSING = optional("Postal code of the person.", "1006")
    country: Annotated[Text, Info(format="iso3166-1-alpha2-or-alpha3")] | MISSING = optional(
        "Code of the country.", "CHE"
    )
    # The tables name no type of the members; the vendor sends strings and integers (K017).
    consent_categories: Annotated[
        Annotated[list[Any], Strict()] | MISSING,
        Info(expected="array<string>", missing="warning", rows=("K017", "K018", "K019")),
    ] = optional("Categories the person consented to, and only those.", ["1", "3"])
    status: Annotated[Text, Info(rows=("K022",))] | MISSING = optional(
        "Status of the customer in the CRM; an open list.", "Existing"
    )
    consistent_anonymous_id: Annotated[
        Text | MISSING,
        Info(
            missing="warning",
            when="the event is sent from server to server",
            source=".gitbook/assets/http_tracking_api_spec.yaml",
            rows=("K006",),
        ),
    ] = optional("The platform's identifier of the browser or device.", "d-5f0c2b1e")
    consentID: Annotated[Text, Info(source=_MOBILE, rows=("K024", "K066"))] | MISSING = optional(  # noqa: N815 - wire name
        "Identifier under which the consent is recorded.", "d-5f0c2b1e"
    )
    ID: Annotated[Text, Info(deprecated=True, replaced_by="id", source=_MOBILE, rows=("K024",))] | MISSING = optional(
        "Name of id on the mobile page.", "C-1024"
    )
    refused_vendors: Annotated[TextOrTexts, Info(source=_MOBILE, rows=("K024",))] | MISSING = optional(
        "Vendors the person refused; the string ALL means every vendor.", ["vendor-9"], "ALL"
    )
    rejected_vendors: Annotated[TextOrTexts, Info(basis="observed")] | MISSING = optional(
        "Name of refused_vendors in the web container.", ["vendor-9"], "ALL"
    )
    consent_vendors: Annotated[TextOrTexts, Info(basis="observed")] | MISSING = optional(
        "Vendors the person accepted, as early Android releases send them.", ["vendor-2"]
    )
    # A number in the table of `purchase`, a string in the JSON beside it (K023).
    card: Annotated[TextOrNumber, Info(expected="string", rows=("K023",))] | MISSING = optional(
        "Number of the loyalty card.", "2900-17"
    )
    tcId: Annotated[Text, Info(source=_FACEBOOK)] | MISSING = optional(  # noqa: N815 - wire name
        "Older identifier, stored in a cookie.", "20240610081320000042"
    )


class Product(Model):
    """The product of an item; if the catalogue is imported, its id is enough.

    Source: developers/tracking/events-reference/README.md
    """

    id: Annotated[Text, about("Identifier of the product, the same as in the catalogue.", "SKU-4711")]
    name: Annotated[Text | MISSING, Info(missing="warning", rows=("K050",))] = optional(
        "Name of the product.", "Trail shoe Arolla"
    )
    price: Annotated[NumberOrNull | MISSING, Info(missing="warning", rows=("K044", "K046", "K050"))] = optional(
        "Price of one unit.", 119.9
    )
    currency: Annotated[Currency | MISSING, Info(rows=("K051", "K112"))] = MISSING
    category_1: Text | MISSING = optional("Main category of the product.", "Shoes")
    category_2: Annotated[Text, Info(rows=("K047",))] | MISSING = optional("Second category.", "Women")
    category_3: Annotated[Text, Info(rows=("K047",))] | MISSING = optional("Third category.", "Trail")
    category_4: Annotated[Text, Info(source=_CATALOGUE, rows=("K047",))] | MISSING = optional(
        "Fourth category.", "Waterproof"
    )
    category_5: Annotated[Text, Info(source=_CATALOGUE, rows=("K047",))] | MISSING = optional(
        "Fifth category.", "Autumn"
    )
    brand: Text | MISSING = optional("Brand of the product.", "Northwind")
    colors: Texts | MISSING = optional("Colours of the product.", ["slate", "coral"])
    size: Text | MISSING = optional("Label of the size.", "39")


class Item(Model):
    """One item of an event: a product, its quantity, and what became of it.

    Source: developers/tracking/events-reference/README.md
    """

    id: Annotated[Text, about("Identifier of the item for later updates; may be the product's id.", "L1")]
    product: Product
    quantity: Annotated[Quantity, about("Quantity of the product.", 1)]
    variant: Text | MISSING = optional("Variant of the product.", "wide")
    list_position: NumberOrNull | MISSING = optional("Rank in a list.", 4)
    discount: Annotated[NumberOrNull, Info(rows=("K045",))] | MISSING = optional("Discount on one unit.", 10)
    affiliation: Text | MISSING = optional("Label of the affiliate programme.", "hikers-club")
    coupon: Text | MISSING = optional("Promotion code of the item.", "SPRING10")
    # In nearly all examples, but in no table (K044).
    price: Annotated[NumberOrNull, Info(rows=("K044",))] | MISSING = optional("Price of one unit.", 119.9)
    # These columns are on one of the vendor's two pages only (K049).
    value: Annotated[NumberOrNull, Info(rows=("K049",))] | MISSING = optional("Amount of the item, with tax.", 119.9)
    cancelled_value: Annotated[NumberOrNull, Info(rows=("K049",))] | MISSING = optional(
        "Amount that was cancelled, with tax.", 119.9
    )
    cancelled_quantity: Annotated[NumberOrNull, Info(rows=("K049",))] | MISSING = optional(
        "Quantity that was cancelled.", 1
    )
    original_value: Annotated[NumberOrNull, Info(rows=("K049",))] | MISSING = optional(
        "Initial amount, with tax.", 131.9
    )
    returned_value: Annotated[NumberOrNull, Info(rows=("K049",))] | MISSING = optional(
        "Amount that was returned, with tax.", 119.9
    )
    returned_quantity: Annotated[NumberOrNull, Info(rows=("K049",))] | MISSING = optional(
        "Quantity that was returned.", 1
    )
