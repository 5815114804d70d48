"""Says signs, units, amounts of money and addresses in words; numbers themselves stay digits.

A synthesizer reads numbers well, and signs badly or not at all.
"""

import re
from dataclasses import dataclass

from hub.conversation.spoken_times import say_clocks, say_times

_SIGNS = {
    "and": ("and", "et", "und", "y"),
    "to": ("to", "à", "bis", "a"),
    "about": ("about", "environ", "etwa", "cerca de"),
    "minus": ("minus", "moins", "minus", "menos"),
    "plus": ("plus", "plus", "plus", "más"),
    "times": ("times", "fois", "mal", "por"),
    "divided": ("divided by", "divisé par", "geteilt durch", "entre"),
    "equals": ("equals", "égale", "gleich", "es igual a"),
    "less": ("less than", "plus petit que", "kleiner als", "menor que"),
    "greater": ("greater than", "plus grand que", "größer als", "mayor que"),
    "per": ("per", "par", "pro", "por"),
    "dot": ("dot", "point", "Punkt", "punto"),
    "at": ("at", "arobase", "at", "arroba"),
    "power": ("to the power of", "puissance", "hoch", "elevado a"),
    "squared": ("squared", "au carré", "hoch 2", "al cuadrado"),
    "cubed": ("cubed", "au cube", "hoch 3", "al cubo"),
    "thousand": ("thousand", "mille", "Tausend", "mil"),
    "million": ("million", "million[s]", "Million[en]", "mill[ón/ones]"),
    "billion": ("billion", "milliard[s]", "Milliarde[n]", "mil millones"),
    "number": ("number", "numéro", "Nummer", "número"),
}
"""In English, French, German and Spanish, as in all tables here."""

_LANGUAGES = ("en", "fr", "de", "es")

