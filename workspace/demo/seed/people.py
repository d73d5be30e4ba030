"""Who buys in the demo shop. Invented people; addresses under .example reach nobody."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

MARKETS = {"FI": "Posti", "SE": "PostNord", "DE": "DHL"}
"""Each market and the carrier that serves it."""
NAMES = {
    "FI": ("Aino Eero Helmi Ilmari Kaisa Lauri Marja Niko Outi Petri Riikka Sami Tuuli Veikko Linh Amina",
           "Aalto Hakala Heikkinen Järvinen Karjalainen Laine Mäkelä Niemi Rantanen Salonen Virtanen Nguyen Hussein"),
    "SE": ("Alva Björn Ebba Fredrik Gunilla Hampus Ingrid Jonas Karin Lovisa Mikael Nils Saga Tove Yusuf Farah",
           "Andersson Bergström Dahl Ekman Forsberg Gustafsson Håkansson Lindgren Nyström Öberg Sjögren Kaya Rahimi"),
    "DE": ("Anke Bastian Cem Dörte Emil Friederike Greta Henrik Ilse Jürgen Katja Lukas Mareike Zoë Tomasz Oksana",
           "Bauer Becker Demir Engel Fischer Groß Hoffmann Krüger Lehmann Müller Schäfer Weiß Yılmaz Kowalski"),
}  # fmt: skip
HOSTS = ("post.example", "mail.example", "brev.example", "kirje.example")


@dataclass(frozen=True)
class Person:
    """One customer of the shop. ``card`` is brand and last four digits."""

    id: str
    name: str
    email: str
    market: str
    card: tuple[str, str] = ("Visa", "4242")

    @property
    def first(self) -> str:
        return self.name.split(" ", 1)[0]


CAST = {
    "paid": ("Maya Lindqvist", "maya@post.example", "FI"),
    "which_one": ("Owen Baptiste", "owen.baptiste@mail.example", "FI"),
    "sources_disagree": ("Kofi Mensah", "kofi.mensah@mail.example", "DE"),
    "refunded_twice": ("Ines Carvalho", "ines+shop@mail.example", "DE"),
    "disputed": ("Sofia Marino", "sofia.marino@post.example", "DE"),
    "refund_failed": ("Lars Holm", "lars.holm@brev.example", "SE"),
    "paid_window_over": ("Priya Nair", "priya.nair@mail.example", "FI"),
    "submitted": ("Tomás Herrera", "tomas.herrera@post.example", "SE"),
    "approved_overdue": ("Anneli Koskinen", "anneli.koskinen@kirje.example", "FI"),
    "approved": ("Jonas Weber", "jonas.weber@post.example", "DE"),
    "inspection_failed": ("Chiara Rossi", "chiara.rossi@mail.example", "DE"),
    "inspection_overdue": ("Mehmet Aydın", "mehmet.aydin@post.example", "DE"),
    "inspection_due": ("Elsa Nyberg", "elsa.nyberg@brev.example", "SE"),
    "credit_note_only": ("Pádraig O'Brien", "padraig.obrien@mail.example", "FI"),
    "cancelled_refund_overdue": ("Yuki Tanaka", "yuki.tanaka@post.example", "FI"),
    "cancelled_refunded": ("Hanna Schulz", "hanna.schulz@post.example", "DE"),
    "in_transit": ("Amélie Laurent", "amelie.laurent@mail.example", "SE"),
    "announced": ("Juho Salmi", "juho.salmi@kirje.example", "FI"),
    "early_refund_due": ("Noor de Vries", "noor.devries@mail.example", "DE"),
    "early_refund_not_allowed": ("Łukasz Zieliński", "lukasz.zielinski@post.example", "DE"),
    "outside_window": ("Grace Okonkwo", "grace.okonkwo@mail.example", "SE"),
    "partial_refund": ("Signe Aaltonen", "signe.aaltonen@kirje.example", "FI"),
    "gift_card": ("Daniel Cohen", "daniel.cohen@post.example", "SE"),
    "day_only": ("Marta Horváth", "marta.horvath@mail.example", "DE"),
    "time_unknown": ("Ravi Perera", "ravi.perera@mail.example", "SE"),
}
"""The people of the named cases: name, address, market."""


def cast(rng: random.Random) -> dict[str, Person]:
    found = {}
    for n, (situation, (name, email, market)) in enumerate(CAST.items()):
        last4 = "4417" if situation == "paid" else f"{rng.randrange(10000):04d}"
        card = ("Visa" if n % 3 == 0 else "Mastercard", last4)
        found[situation] = Person(f"C-{20417 + 31 * n}", name, email, market, card)
    return found


def crowd(rng: random.Random, count: int) -> list[Person]:
    """Everybody else: ``count`` people over the three markets, each with an address of their own."""
    found: dict[str, Person] = {}
    while len(found) < count:
        market = rng.choice(tuple(NAMES))
        name = " ".join(rng.choice(part.split()) for part in NAMES[market])
        email = f"{_plain(name)}@{rng.choice(HOSTS)}"
        last4, brand = f"{rng.randrange(10000):04d}", rng.choice(("Visa", "Mastercard"))
        found.setdefault(email, Person(f"C-{30000 + 7 * len(found)}", name, email, market, (brand, last4)))
    return list(found.values())


def _plain(name: str) -> str:
    letters = name.lower().replace("ß", "ss").replace("ı", "i").replace(" ", ".")
    return unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
