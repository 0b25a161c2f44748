"""The device or browser an event comes from, and the mobile app on it."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic_core import MISSING

from tcspec.models.constraints import Model
from tcspec.models.datetimes import EpochMilliseconds
from tcspec.models.values import AnyText, Expecting, Flag, Info, Integer, Number, Text, optional

_HTTP = ".gitbook/assets/http_tracking_api_spec.yaml"
_EPOCH = Info(unit="ms since epoch")
SystemName = Literal["android", "ios"]
SYSTEMS: tuple[str, ...] = get_args(SystemName)
_MILLISECONDS = Info(unit="ms", basis="inferred")

FlagOrString = Annotated[
    # The Android SDK sends the string since 5.1.1.
    Flag | Literal["true", "false"], Expecting("true or false"), Info(expected="boolean", basis="observed")
]


class Os(Model):
    """The operating system.

    Source: developers/tracking/about-events/mobile-sdk-event-specificity.md
    """

    name: Text | MISSING = optional("Name of the system.", "Android")
    version: Text | MISSING = optional("Version of the system.", "14")


class Screen(Model):
    """The screen.

    Source: developers/tracking/about-events/mobile-sdk-event-specificity.md
    """

    width: Integer | MISSING = optional("Width of the screen.", 1080)
    height: Integer | MISSING = optional("Height of the screen.", 2400)
    density: Number | MISSING = optional("Density of the pixels.", 2.625)


class Network(Model):
    """The network connections of the device.

    Source: developers/tracking/about-events/mobile-sdk-event-specificity.md
    """

    bluetooth: Flag | MISSING = optional("Whether Bluetooth is on.", False)
    cellular: Flag | MISSING = optional("Whether the cellular connection is on.", True)
    carrier: Text | MISSING = optional("Carrier of the cellular connection.", "Alpine Mobile")
    wifi: Flag | MISSING = optional("Whether Wi-Fi is on.", True)


class Lifecycle(Model):
    """The sessions and visits that the app counts.

    Source: developers/tracking/about-events/mobile-sdk-event-specificity.md
    """

    session_id: Annotated[Text, Info(format="uuid", rows=("K070",))] | MISSING = optional(
        "Identifier of the session.", "0b9c6f3e-52a1-4f0e-9f6a-3f1f0a7d2c11"
    )
    new_session: Flag | MISSING = optional("Whether this is the first hit of a session.", False)
    session_duration: Annotated[Integer, _MILLISECONDS] | MISSING = optional("Length of the session.", 81500)
    current_session: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional("Start of the session.", 1718000000000)
    visit_number: Integer | MISSING = optional("Number of launches.", 5)
    current_visit: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional("Start of the visit.", 1718000000000)
    current_version_first_visit: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional(
        "First visit with the current version of the app.", 1717000000000
    )
    session_number: Integer | MISSING = optional("Number of sessions.", 9)
    first_visit: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional("First use of the app.", 1710000000000)
    last_visit: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional("Previous use of the app.", 1717900000000)
    last_call: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional("Previous hit.", 1717999990000)
    last_session_start: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional(
        "Start of the previous session; 0 for none.", 1717900000000
    )
    last_session_last_hit: Annotated[EpochMilliseconds, _EPOCH] | MISSING = optional(
        "Last hit of the previous session; 0 for none.", 0
    )
    foreground_transitions: Integer | MISSING = optional("How often the app came to the foreground.", 3)
    foreground_time: Annotated[Integer, _MILLISECONDS] | MISSING = optional("Time in the foreground.", 64000)
    background_time: Annotated[Integer, _MILLISECONDS] | MISSING = optional("Time in the background.", 17500)
    first_execute: Flag | MISSING = optional("Whether this is the first hit of a cold launch.", False)
    is_first_visit: Flag | MISSING = optional("Whether this is the first launch ever.", False)
    is_prev_cycle_cleaned: Flag | MISSING = optional("Whether the previous run ended cleanly.", True)


class Device(Model):
    """The device or browser the event comes from.

    Source: developers/tracking/about-events/mobile-sdk-event-specificity.md
    """

    PERSONAL: ClassVar[bool] = True

    user_agent: Text | MISSING = optional(
        "User agent of the browser or app.", "Mozilla/5.0 (X11; Linux x86_64) Example/1.0"
    )
    ip: Annotated[Text, Info(format="ip")] | MISSING = optional(
        "IP address of the client; on a server the sender must add it.", "203.0.113.7"
    )
    lang: Annotated[Text, Info(source=_HTTP, rows=("K067",))] | MISSING = optional("Language of the browser.", "fr-CH")
    language: Annotated[Text, Info(rows=("K067",))] | MISSING = optional("Language of the mobile device.", "fr")
    region: Text | MISSING = optional("Region of the mobile device.", "CH")
    cookie: Annotated[Text, Info(source=_HTTP, rows=("K069",))] | MISSING = optional(
        "Cookie header: name=value; name=value.", "lang=fr; theme=dark"
    )
    timezone: Text | MISSING = optional("Time zone, by its IANA name.", "Europe/Zurich")
    sdk_id: Annotated[Text, Info(format="uuid", rows=("K070",))] | MISSING = optional(
        "Random identifier of the installation.", "6f1d2c3b-8a90-4d5e-b1c2-0a9f8e7d6c5b"
    )
    manufacturer: Text | MISSING = optional("Manufacturer of the device.", "Northwind Devices")
    model: Text | MISSING = optional("Model of the device.", "NW-7")
    name: Text | MISSING = optional("Name of the device.", "Ada's phone")
    type: Annotated[SystemName | str, AnyText(), Info(recommended=SYSTEMS)] | MISSING = optional(
        "Family of the operating system.", "android"
    )
    advertising_id: Text | MISSING = optional(
        "Advertising identifier; needs consent.", "00000000-0000-0000-0000-000000000000"
    )
    idfv: Text | MISSING = optional("Identifier for the vendor; needs consent.", "3C1E9A52-7B64-4F0D-8E21-9D5C6B7A8F90")
    ad_tracking_enabled: FlagOrString | MISSING = optional(
        "Whether ad tracking is allowed; needs consent.", True, "true"
    )
    os: Os | MISSING = MISSING
    screen: Screen | MISSING = MISSING
    network: Network | MISSING = MISSING
    lifecycle: Lifecycle | MISSING = MISSING


class App(Model):
    """The mobile application.

    Source: developers/tracking/about-events/mobile-sdk-event-specificity.md
    """

    name: Text | MISSING = optional("Name of the app.", "Northwind Outdoor")
    version: Text | MISSING = optional("Version of the app.", "7.3.0")
    build: Text | MISSING = optional("Identifier of the build.", "7300")
    namespace: Text | MISSING = optional("Identifier of the bundle or package.", "example.northwind.outdoor")
    core_version: Text | MISSING = optional("Version of the core module.", "5.4.2")
    serverside_version: Text | MISSING = optional("Version of the server-side module.", "5.4.2")
    consent_version: Text | MISSING = optional("Version of the consent module.", "5.3.1")
