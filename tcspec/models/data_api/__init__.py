"""What the data APIs import in bulk: products of the catalogue, and conversions."""

from tcspec.models.data_api.address import Address, Coordinates
from tcspec.models.data_api.conversion import Conversion, ConversionItem, MatchingKeys
from tcspec.models.data_api.product import CatalogProduct

__all__ = ["Address", "CatalogProduct", "Conversion", "ConversionItem", "Coordinates", "MatchingKeys"]