_UNITS = {
    "°C": "degree[s] Celsius|degré[s] Celsius|Grad Celsius|grado[s] Celsius",
    "℃": "degree[s] Celsius|degré[s] Celsius|Grad Celsius|grado[s] Celsius",
    "°F": "degree[s] Fahrenheit|degré[s] Fahrenheit|Grad Fahrenheit|grado[s] Fahrenheit",
    "℉": "degree[s] Fahrenheit|degré[s] Fahrenheit|Grad Fahrenheit|grado[s] Fahrenheit",
    "°": "degree[s]|degré[s]|Grad|grado[s]",
    "%": "percent|pour cent|Prozent|por ciento",
    "km/h": "kilometre[s] per hour|kilomètre[s] par heure|Kilometer pro Stunde"
    "|kilómetro[s] por hora",
    "m/s": "metre[s] per second|mètre[s] par seconde|Meter pro Sekunde|metro[s] por segundo",
    "mph": "mile[s] per hour|mile[s] par heure|Meilen pro Stunde|milla[s] por hora",
    "kWh": "kilowatt hour[s]|kilowattheure[s]|Kilowattstunde[n]|kilovatio[s] hora",
    "Wh": "watt hour[s]|wattheure[s]|Wattstunde[n]|vatio[s] hora",
    "MW": "megawatt[s]|mégawatt[s]|Megawatt|megavatio[s]",
    "kW": "kilowatt[s]|kilowatt[s]|Kilowatt|kilovatio[s]",
    "W": "watt[s]|watt[s]|Watt|vatio[s]",
    "V": "volt[s]|volt[s]|Volt|voltio[s]",
    "km": "kilometre[s]|kilomètre[s]|Kilometer|kilómetro[s]",
    "m": "metre[s]|mètre[s]|Meter|metro[s]",
    "cm": "centimetre[s]|centimètre[s]|Zentimeter|centímetro[s]",
    "mm": "millimetre[s]|millimètre[s]|Millimeter|milímetro[s]",
    "m²": "square metre[s]|mètre[s] carré[s]|Quadratmeter|metro[s] cuadrado[s]",
    "m³": "cubic metre[s]|mètre[s] cube[s]|Kubikmeter|metro[s] cúbico[s]",
    "µg/m³": "microgram[s] per cubic metre|microgramme[s] par mètre cube"
    "|Mikrogramm pro Kubikmeter|microgramo[s] por metro cúbico",
    "min": "minute[s]|minute[s]|Minute[n]|minuto[s]",
    "kg": "kilogram[s]|kilogramme[s]|Kilogramm|kilogramo[s]",
    "g": "gram[s]|gramme[s]|Gramm|gramo[s]",
    "mg": "milligram[s]|milligramme[s]|Milligramm|miligramo[s]",
    "ml": "millilitre[s]|millilitre[s]|Milliliter|mililitro[s]",
    "l": "litre[s]|litre[s]|Liter|litro[s]",
    "L": "litre[s]|litre[s]|Liter|litro[s]",
    "dB": "decibel[s]|décibel[s]|Dezibel|decibelio[s]",
    "hPa": "hectopascal[s]|hectopascal[s]|Hektopascal|hectopascal[es]",
    "lx": "lux|lux|Lux|lux",
    "h": "hour[s]|heure[s]|Stunde[n]|hora[s]",
    "hr": "hour[s]|heure[s]|Stunde[n]|hora[s]",
    "hrs": "hour[s]|heure[s]|Stunde[n]|hora[s]",
    "Std": "hour[s]|heure[s]|Stunde[n]|hora[s]",
    "mins": "minute[s]|minute[s]|Minute[n]|minuto[s]",
    "Min": "minute[s]|minute[s]|Minute[n]|minuto[s]",
    "s": "second[s]|seconde[s]|Sekunde[n]|segundo[s]",
    "ms": "millisecond[s]|milliseconde[s]|Millisekunde[n]|milisegundo[s]",
    "A": "ampere[s]|ampère[s]|Ampere|amperio[s]",
    "mAh": "milliampere hour[s]|milliampère[s] heure|Milliamperestunde[n]|miliamperio[s] hora",
    "Hz": "hertz|hertz|Hertz|hercio[s]",
    "kHz": "kilohertz|kilohertz|Kilohertz|kilohercio[s]",
    "MHz": "megahertz|mégahertz|Megahertz|megahercio[s]",
    "GHz": "gigahertz|gigahertz|Gigahertz|gigahercio[s]",
    "C": "degree[s] Celsius|degré[s] Celsius|Grad Celsius|grado[s] Celsius",
    "F": "degree[s] Fahrenheit|degré[s] Fahrenheit|Grad Fahrenheit|grado[s] Fahrenheit",
    "ft": "f[oot/eet]|pied[s]|Fuß|pie[s]",
    "lb": "pound[s]|livre[s]|Pfund|libra[s]",
    "lbs": "pound[s]|livre[s]|Pfund|libra[s]",
    "oz": "ounce[s]|once[s]|Unze[n]|onza[s]",
    "cl": "centilitre[s]|centilitre[s]|Zentiliter|centilitro[s]",
    "dl": "decilitre[s]|décilitre[s]|Deziliter|decilitro[s]",
    "ct": "cent[s]|centime[s]|Cent|céntimo[s]",
    "m2": "square metre[s]|mètre[s] carré[s]|Quadratmeter|metro[s] cuadrado[s]",
    "m3": "cubic metre[s]|mètre[s] cube[s]|Kubikmeter|metro[s] cúbico[s]",
    "m/s²": "metre[s] per second squared|mètre[s] par seconde carrée"
    "|Meter pro Sekunde zum Quadrat|metro[s] por segundo al cuadrado",
    "tbsp": "tablespoon[s]|cuillère[s] à soupe|Esslöffel|cucharada[s]",
    "tsp": "teaspoon[s]|cuillère[s] à café|Teelöffel|cucharadita[s]",
    "c. à s.": "tablespoon[s]|cuillère[s] à soupe|Esslöffel|cucharada[s]",
    "c. à c.": "teaspoon[s]|cuillère[s] à café|Teelöffel|cucharadita[s]",
    "c. à": "spoon[s]|cuillère[s] à|Löffel|cuchara[s]",
    "EL": "tablespoon[s]|cuillère[s] à soupe|Esslöffel|cucharada[s]",
    "TL": "teaspoon[s]|cuillère[s] à café|Teelöffel|cucharadita[s]",
    "Pck": "packet[s]|sachet[s]|Päckchen|sobre[s]",
    "cda": "tablespoon[s]|cuillère[s] à soupe|Esslöffel|cucharada[s]",
    "cdas": "tablespoon[s]|cuillère[s] à soupe|Esslöffel|cucharada[s]",
    "cdta": "teaspoon[s]|cuillère[s] à café|Teelöffel|cucharadita[s]",
    "cdtas": "teaspoon[s]|cuillère[s] à café|Teelöffel|cucharadita[s]",
    "GB": "gigabyte[s]|gigaoctet[s]|Gigabyte|gigabyte[s]",
    "MB": "megabyte[s]|mégaoctet[s]|Megabyte|megabyte[s]",
}

