"""Every property of the standard events, once: its type, description, examples of our own, and `Info`."""

from typing import Annotated, Literal, get_args

from pydantic import Strict

from tcspec.models.objects import Item
from tcspec.models.values import (
    Amount,
    AnyText,
    Anything,
    AssetIds,
    Count,
    Currency,
    Expecting,
    Flag,
    Info,
    Integer,
    Number,
    Object,
    Quantity,
    Text,
    TextOrNumber,
    TextOrTexts,
    about,
)

PaymentMethodName = Literal[
    "by_invoice",
    "by_bank_transfer_in_advance",
    "card",
    "check_in_advance",
    "cod",
    "coupon",
    "direct_debit",
    "online_payment_system",
    "other",
]
PurchaseStatusName = Literal[
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
]
PageTypeName = Literal[
    "home",
    "landing",
    "product_list",
    "product",
    "content_list",
    "content",
    "search",
    "funnel",
    "success",
    "funnel_confirmation",
    "account",
    "cart",
    "legal",
]
AdTypeName = Literal["pre-roll", "mid-roll", "post-roll"]
LoadTypeName = Literal["dynamic", "linear"]
PAYMENT_METHODS: tuple[str, ...] = get_args(PaymentMethodName)
PURCHASE_STATUSES: tuple[str, ...] = get_args(PurchaseStatusName)
PAGE_TYPES: tuple[str, ...] = get_args(PageTypeName)
AD_TYPES: tuple[str, ...] = get_args(AdTypeName)
LOAD_TYPES: tuple[str, ...] = get_args(LoadTypeName)
LIVE_HAS_NO_LENGTH = "livestream == true implies total_length is null"
ENDS_AT_LENGTH = "cursor_position == total_length"

# Pages and accounts
PageType = Annotated[
    PageTypeName | str,
    AnyText(),
    about("Category of the page.", "product"),
    Info(recommended=PAGE_TYPES, rows=("K052", "K053")),
]
# Renamed in 2022, and listed as deprecated since 2024 (K052).
FormerPageType = Annotated[
    PageTypeName | str,
    AnyText(),
    about("Former name of page_type.", "product"),
    Info(deprecated=True, replaced_by="page_type", rows=("K052",)),
]
PageName = Annotated[Text, about("Name of the page.", "Trail shoes")]
PageTitle = Annotated[Text, about("Title of the document.", "Trail shoes - Northwind Outdoor"), Info(personal=True)]
PageUrl = Annotated[Text, about("URL of the page.", "https://shop.example/shoes?sort=price"), Info(personal=True)]
OrderUrl = Annotated[
    Text,
    about("URL at which the order was placed.", "https://shop.example/checkout/done"),
    Info(format="url", personal=True),
]
Path = Annotated[Text, about("Path of the URL.", "/shoes"), Info(personal=True)]
Referrer = Annotated[Text, about("URL of the previous page.", "https://shop.example/"), Info(personal=True)]
Method = Annotated[Text, about("Method used to sign in or to sign up.", "passkey")]
SearchTerm = Annotated[Text, about("Term that was searched.", "waterproof jacket"), Info(personal=True)]
ContentType = Annotated[Text, about("Type of the selected content.", "buying_guide")]
PickedId = Annotated[Text, about("Identifier of the selected content.", "guide-12")]

