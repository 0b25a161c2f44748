"""The authors' wing: every payload as a typed model, from which the schemas are published."""

from tcspec.models.context import Context, Page, Viewport
from tcspec.models.device import App, Device, Lifecycle, Network, Os, Screen
from tcspec.models.objects import Item, Product, User

__all__ = [
    "App",
    "Context",
    "Device",
    "Item",
    "Lifecycle",
    "Network",
    "Os",
    "Page",
    "Product",
    "Screen",
    "User",
    "Viewport",
]