_MONEY = {
    "$": "dollar[s]|dollar[s]|Dollar|dólar[es]",
    "€": "euro[s]|euro[s]|Euro|euro[s]",
    "£": "pound[s]|livre[s]|Pfund|libra[s]",
    "¥": "yen|yen[s]|Yen|yen[es]",
}

_CENTS = {
    "$": "cent[s]|cent[s]|Cent|centavo[s]",
    "€": "cent[s]|centime[s]|Cent|céntimo[s]",
    "£": "pence|pence|Pence|penique[s]",
    "¥": "sen|sen|Sen|sen",
}

_SHORT_SCALES = {
    **dict.fromkeys(("k", "K", "Tsd"), "thousand"),
    **dict.fromkeys(("M", "m", "Mio"), "million"),
    **dict.fromkeys(("B", "bn", "Md", "Mrd"), "billion"),
}
_THOUSANDS = ("thousand", "mille", "Tausend", "mil")
_SCALED_FIRST = re.compile(r"(?P<number>[$€£¥]\s?\d+(?:[.,]\d+)?)(?P<scale>k|K|M|m|bn|B)\b")
_SCALED_LAST = re.compile(
    r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)?)\s?(?:(?P<scale>Mio|Mrd|Tsd)\b\.?(?=\s?[\w$€£¥])"
    r"|(?P<letter>k|M|Md|bn)(?=\s?[$€£¥]))"
)
_FORMULA = re.compile(r"\$(?![\d\s])([^$\n]*[=^\\][^$\n]*)(?<!\s)\$(?!\d)")
_POWER = re.compile(
    r"(?<=[\w)])\^[{(]?(?P<up>[-−]?\w+)[})]?|(?<=\d)(?P<small>[²³])|(?<=\b[xyzabcnr])(?P<letter>[²³])"
)
_SMALL = {"²": "squared", "³": "cubed", "2": "squared", "3": "cubed"}
_SLASH = re.compile(r"(?<=[^\W\d_])\s?/\s?(?=\d)")

_SHORT = {
    "en": (),
    "fr": (
        (r"\b[nN]°\s?(?=\d)", "numéro "),
        (r"\benv\.(?=\s)", "environ"),
        (r"\bc\.-à-d\.", "c'est-à-dire"),
        (r"(\d) ?h/(?=\d)", r"\1 heures sur "),
        (r"(\d) ?j/(?=\d)", r"\1 jours sur "),
        (r"(?<!\d)(\d{1,2}) ?h ?[-–] ?(?=\d{1,2} ?h)", r"\1 h à "),
    ),
    "de": ((r"(?<=\d) : (?=\d)", " ÷ "),),
    "es": (
        (r"\b[nN]\.?º\s?(?=\d)", "número "),
        (r"\bs\. (?=[IVX]+\b)", "siglo "),
    ),
}
"""What is written short, and what is said for it."""

_JOINTS = {
    "en": (),
    "fr": ((r"\bde\s+environ\b", "d'environ"),),
    "de": (),
    "es": ((r"\b(de|a)l\s+cerca de\b", r"\1 cerca de"),),
}
"""Where words put in do not fit what stands before them."""

