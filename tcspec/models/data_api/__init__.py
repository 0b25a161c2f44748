"""Products of the catalogue and conversions, which the data APIs import in bulk."""

from tcspec.models.data_api.address import Address, Coordinates
from tcspec.models.data_api.conversion import Conversion, ConversionItem, MatchingKeys
from tcspec.models.data_api.product import CatalogProduct

__all__ = ["Address", "CatalogProduct", "Conversion", "ConversionItem", "Coordinates", "MatchingKeys"]
