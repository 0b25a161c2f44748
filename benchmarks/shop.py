"""What happens in an invented shop, as it would be before any client library writes it down."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

Object = dict[str, Any]

_SITE = "https://www.verrerie-du-lac.example"
_NAMES = (
    "Lampe Opaline",
    "Vase soufflé à la main",
    "Suspension Œil-de-bœuf",
    "Carafe « Léman »",
    "Coupe à fruits Ø 28",
)
_MORE_NAMES = (
    "Glühwein-Gläser, 6 Stück",
    "Verre à pied 33 cl",
    "江戸切子 グラス",
    'Miroir 24" rond',
    "Bougeoir ✨ laiton",
)
_PRODUCT_NAMES = _NAMES + _MORE_NAMES
_CATEGORIES = ("Maison", "Luminaires", "Lampes de table", "Art de la table", "Verres & carafes", "Décoration")
_BRANDS = ("Verrerie du Lac", "Atelier Nord", "Maison Héron", "Gläserne Manufaktur")
_COLORS = ("blanc", "laiton", "bleu nuit", "vert d'eau", "ambré")
_CITIES = ("Annecy", "Besançon", "Genève", "Neuchâtel", "Saint-Étienne")
_FIRST_NAMES = ("Inès", "Chloé", "Jürgen", "Maud", "Noël")
_LAST_NAMES = ("Moreau", "Béranger", "Müller", "Dubois-Leclerc", "N'Guyen")
_SEARCHES = ("vase", "lampe opaline", "verre à pied", "cadeau été", "coupe ø 28")
_TITLES = ("Lampes", "Panier", "Recherche", "Vases & carafes", "Idées cadeaux pour Noël", "Merci pour votre commande")
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Linux; Android 14; FP5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0 Mobile Safari/537.36",
)
_FIRST_DAY, _LAST_DAY = 1_640_995_200_000, 1_719_792_000_000

_SHARES = {
    "page_view": 35,
    "view_item": 16,
    "view_item_list": 6,
    "select_item": 5,
    "add_to_cart": 8,
    "view_cart": 5,
    "begin_checkout": 3,
    "purchase": 6,
    "search": 5,
    "login": 3,
    "video_content_playing": 3,
    "store_locator_open": 3,
    "loyalty_card_scanned": 2,
}
"""How many of a hundred events have each name; the last two are custom events."""

_WITH_ITEMS = {"view_item": (1, 1), "select_item": (1, 1), "add_to_cart": (1, 2), "view_item_list": (3, 12)}
_WITH_MANY_ITEMS = {"view_cart": (1, 7), "begin_checkout": (1, 7), "purchase": (1, 9)}
_ITEM_COUNTS = _WITH_ITEMS | _WITH_MANY_ITEMS
_WITHOUT_VALUE = ("select_item", "view_item_list")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened: the name of the event, its own properties, and everything around it."""

    name: str
    id: str
    ms: int
    properties: Object
    user: Object
    page: Object
    browser: Object
    phone: Object
    app: Object


def draw_occurrence(random: Random) -> Occurrence:
    """Draw something that happened."""
    name = random.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
    ms = random.randrange(_FIRST_DAY, _LAST_DAY)
    return Occurrence(
        name,
        _draw_uuid(random),
        ms,
        _draw_properties(random, name),
        _draw_user(random),
        _draw_page(random),
        _draw_browser(random),
        _draw_phone(random, ms),
        _draw_app(random),
    )