_GROUPED = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+"
_AMOUNT = rf"(?P<whole>{_GROUPED})(?:[.,](?P<part>\d{{1,3}}))?(?![\d.,]*\d)"
_SCALE = (
    r"(?:(?P<scale>\s(?:million|milliard|billion|trillion|Million|Milliarde|mill|thousand|Tausend"
    r"|mil\b)\w*)(?:\sde(?=\s?[$€£¥]))?)?"
)
_PER = r"(?:\s?/\s?(?P<per>[^\W\d_]+[²³]?))?"
_MONEY_FIRST = re.compile(rf"(?P<sign>[$€£¥])\s?{_AMOUNT}(?![^\W\d_]){_SCALE}{_PER}")
_MONEY_LAST = re.compile(rf"(?<![\w.,]){_AMOUNT}{_SCALE}\s?(?P<sign>[$€£¥]){_PER}")
_UNIT = re.compile(
    rf"(?<!\d)(?P<number>\d+(?:[.,]\d+)*)(?P<blank>\s?)"
    rf"(?P<unit>{'|'.join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))})"
    r"(?:/(?P<per>[^\W\d_]+[²³]?))?(?![\w²³'’]|/(?!\d))(?:\.(?=,|\s[a-zß-ÿ])|(?<=Pck)\.)?"
)
_KELVIN = re.compile(r"(\d{4}) K\b")
_NUMBER = r"\d+(?:[.,:]\d+)*"
_BEFORE_RANGE = r"(?<![\w.,:/#+\-–])"
_RANGE = re.compile(
    rf"{_BEFORE_RANGE}({_NUMBER}) ?((?:°[CF]?|%|[$€£])?)(-|–| - | – )([$€£]?{_NUMBER})"
    r"(?![\w:\-–/]*[\d–-])(?!\s*=)"
)
_PHONE = re.compile(r"\d{3}-\d{4}")
_OPERATORS = (
    (re.compile(r"(?<=\d) ?[×*✕] ?(?=\d)|(?<=\d)x(?=\d)|(?<=\d) x (?=\d)"), "times"),
    (re.compile(r"(?<=\d) ?÷ ?(?=\d)|(?<=\d) / (?=\d)"), "divided"),
    (re.compile(r"(?<=\d) ?\+ ?(?=\d)"), "plus"),
    (re.compile(r"(?<=\d) [-−–] (?=\d)|(?<=\d)−(?=\d)"), "minus"),
    (re.compile(r"(?<=\d) ?= ?(?=[\d−-])|(?<=\S) = (?=\S)"), "equals"),
    (re.compile(r"(?<=\w) < (?=\w)"), "less"),
    (re.compile(r"(?<=\w) > (?=\w)"), "greater"),
    (re.compile(r"(?<![\w~])[~≈] ?(?=[$€£]?\d)"), "about"),
    (re.compile(r"(?<![^\s(])[-−](?=\d)"), "minus"),
    (re.compile(r"(?<!\w)#(?=\d)"), "number"),
    (re.compile(r"(?<=\w) ?& ?(?=\w)|(?<=\s)&(?=\s)"), "and"),
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`*|()\[\]{}]+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])(?:mailto:)?([\w.+-]{1,64})@([\w-]+(?:\.[\w-]+)+)")
_HOST = re.compile(
    r"(?<![\w.@/-])((?:[a-z0-9-]{1,63}\.){1,8}"
    r"(?:com|org|net|io|de|fr|es|uk|eu|info|local|dev|app|gov|edu|ch|nl))(?![\w-])(?:/[^\s|)\]*`]*)?"
)
_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)")
_URL_END = ".,;:!?…"


