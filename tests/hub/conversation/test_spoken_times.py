import pytest

from hub.conversation.sentences import SentenceSplitter
from hub.conversation.speakable import speakable

SAID = {
    "en": [
        ("It's 7:05am now.", "It's 7 oh 5 am now."),
        ("At 7:00 AM.", "At 7 AM."),
        ("At 3:30 PM on 12/25/2024.", "At 3:30 PM on December 25th, 2024."),
        ("Date 2024-12-25.", "Date December 25th, 2024."),
        ("Sunrise 07:58.", "Sunrise 7:58."),
        ("2^10 = 1024", "2 to the power of 10 equals 1024"),
        ("x = 2^3", "x equals 2 cubed"),
        ("10^-3", "10 to the power of minus 3"),
        ("$E = mc^2$", "E equals mc squared"),
        ("$5M in funding", "5 million dollars in funding"),
        ("¥500", "500 yen"),
        ("1h 30min, 90 s, 250 ms", "1 hour 30 minutes, 90 seconds, 250 milliseconds"),
        ("the 1990s", "the 1990s"),
        ("5A, 230V/50Hz", "5 amperes, 230 volts, 50 hertz"),
        ("2000mAh, 2.4 GHz", "2000 milliampere hours, 2.4 gigahertz"),
        ("1 ft, 5 ft, 180 lbs, 12 oz", "1 foot, 5 feet, 180 pounds, 12 ounces"),
        ("9.8 m/s²", "9.8 metres per second squared"),
        ("5 m3 at 21 C", "5 cubic metres at 21 degrees Celsius"),
    ],
    "fr": [
        ("À 20h.", "À 20 heures."),
        ("À 15h30.", "À 15 heures 30."),
        ("Il est 1h05.", "Il est 1 heure 5."),
        ("À 07:30.", "À 7 heures 30."),
        ("À 8h00.", "À 8 heures."),
        ("À 18 h 45 min.", "À 18 heures 45 minutes."),
        ("De 9h-17h.", "De 9 heures à 17 heures."),
        ("Ouvert 24h/24 et 7j/7.", "Ouvert 24 heures sur 24 et 7 jours sur 7."),
        ("Le 25/12/2024.", "Le 25 décembre 2024."),
        ("Le 01/01/2025.", "Le 1er janvier 2025."),
        ("n° 5, N°12", "numéro 5, numéro 12"),
        ("2,5 M€ et 10 k€", "2,5 millions d'euros et 10 mille euros"),
        ("3 €/h", "3 euros par heure"),
        ("L'humidité est de ~45 %.", "L'humidité est d'environ 45 pour cent."),
        ("2 c. à s. de beurre", "2 cuillères à soupe de beurre"),
        ("2^10", "2 puissance 10"),
        ("Env. 5 cl", "Env. 5 centilitres"),
    ],
    "de": [
        ("Am 25.12.2024.", "Am fünfundzwanzigsten Dezember 2024."),
        ("Um 7.30 Uhr.", "Um 7 Uhr 30."),
        ("Um 15:30 Uhr.", "Um 15 Uhr 30."),
        ("Um 1:00 Uhr.", "Um ein Uhr."),
        ("Es sind 1:30 min.", "Es sind 1:30 Minuten."),
        ("Verhältnis 16:10", "Verhältnis 16:10"),
        ("Am 1. Januar.", "Am ersten Januar."),
        ("das 3. Mal", "das dritte Mal"),
        ("In der 2. Woche.", "In der zweiten Woche."),
        ("Die 2. Woche.", "Die zweite Woche."),
        ("Vom 3. bis 5. Mai.", "Vom dritten bis fünften Mai."),
        ("2 Std. und 5 Min. warten", "2 Stunden und 5 Minuten warten"),
        ("1 Pck. Vanillezucker", "1 Päckchen Vanillezucker"),
        ("3 Mio. €", "3 Millionen Euro"),
        ("2,5 Mrd. Euro", "2,5 Milliarden Euro"),
        ("10 Tsd. Euro", "10 Tausend Euro"),
        ("10 : 2 = 5", "10 geteilt durch 2 gleich 5"),
        ("35 ct/kWh", "35 Cent pro Kilowattstunde"),
        ("10^-3", "10 hoch minus 3"),
    ],
    "es": [
        ("A las 15:30 h.", "A las 15 y 30."),
        ("Son las 7:05.", "Son las 7 y 5."),
        ("A las 10:00.", "A las 10."),
        ("El 25/12/2024.", "El 25 de diciembre de 2024."),
        ("El 1.º de enero", "El primero de enero"),
        ("la 2.ª planta", "la segunda planta"),
        ("el 3er piso", "el tercer piso"),
        ("n.º 5", "número 5"),
        ("En el s. XX.", "En el siglo XX."),
        ("2 cdas. de mantequilla", "2 cucharadas de mantequilla"),
        ("3 millones de €", "3 millones de euros"),
        ("2,5 M€", "2,5 millones de euros"),
        ("La humedad es del ~45 %.", "La humedad es de cerca de 45 por ciento."),
        ("De 9-17 h.", "De 9 a 17 horas."),
        ("1 h 30 min", "1 hora 30 minutos"),
        ("2^3", "2 al cubo"),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [(language, *case) for language, cases in SAID.items() for case in cases],
)
def test_what_is_written_short_is_said_in_full(language: str, text: str, said: str) -> None:
    assert speakable(text, language) == said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Ajoute 2 c. à s. de beurre."),
        ("fr", "Ajoute 1 c. à café de sel."),
        ("de", "Und ab dem 25.12. geht es los."),
        ("de", "Es kostet 10 Tsd. Euro."),
        ("de", "Dazu 1 Pck. Vanillezucker."),
        ("de", "Das war der II. Weltkrieg."),
        ("de", "Also ist 10 : 2 = 5."),
        ("es", "Pon 2 cdas. de mantequilla."),
        ("es", "Fue en el s. XX."),
    ],
)
def test_a_sentence_goes_on_after_what_is_short(language: str, text: str) -> None:
    splitter = SentenceSplitter(language)
    assert len(splitter.feed(text) + splitter.finish()) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "Attends 90 s. Puis ouvre."), ("es", "Espera 90 s. Abre la puerta.")],
)
def test_a_unit_may_end_a_sentence(language: str, text: str) -> None:
    splitter = SentenceSplitter(language)
    assert len(splitter.feed(text) + splitter.finish()) == 2
