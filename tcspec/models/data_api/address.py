"""Postal addresses of a buyer."""

from typing import Annotated, ClassVar

from pydantic_core import MISSING

from tcspec.models.constraints import Model
from tcspec.models.values import Expecting, Info, Label, Number, Text255, optional

FullAddress = Annotated[
    Label | None,
    Expecting("a string or null"),
    Info(expected="string", missing="warning", rows=("K097",)),
]


class Coordinates(Model):
    """A position on the globe.

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L797
            .gitbook/assets/openapi_ca (2).yml
    """

    latitude: Number | MISSING = optional("Degrees north of the equator.", 46.5197)
    longitude: Number | MISSING = optional("Degrees east of Greenwich.", 6.6323)


class Address(Model):
    """A postal address, in parts or as a whole; no property is required.

    One document requires the full address, the other shows it as null (K097).

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L797
            .gitbook/assets/openapi_ca (2).yml
    """

    PERSONAL: ClassVar[bool] = True

    country: Label | MISSING = optional("Name of the country.", "Switzerland")
    iso_country_code: Annotated[Text255, Info(format="iso3166-1-alpha2", rows=("K098",))] | MISSING = optional(
        "Code of the country, in two letters.", "CH"
    )
    country_code: Annotated[Text255, Info(rows=("K098",))] | MISSING = optional(
        "Code of the country in another system.", "CHE"
    )
    region: Label | MISSING = optional("Region, state or canton.", "Vaud")
    locality: Label | MISSING = optional("Town.", "Lausanne")
    postal_code: Label | MISSING = optional("Postal code of the town.", "1006")
    recipient: Label | MISSING = optional("Recipient of the goods.", "Ada Keller")
    street_address: Label | MISSING = optional("Street and number.", "Quai du Lac 3")
    full_address: FullAddress | MISSING = optional(
        "Full address, on one or several lines.", "Ada Keller\nQuai du Lac 3\n1006 Lausanne", None
    )
    label: Label | MISSING = optional("Name that the buyer gives to the address.", "office")
    coordinates: Coordinates | MISSING = MISSING
