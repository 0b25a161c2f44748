"""Every payload as a typed pydantic model; the published schemas are generated from the models."""

from tcspec.models.context import Context, Page, Viewport
from tcspec.models.data_api import Address, CatalogProduct, Conversion, ConversionItem, Coordinates, MatchingKeys
from tcspec.models.device import App, Device, Lifecycle, Network, Os, Screen
from tcspec.models.objects import Item, Product, User
from tcspec.models.user_api import Person, UserPut

__all__ = [
    "Address",
    "App",
    "CatalogProduct",
    "Context",
    "Conversion",
    "ConversionItem",
    "Coordinates",
    "Device",
    "Item",
    "Lifecycle",
    "MatchingKeys",
    "Network",
    "Os",
    "Page",
    "Person",
    "Product",
    "Screen",
    "User",
    "UserPut",
    "Viewport",
]
