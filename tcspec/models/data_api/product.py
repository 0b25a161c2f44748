"""A product of the catalogue, imported in bulk or nested in a conversion."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict
from pydantic_core import MISSING

from tcspec.models.constraints import Model
from tcspec.models.datetimes import BulkDateTime
from tcspec.models.values import (
    Amount,
    Currency,
    Custom,
    Info,
    Label,
    Number,
    Text50,
    Text250,
    Text255,
    Text500,
    Text2000,
    Text5000,
    about,
    optional,
)

Condition = Annotated[Literal["new", "refurbished", "used"], Info(rows=("K060",))]
Availability = Annotated[Literal["in_stock", "available", "pre_order", "out_of_stock"], Info(rows=("K060",))]
Category = Annotated[Text250, Info(min_length=1, rows=("K093",))]
Tags = Annotated[list[Text250], Strict(), Info(rows=("K094",))]
Colors = Annotated[list[Text255], Strict(), Info(rows=("K094",))]
Link = Annotated[Text2000, Info(format="url", rows=("K094",))]
Centimetres = Annotated[Number, Info(unit="cm")]
GENDERS = ("male", "female", "unisex")


class CatalogProduct(Model):
    """A product of the catalogue; the platform merges the properties that are sent into the stored product.

    Source: features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md#L864
            .gitbook/assets/openapi_ca (2).yml
    """

    KIND: ClassVar[str | None] = "product"

    id: Annotated[Text50, about("Identifier of the product.", "SKU-4711"), Info(min_length=1, rows=("K093",))]
    name: Annotated[Text500, Info(min_length=1, rows=("K093",))] | MISSING = optional(
        "Name of the product.", "Trail shoe Arolla"
    )
    description: Text5000 | MISSING = optional("Description of the product.", "Light shoe with a grip for wet rock.")
    category_1: Category | MISSING = optional("Main category of the product.", "Shoes")
    category_2: Category | MISSING = optional("Second category.", "Women")
    category_3: Category | MISSING = optional("Third category.", "Trail")
    category_4: Category | MISSING = optional("Fourth category.", "Waterproof")
    category_5: Category | MISSING = optional("Fifth category.", "Autumn")
    tags: Tags | MISSING = optional("Labels chosen by the shop.", ["trail", "grip"])
    condition: Condition | MISSING = optional("Condition of the product.", "new", "used")
    availability: Availability | MISSING = optional("Availability of the product.", "in_stock", "pre_order")
    availability_date: BulkDateTime | MISSING = optional(
        "When the product becomes available.", "2024-09-01T00:00:00+02:00", "2024-09-01T00:00:00Z"
    )
    expiration_date: BulkDateTime | MISSING = optional(
        "When the product is no longer available.", "2025-03-31T23:59:59.999+02:00"
    )
    price: Amount | MISSING = optional("Price of one unit.", 119.9)
    sale_price: Amount | MISSING = optional("Price of one unit during sales.", 95)
    currency: Annotated[Currency, Info(rows=("K112", "K113"))] | MISSING = optional(
        "Currency of the prices, the same as that of the conversion.", "EUR"
    )
    image_link: Link | MISSING = optional("URL of an image.", "https://shop.example/pictures/arolla.jpg")
    link: Link | MISSING = optional("URL of the product page.", "https://shop.example/shoes/arolla")
    brand: Label | MISSING = optional("Brand of the product.", "Northwind")
    width: Centimetres | MISSING = optional("Width of the product.", 11)
    length: Centimetres | MISSING = optional("Length of the product.", 28.5)
    height: Centimetres | MISSING = optional("Height of the product.", 12.5)
    weight: Annotated[Number, Info(unit="g", rows=("K110",))] | MISSING = optional("Weight of the product.", 640)
    size: Label | MISSING = optional("Label of the size, if dimensions are not enough.", "39")
    colors: Colors | MISSING = optional("Colours of the product.", ["slate", "coral"])
    # One document lists the values, the other accepts any string (K111).
    gender: Annotated[Label, Info(recommended=GENDERS, rows=("K025", "K111"))] | MISSING = optional(
        "Gender that the product is made for.", "female"
    )
    # No pattern: the vendor's own sample has 18 digits (K109).
    gtin: Annotated[Label, Info(format="gtin", rows=("K109",))] | MISSING = optional(
        "Global Trade Item Number: 8 to 14 digits.", "4006381333931"
    )
    mpn: Label | MISSING = optional("Part number of the manufacturer.", "NW-ARO-39")
    custom: Custom | MISSING = optional(  # type: ignore[assignment]  # the vendor has a property of this name
        "Values under names chosen by the shop.", {"warehouse": "Bern"}
    )