# Commerce
Items = Annotated[
    list[Item],
    Strict(),
    about("Items of the event.", [{"id": "L1", "quantity": 2, "product": {"id": "SKU-4711"}}]),
]
# Not limited to one item: samples of the vendor's SDKs send two (K058).
SingleItem = Annotated[
    list[Item],
    Strict(),
    about("The selected item, the only one.", [{"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}]),
    Info(length=1, rows=("K058",)),
]
ItemListName = Annotated[Text, about("Name of the list that displayed the items.", "Recently viewed")]
TransactionId = Annotated[Text, about("Identifier of the transaction, for later updates.", "T-2024-00042")]
LeadId = Annotated[Text, about("Identifier of the lead.", "LEAD-88")]
ConversionType = Annotated[Text, about("Type of conversion: online, offline, call or a custom type.", "online")]
Value = Annotated[Amount, about("Amount with tax, and shipping where it applies, after discount.", 119.9, 120)]
Revenue = Annotated[Amount, about("Amount without tax and without shipping, after discount.", 95.5)]
Coupon = Annotated[Text, about("Promotion code.", "SPRING10")]
ConditionalCurrency = Annotated[Currency, Info(missing="warning", when="an amount is present", rows=("K030",))]
# Called closed, but no page says what happens to other values; the vendor's samples have some (K059, K060).
PaymentMethod = Annotated[
    PaymentMethodName,
    AnyText(),
    about("Method of payment.", "card"),
    Info(enum=PAYMENT_METHODS, rows=("K059", "K060")),
]
PurchaseStatus = Annotated[
    PurchaseStatusName,
    AnyText(),
    about("Status of the order.", "in_progress"),
    Info(enum=PURCHASE_STATUSES, rows=("K059", "K060", "K061")),
]
ShippingTier = Annotated[Text, about("Delivery option.", "express")]
ShippingAmount = Annotated[Amount, about("Cost of shipping.", 4.9)]
ShippingProvider = Annotated[Text, about("Carrier.", "Alpine Post")]
TaxAmount = Annotated[Amount, about("Amount of tax.", 19.5)]
DiscountValue = Annotated[Amount, about("Discount granted, tax included.", 12)]
OriginalValue = Annotated[Amount, about("Initial amount, tax included.", 131.9)]
OriginalRevenue = Annotated[Amount, about("Initial amount, tax excluded.", 107.5)]
OriginalTaxAmount = Annotated[Amount, about("Initial amount of tax.", 21.5)]
ReturnedValue = Annotated[Amount, about("Amount of the returned items, tax included.", 59.9)]
# The table calls this a quantity with tax, which no count has (K039).
ReturnedQuantity = Annotated[Quantity, about("Quantity returned.", 1), Info(rows=("K039",))]
CancelledValue = Annotated[Amount, about("Amount of the cancelled items, tax included.", 59.9)]
CancelledQuantity = Annotated[Quantity, about("Quantity cancelled.", 1), Info(rows=("K039",))]
LastChannel = Annotated[Text, about("Last marketing channel before the purchase.", "newsletter")]
LastSource = Annotated[Text, about("Last referrer before the purchase.", "news.example")]

# Campaigns
AdCostId = Annotated[Text, about("Identifier of the cost of the ad.", "cost-3107")]
AdFormat = Annotated[Text, about("Format of the ad.", "banner_300x250")]
Campaign = Annotated[Text, about("Name of the campaign.", "autumn_hiking")]
Keyword = Annotated[Text, about("Keyword of the campaign.", "hiking boots")]
Medium = Annotated[Text, about("Marketing medium.", "display")]
Source = Annotated[Text, about("Marketing source.", "outdoor_magazine")]

# Video
VideoSessionId = Annotated[Text, about("Identifier shared by all events of a playback session.", "play-5d1f")]
VideoTitle = Annotated[Text, about("Title of the video.", "Crossing the ridge")]
VideoDescription = Annotated[Text, about("Short summary.", "Two days on foot above the tree line.")]
VideoCategory = Annotated[Text, about("Genre.", "documentary")]
Publisher = Annotated[Text, about("Author or publisher.", "Northwind Films")]
Program = Annotated[Text, about("Name of the show.", "On the trail")]
Channel = Annotated[Text, about("Name of the channel.", "Outdoor One")]
Season = Annotated[Text, about("Number of the season, as a string.", "2")]
Episode = Annotated[Text, about("Number of the episode, as a string.", "7")]
FullEpisode = Annotated[Flag, about("Whether the asset is a whole episode.", True)]
Keywords = Annotated[
    TextOrTexts,
    about("Keywords of the content.", ["hiking", "alps"], "hiking"),
    Info(expected="array<string>", rows=("K087",)),
]
Airdate = Annotated[Text, about("First broadcast or publication.", "2024-03-18"), Info(format="iso8601")]
ContentAssetId = Annotated[
    AssetIds, about("Identifier of the content, or several.", "ridge-s2e7"), Info(expected="string")
]
ContentPodId = Annotated[
    AssetIds,
    about("Identifier of the content segment, or several.", "ridge-part-1"),
    Info(expected="string"),
]
AdAssetId = Annotated[AssetIds, about("Identifier of the ad, or several.", "ad-boots-20s"), Info(expected="string")]
AdPodId = Annotated[AssetIds, about("Identifier of the ad group, or several.", "pod-mid-1"), Info(expected="string")]
Livestream = Annotated[Flag, about("Whether the stream is live.", False)]
CursorPosition = Annotated[Count, about("Position of the playhead, in seconds.", 12), Info(unit="s")]
SeekPosition = Annotated[Count, about("Target position of the seek, in seconds.", 90), Info(unit="s")]
TotalLength = Annotated[
    Count | None,
    about("Total duration, in seconds; null for a live stream.", 360, None),
    Info(unit="s", rows=("K076",)),
]
AdLength = Annotated[Count, about("Duration of the ad, in seconds.", 20), Info(unit="s")]
# A number in the tables, a string on the property page (K081).
Bitrate = Annotated[
    TextOrNumber, about("Bit rate, in kbps.", 2400), Info(expected="integer", unit="kbps", rows=("K081",))
]
Framerate = Annotated[Number, about("Frame rate, in frames per second.", 25, 29.97), Info(unit="fps")]
# No limits in the contract: every example of a settings event has 120 (K080).
Sound = Annotated[
    Number,
    about("Sound level, from 0 (mute) to 100.", 80),
    Info(expected="integer", minimum=0, maximum=100, rows=("K080",)),
]
FullScreen = Annotated[Flag, about("Whether the video fills the screen.", False)]
AdEnabled = Annotated[Flag, about("False when an ad blocker is active.", True)]
ImageQuality = Annotated[Text, about("Label of the picture quality.", "1080p")]
VideoPlayer = Annotated[Text, about("Name of the player.", "TrailPlayer 3")]
InterruptionMethod = Annotated[
    Text, about("Cause of the interruption.", "network_loss", "device_lock"), Info(rows=("K085",))
]
AdType = Annotated[
    Annotated[AdTypeName, AnyText()] | None,
    Expecting("a string or null"),
    about("Position of the ad in the session.", "mid-roll"),
    Info(expected="string", enum=AD_TYPES, rows=("K089",)),
]
LoadType = Annotated[
    LoadTypeName,
    AnyText(),
    about("Whether ads are inserted for each viewer.", "dynamic"),
    Info(enum=LOAD_TYPES),
]
PodPosition = Annotated[Count, about("Rank of the ad in its group.", 1)]
PodLength = Annotated[Count, about("Number of ads in the group.", 3)]
AdQuartile = Annotated[Integer, about("Quartile of the ad that was reached.", 2)]
AdContent = Annotated[Object, about("The content in which the ad runs; its shape is open.", {"series": "On the trail"})]
StartupTime = Annotated[Anything, about("When the quality changed; of any type.", 1.4), Info(rows=("K066", "K084"))]
DroppedFrames = Annotated[Anything, about("Whether frames were dropped; of any type.", 3), Info(rows=("K066", "K084"))]