@dataclass(frozen=True, slots=True)
class SpokenSigns:
    """Says the signs of one language: "en", "fr", "de" or "es"."""

    language: str

    def say_addresses(self, text: str) -> str:
        """Say URLs as their host, e-mail and IP addresses in full."""
        text = _EMAIL.sub(lambda found: f"{found[1]} {self._sign('at')} {found[2]}", text)
        text = _URL.sub(self._say_url, text)
        text = _HOST.sub(lambda found: self._say_dots(found[1]) + _tail(found[0]), text)
        return _IP.sub(lambda found: self._say_dots(found[0]), text)

    def say_signs(self, text: str) -> str:
        """Say units, money and the signs of arithmetic."""
        for short, said in _SHORT[self.language]:
            text = re.sub(short, said, text)
        text = say_times(_FORMULA.sub(r"\1", text), self.language)
        text = _POWER.sub(self._say_power, text)
        text = _SCALED_LAST.sub(self._say_scale, _SCALED_FIRST.sub(self._say_scale, text))
        text = _RANGE.sub(self._say_range, text)
        text = say_clocks(text, self.language)
        for pattern, sign in _OPERATORS:
            text = pattern.sub(f" {self._sign(sign)} ", text)
        text = _MONEY_LAST.sub(self._say_money, text)
        text = _MONEY_FIRST.sub(self._say_money, text)
        text = _UNIT.sub(self._say_unit, text)
        text = _SLASH.sub(", ", _KELVIN.sub(r"\1 kelvin", text))
        for joint, said in _JOINTS[self.language]:
            text = re.sub(joint, said, text)
        return text

    def _sign(self, name: str) -> str:
        return _SIGNS[name][_LANGUAGES.index(self.language)]

    def _say_dots(self, host: str) -> str:
        return host.replace(".", f" {self._sign('dot')} ")

    def _say_url(self, found: re.Match[str]) -> str:
        url = found[0].rstrip(_URL_END)
        host = re.sub(r"^https?://", "", url, flags=re.IGNORECASE)
        host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2]
        host = re.sub(r"^www\.|:\d+$", "", host, flags=re.IGNORECASE)
        return self._say_dots(host) + found[0][len(url) :]

    def _say_range(self, found: re.Match[str]) -> str:
        first, unit, dash, last = found.groups()
        rising = _value(first) < _value(last.lstrip("$€£"))
        if _PHONE.fullmatch(found[0]) or (dash == " - " and not rising):
            return found[0]
        return f"{first}{unit} {self._sign('to')} {last}"

    def _say_power(self, found: re.Match[str]) -> str:
        up = found["up"] or found["small"] or found["letter"]
        if up in _SMALL:
            return f" {self._sign(_SMALL[up])}"
        minus = f"{self._sign('minus')} " if up[0] in "-−" else ""
        return f" {self._sign('power')} {minus}{up.lstrip('-−')}"

    def _say_scale(self, found: re.Match[str]) -> str:
        scale = _SHORT_SCALES[found["scale"] or found["letter"]]
        number = found["number"]
        name = self._name(self._sign(scale), number.lstrip("$€£¥ "))
        touching = found.string[found.end() : found.end() + 1] in tuple("$€£¥")
        return f"{number} {name} " if touching else f"{number} {name}"

    def _say_unit(self, found: re.Match[str]) -> str:
        if found["unit"] == "s" and not found["blank"]:  # "the 1990s"
            return found[0]
        said = f"{found['number']} {self._name(_UNITS[found['unit']], found['number'])}"
        per = found["per"]
        return (
            f"{said} {self._sign('per')} {self._name(_UNITS.get(per, per), '1')}" if per else said
        )

    def _say_money(self, found: re.Match[str]) -> str:
        amount = self._say_amount(found["sign"], found["whole"], found["part"], found["scale"])
        per = found["per"]
        if not per:
            return amount
        return f"{amount} {self._sign('per')} {self._name(_UNITS.get(per, per), '1')}"

    def _say_amount(self, sign: str, whole: str, part: str | None, scale: str | None) -> str:
        if scale:
            of = (
                ""
                if scale.strip() in _THOUSANDS
                else {"fr": "d'" if sign == "€" else "de ", "es": "de "}.get(self.language, "")
            )
            number = f"{whole}{self._fraction(part)}{scale}"
            return f"{number} {of}{self._name(_MONEY[sign], '2')}"
        if part is None or not part.strip("0"):
            return f"{whole} {self._name(_MONEY[sign], whole)}"
        if len(part) != 2:
            number = whole + self._fraction(part)
            return f"{number} {self._name(_MONEY[sign], number)}"
        if not whole.strip("0"):
            cents = part.lstrip("0")
            return f"{cents} {self._name(_CENTS[sign], cents)}"
        joint = " con " if self.language == "es" else " "
        return f"{whole} {self._name(_MONEY[sign], whole)}{joint}{part.lstrip('0')}"

    def _fraction(self, part: str | None) -> str:
        if part is None:
            return ""
        return f".{part}" if self.language == "en" else f",{part}"

    def _name(self, names: str, number: str) -> str:
        """Return the unit's name, singular or plural as `number` asks."""
        name = names.split("|")[_LANGUAGES.index(self.language)] if "|" in names else names
        one = number == "1"
        if self.language == "fr":  # the plural starts at two
            one = re.fullmatch(r"[01](?:[.,]\d+)?", number) is not None
        return re.sub(r"\[(?:(\w+)/)?(\w+)\]", r"\1" if one else r"\2", name)


def _tail(address: str) -> str:
    return address[len(address.rstrip(_URL_END)) :]


def _value(number: str) -> float:
    return float(re.sub(r"[.,:](?=.*[.,:])", "", number).replace(",", ".").replace(":", "."))