def _draw_uuid(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _draw_price(random: Random) -> float:
    return random.randrange(150, 60_000, 5) / 100


def _draw_properties(random: Random, name: str) -> Object:
    properties: Object = {}
    if name in _ITEM_COUNTS:
        items = [_draw_item(random, index) for index in range(random.randint(*_ITEM_COUNTS[name]))]
        value = round(sum(item["quantity"] * item["product"]["price"] for item in items), 2)
        if name in ("begin_checkout", "purchase"):
            properties["revenue"] = round(value / 1.2, 2)
        if name == "purchase":
            properties |= _draw_payment(random, value - properties["revenue"])
        properties |= (
            {"items": items} if name in _WITHOUT_VALUE else {"value": value, "currency": "EUR", "items": items}
        )
    elif name == "page_view":
        properties["page_type"] = random.choice(("home", "product_list", "product", "content", "cart"))
        properties["page_name"] = random.choice(_TITLES)
    elif name == "search":
        properties["search_term"] = random.choice(_SEARCHES)
    elif name == "login":
        properties["method"] = random.choice(("email", "card", "google"))
    elif name == "video_content_playing":
        properties |= {"video_session_id": _draw_uuid(random), "content_asset_id": f"doc-{random.randrange(999)}"}
        properties |= {"cursor_position": random.randrange(900), "total_length": 1800}
    return properties | _draw_custom_properties(random)


def _draw_payment(random: Random, tax: float) -> Object:
    return {
        "id": f"o-{random.randrange(10**8)}",
        "type": random.choice(("online", "store")),
        "tax_amount": round(tax, 2),
        "shipping_amount": 0,
        "payment_method": random.choice(("card", "coupon", "online_payment_system")),
        "status": "in_progress",
    }


def _draw_item(random: Random, index: int) -> Object:
    product: Object = {
        "id": f"sku-{random.randrange(10**5)}",
        "name": random.choice(_PRODUCT_NAMES),
        "price": _draw_price(random),
        "currency": "EUR",
        "category_1": random.choice(_CATEGORIES),
        "category_2": random.choice(_CATEGORIES),
        "brand": random.choice(_BRANDS),
    }
    if random.random() < 0.4:  # noqa: PLR2004 - a share
        product |= {"colors": random.sample(_COLORS, 2), "size": random.choice("SML")}
    item: Object = {"id": f"l-{index + 1}", "list_position": index + 1, "quantity": random.choice((1, 1, 1, 2, 3))}
    if random.random() < 0.25:  # noqa: PLR2004 - a share
        item |= {"coupon": "LUMEN10", "discount": random.choice((2, 4.5, 10))}
    return item | {"product": product}


def _draw_custom_properties(random: Random) -> Object:
    """Draw what a shop adds of its own: nothing, flags, lists, or an object of a tag manager."""
    possible: Object = {
        "shop_number": random.randrange(400),
        "shop_city": random.choice(_CITIES),
        "ab_variants": [f"exp-{random.randrange(90)}:b" for _ in range(random.randint(1, 4))],
        "gift_wrap": random.random() < 0.5,  # noqa: PLR2004 - a share
        "stock_left": random.choice((None, 0, 3, 12)),
        "template": random.choice(("fiche-produit-v3", "liste-v2", "accueil-été")),
        "loading": {"dns": random.randrange(40), "ttfb": random.randrange(900), "render": random.randrange(4000) / 10},
    }
    chosen = random.sample(sorted(possible), random.choice((0, 0, 1, 1, 2, 3, 5)))
    return {name: possible[name] for name in chosen}


def _draw_user(random: Random) -> Object:
    user: Object = {"id": f"c-{random.randrange(10**6)}", "consistent_anonymous_id": _draw_uuid(random)}
    if random.random() < 0.35:  # noqa: PLR2004 - a share
        first, last = random.choice(_FIRST_NAMES), random.choice(_LAST_NAMES)
        user |= {"firstname": first, "lastname": last, "city": random.choice(_CITIES), "country": "FR"}
        email = f"c{random.randrange(10**6)}@example.org"
        user |= {"email": email, "email_sha256": hashlib.sha256(email.encode()).hexdigest()}
    user["consent_categories"] = sorted(random.sample(("1", "2", "3", "7", "13", "10001"), random.randint(1, 4)))
    return user


def _draw_page(random: Random) -> Object:
    path = random.choice(("", "lampes", "panier", "recherche?q=vase&page=2", "vases/souffl%C3%A9s", "merci"))
    return {
        "title": random.choice(_TITLES),
        "url": f"{_SITE}/{path}",
        "lang": random.choice(("fr", "fr", "de", "en")),
        "referrer": random.choice((f"{_SITE}/", "https://recherche.example/?q=lampe&utm_source=lettre%20juin")),
        "viewport": {"width": random.choice((390, 1280, 1920)), "height": random.choice((720, 844, 1080))},
    }


def _draw_browser(random: Random) -> Object:
    cookie = f"_basket={random.randrange(99)}; _seen=1; _cid={random.getrandbits(64):016x}"
    return {
        "user_agent": random.choice(_AGENTS),
        "ip": f"192.0.2.{random.randrange(256)}",
        "lang": random.choice(("fr-FR", "fr-CH", "de-DE")),
        "cookie": cookie,
        "screen": {"width": random.choice((390, 1920, 2560)), "height": random.choice((844, 1080, 1440))},
        "timezone": "Europe/Paris",
    }


def _draw_phone(random: Random, ms: int) -> Object:
    visits = random.randint(1, 90)
    age = random.randrange(10**6)
    return {
        "sdk_id": _draw_uuid(random),
        "user_agent": _AGENTS[3],
        "manufacturer": "Fairphone",
        "model": "FP5",
        "name": "fp5",
        "type": "android",
        "network": {"bluetooth": False, "carrier": "Lac Mobile", "cellular": True, "wifi": random.random() < 0.6},  # noqa: PLR2004
        "os": {"name": "android", "version": str(random.randint(10, 14))},
        "screen": {"width": 1224, "height": 2700, "density": 2.75},
        "timezone": "Europe/Paris",
        "lifecycle": {
            "session_id": _draw_uuid(random),
            "new_session": False,
            "session_duration": age,
            "current_session": ms - age,
            "visit_number": visits,
            "current_visit": ms - age,
            "session_number": visits,
            "first_visit": ms - age - visits * 86_400_000,
            "last_visit": ms - age - 86_400_000,
            "foreground_transitions": random.randint(1, 5),
            "foreground_time": age,
            "background_time": 0,
            "is_first_visit": visits == 1,
        },
    }


def _draw_app(random: Random) -> Object:
    version = f"4.{random.randrange(9)}.{random.randrange(9)}"
    return {
        "name": "Verrerie",
        "version": version,
        "build": version.replace(".", ""),
        "namespace": "example.verrerie.app",
        "core_version": "5.3.1",
        "serverside_version": "5.3.1",
    }
