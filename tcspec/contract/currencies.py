"""The currencies of ISO 4217 as of 2026, and what else is written for them: numbers, symbols, words, older codes.

Source: the list of active codes that the Swiss maintenance agency publishes for ISO, without XXX (no currency) and XTS
(for tests), in which no amount can be.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACTIVE = """
    AED784 AFN971 ALL008 AMD051 AOA973 ARS032 AUD036 AWG533 AZN944 BAM977 BBD052 BDT050 BHD048 BIF108 BMD060
    BND096 BOB068 BOV984 BRL986 BSD044 BTN064 BWP072 BYN933 BZD084 CAD124 CDF976 CHE947 CHF756 CHW948 CLF990
    CLP152 CNY156 COP170 COU970 CRC188 CUP192 CVE132 CZK203 DJF262 DKK208 DOP214 DZD012 EGP818 ERN232 ETB230
    EUR978 FJD242 FKP238 GBP826 GEL981 GHS936 GIP292 GMD270 GNF324 GTQ320 GYD328 HKD344 HNL340 HTG332 HUF348
    IDR360 ILS376 INR356 IQD368 IRR364 ISK352 JMD388 JOD400 JPY392 KES404 KGS417 KHR116 KMF174 KPW408 KRW410
    KWD414 KYD136 KZT398 LAK418 LBP422 LKR144 LRD430 LSL426 LYD434 MAD504 MDL498 MGA969 MKD807 MMK104 MNT496
    MOP446 MRU929 MUR480 MVR462 MWK454 MXN484 MXV979 MYR458 MZN943 NAD516 NGN566 NIO558 NOK578 NPR524 NZD554
    OMR512 PAB590 PEN604 PGK598 PHP608 PKR586 PLN985 PYG600 QAR634 RON946 RSD941 RUB643 RWF646 SAR682 SBD090
    SCR690 SDG938 SEK752 SGD702 SHP654 SLE925 SOS706 SRD968 SSP728 STN930 SVC222 SYP760 SZL748 THB764 TJS972
    TMT934 TND788 TOP776 TRY949 TTD780 TWD901 TZS834 UAH980 UGX800 USD840 USN997 UYI940 UYU858 UYW927 UZS860
    VED926 VES928 VND704 VUV548 WST882 XAD396 XAF950 XAG961 XAU959 XBA955 XBB956 XBC957 XBD958 XCD951 XCG532
    XDR960 XOF952 XPD964 XPF953 XPT962 XSU994 XUA965 YER886 ZAR710 ZMW967 ZWG924
"""

_CODE = compile_late("[A-Z]{3}")

# Stored events keep the currency of their time: these were withdrawn after the vendor documented its events (2021).
_WITHDRAWN = "ANG BGN CUC HRK SLL ZWL"

_NUMBERS = {int(code[3:]): code[:3] for code in _ACTIVE.split()}

CURRENCIES = frozenset((*_NUMBERS.values(), *_WITHDRAWN.split()))
"""The codes of currencies, also of those that were withdrawn since 2021."""

_BEFORE_THE_EURO = "ATS BEF CYP DEM EEK ESP FIM FRF GRD IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK XEU"
_RENAMED = """
    AZM:AZN BGL:BGN BYR:BYN CSD:RSD GHC:GHS MGF:MGA MRO:MRU MXP:MXN MZM:MZN PLZ:PLN ROL:RON RUR:RUB SDD:SDG SRG:SRD
    STD:STN TMM:TMT TRL:TRY UAK:UAH VEB:VES VEF:VES ZMK:ZMW ZWD:ZWG
"""

# Several countries write $ and \u00a5 for their own currencies, so that these are none.
_WRITTEN = """
    \u20ac:EUR EURO:EUR EUROS:EUR \u00a3:GBP UKP:GBP STG:GBP US$:USD USDOLLAR:USD \u20b9:INR \u20bd:RUB \u20ba:TRY
    \u20b4:UAH \u20a9:KRW \u20aa:ILS NIS:ILS \u20ab:VND Z\u0141:PLN K\u010c:CZK R$:BRL \u0e3f:THB \u20b1:PHP \u20a6:NGN
    SFR:CHF RMB:CNY CNH:CNY NTD:TWD C$:CAD CA$:CAD A$:AUD AU$:AUD HK$:HKD
"""


def _read_pairs(text: str) -> dict[str, str]:
    return {name: code for name, _, code in (pair.partition(":") for pair in text.split())}


SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(_BEFORE_THE_EURO.split(), "EUR"), **_read_pairs(_RENAMED)}
)
"""The codes of currencies that ended, with those that replaced them; their amounts are others."""

_WORDS = _read_pairs(_WRITTEN)
_SPACE = compile_late(r"[\s.]+")


def currency_of(value: Mapping[str, Any]) -> str | None:
    """Return the currency of an object; None when it has none, or one that violates the contract."""
    currency = value.get("currency")
    return currency if isinstance(currency, str) and _CODE.fullmatch(currency) else None


def suggest_currency(value: str | int) -> str | None:
    """Return the currency that a code in another case, a number, a symbol or a word is for; None if it is unclear."""
    if isinstance(value, int):
        return _NUMBERS.get(value)
    bare = _SPACE.sub("", value).upper()
    if bare in CURRENCIES:
        return bare
    # With its zeros: the standard has 008 for a currency, and 8 for none.
    if bare.isascii() and bare.isdigit() and len(bare) == len("978"):
        return _NUMBERS.get(int(bare))
    return _WORDS.get(bare)
