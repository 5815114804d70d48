"""A home with every kind of device, named in the language that is spoken there. Data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LANGUAGES = ("en", "fr", "de", "es")


@dataclass(frozen=True, slots=True)
class Place:
    """A room or a floor and how it is called, in the order of LANGUAGES."""

    names: tuple[str, str, str, str]
    floor: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A device and how it is called, in the order of LANGUAGES."""

    key: str
    kind: str
    area: str | None
    names: tuple[str, str, str, str]
    on: bool = False
    """Whether it starts on, open, locked or playing."""


FLOORS: Mapping[str, Place] = {
    "ground": Place(("Ground Floor", "Rez-de-chaussée", "Erdgeschoss", "Planta baja")),
    "upper": Place(("Upper Floor", "Premier étage", "Obergeschoss", "Primera planta")),
}

AREAS: Mapping[str, Place] = {
    "kitchen": Place(("Kitchen", "Cuisine", "Küche", "Cocina"), "ground"),
    "living": Place(("Living Room", "Salon", "Wohnzimmer", "Salón"), "ground"),
    "hall": Place(("Hallway", "Couloir", "Flur", "Pasillo"), "ground"),
    "office": Place(("Office", "Bureau", "Büro", "Despacho"), "upper"),
    "bedroom": Place(("Bedroom", "Chambre", "Schlafzimmer", "Dormitorio"), "upper"),
}

THINGS: tuple[Thing, ...] = (
    Thing("ceiling", "light", "kitchen", ("Ceiling Light", "Plafonnier", "Deckenlampe", "Plafón"),
          on=True),
    Thing("counter", "light", "kitchen",
          ("Counter Spots", "Spots", "Arbeitslicht", "Focos")),
    Thing("standing", "light", "living",
          ("Standing Lamp", "Lampadaire", "Stehlampe", "Lámpara de pie"), on=True),
    Thing("chandelier", "light", "hall", ("Chandelier", "Lustre", "Kronleuchter", "Araña")),
    Thing("desk", "light", "office",
          ("Desk Lamp", "Lampe de bureau", "Schreibtischlampe", "Flexo"), on=True),
    Thing("reading_office", "light", "office",
          ("Reading Lamp", "Liseuse", "Leselampe", "Lámpara de lectura")),
    Thing("reading_bedroom", "light", "bedroom",
          ("Reading Lamp", "Liseuse", "Leselampe", "Lámpara de lectura"), on=True),
    Thing("kettle", "switch", "kitchen", ("Kettle", "Bouilloire", "Wasserkocher", "Hervidor"),
          on=True),
    Thing("printer", "switch", "office", ("Printer", "Imprimante", "Drucker", "Impresora")),
    Thing("aquarium", "switch", "living", ("Aquarium", "Aquarium", "Aquarium", "Acuario"),
          on=True),
    Thing("hood", "fan", "kitchen", ("Cooker Hood", "Hotte", "Dunstabzug", "Campana")),
    Thing("ceiling_fan", "fan", "living",
          ("Ceiling Fan", "Brasseur d'air", "Deckenventilator", "Ventilador de techo"), on=True),
    Thing("desk_fan", "fan", "office",
          ("Desk Fan", "Petit ventilateur", "Tischventilator", "Ventilador de mesa")),
    Thing("awning", "cover awning", "living", ("Awning", "Auvent", "Markise", "Toldo")),
    Thing("blind", "cover blind", "office",
          ("Roman Blind", "Store nord", "Jalousie Nord", "Persiana norte"), on=True),
    Thing("blind_kitchen", "cover blind", "kitchen",
          ("Kitchen Blind", "Store sud", "Jalousie Süd", "Persiana sur")),
    Thing("curtain", "cover curtain", "bedroom",
          ("Velvet Curtain", "Rideau bleu", "Samtvorhang", "Cortina azul"), on=True),
    Thing("sliding", "cover door", "living",
          ("Sliding Door", "Porte coulissante", "Schiebetür", "Puerta corredera")),
    Thing("garage", "cover garage", "hall",
          ("Garage Door", "Porte de garage", "Garagentor", "Puerta del garaje"), on=True),
    Thing("gate", "cover gate", "hall", ("Garden Gate", "Portail", "Gartentor", "Verja")),
    Thing("shade", "cover shade", "bedroom",
          ("Roller Shade", "Pare-soleil", "Sonnenschirm", "Estor blanco")),
    Thing("shutter", "cover shutter", "bedroom",
          ("Left Shutter", "Volet gauche", "Rollladen links", "Contraventana"), on=True),
    Thing("window", "cover window", "kitchen",
          ("Left Window", "Fenêtre gauche", "Linkes Fenster", "Ventana izquierda")),
    Thing("skylight", "cover window", "office", ("Skylight", "Lucarne", "Dachluke", "Claraboya"),
          on=True),
    Thing("front", "lock", "hall",
          ("Front Door", "Porte d'entrée", "Haustür", "Puerta principal"), on=True),
    Thing("terrace", "lock", "kitchen",
          ("Terrace Door", "Porte de terrasse", "Terrassentür", "Puerta de la terraza")),
    Thing("cellar", "lock", "bedroom",
          ("Balcony Door", "Porte du balcon", "Balkontür", "Puerta del balcón"), on=True),
    Thing("water", "valve", "kitchen",
          ("Water Valve", "Vanne d'eau", "Wasserventil", "Válvula de agua"), on=True),
    Thing("sprinkler", "valve", "office",
          ("Sprinkler", "Arrosage", "Sprenger", "Aspersor")),
    Thing("heater_kitchen", "climate", "kitchen",
          ("Radiator", "Radiateur", "Heizkörper", "Radiador"), on=True),
    Thing("heater_living", "climate", "living",
          ("Fireplace", "Poêle", "Kamin", "Chimenea"), on=True),
    Thing("heater_office", "climate", "office",
          ("Air Conditioner", "Climatiseur", "Klimaanlage", "Aire acondicionado"), on=True),
    Thing("radio", "player", "kitchen", ("Radio", "Radio", "Radio", "Radio"), on=True),
    Thing("tv", "player", "living", ("TV", "Télé", "Fernseher", "Tele"), on=True),
    Thing("speaker", "player", "bedroom", ("Speaker", "Enceinte", "Lautsprecher", "Altavoz"),
          on=True),
    Thing("robot", "vacuum", "living", ("Robbie", "Robbie", "Robbie", "Robbie")),
    Thing("dusty", "vacuum", "office", ("Dusty", "Dusty", "Dusty", "Dusty")),
    Thing("mower", "mower", None, ("Shaun", "Shaun", "Shaun", "Shaun")),
    Thing("movie", "scene", "living",
          ("Movie Night", "Soirée ciné", "Filmabend", "Noche de cine")),
    Thing("sunrise", "scene", "bedroom", ("Sunrise", "Lever du soleil", "Morgenrot", "Amanecer")),
    Thing("party", "script", None, ("Party Time", "Grande fête", "Partyzeit", "Hora de fiesta")),
    Thing("doorbell", "button", "hall", ("Doorbell", "Sonnette", "Türklingel", "Timbre")),
    Thing("porch", "weather", None, ("Hamburg", "Lyon", "Hamburg", "Sevilla")),
    Thing("outside", "temperature", None,
          ("Outside Temperature", "Température extérieure", "Außentemperatur",
           "Temperatura exterior")),
    Thing("damp", "humidity", "bedroom",
          ("Humidity Sensor", "Capteur d'humidité", "Feuchtesensor", "Sensor de humedad")),
    Thing("contact", "contact", "kitchen",
          ("Pantry Door", "Garde-manger", "Speisekammer", "Despensa"), on=True),
    Thing("contact2", "contact", "office",
          ("Mailbox", "Boîte aux lettres", "Briefkasten", "Buzón")),
    Thing("presence", "occupancy", "living", ("Sofa", "Canapé", "Sofa", "Sofá"), on=True),
    Thing("presence2", "occupancy", "bedroom", ("Bed", "Lit", "Bett", "Cama")),
    Thing("packing", "todo", None, ("Packing", "Valise", "Baumarkt", "Equipaje")),
    Thing("chores", "todo", None, ("Chores", "Corvées", "Haushalt", "Tareas")),
)  # fmt: skip

WILDCARDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "message": ("dinner is ready", "the film begins"),
        "search_query": ("Bohemian Rhapsody", "Miles Davis", "Abbey Road"),
        "timer_name": ("pizza", "laundry", "homework"),
        "timer_command": ("open the garden gate", "lock the front door"),
        "shopping_list_item": ("milk", "apples", "olive oil"),
        "todo_list_item": ("call grandma", "tomatoes"),
        "zone": ("school",),
    },
    "fr": {
        "message": ("le dîner est prêt", "le film commence"),
        "search_query": ("Bohemian Rhapsody", "Miles Davis", "Abbey Road"),
        "timer_name": ("pizza", "lessive", "devoirs"),
        "timer_command": ("ouvre le portail", "verrouille la porte d'entrée"),
        "shopping_list_item": ("lait", "pommes", "huile d'olive"),
        "todo_list_item": ("appeler mamie", "tomates"),
        "zone": ("école",),
    },
    "de": {
        "message": ("das Essen ist fertig", "der Film beginnt"),
        "search_query": ("Bohemian Rhapsody", "Miles Davis", "Abbey Road"),
        "timer_name": ("Pizza", "Wäsche", "Hausaufgaben"),
        "timer_command": ("öffne das Gartentor", "schließe die Haustür ab"),
        "shopping_list_item": ("Milch", "Äpfel", "Olivenöl"),
        "todo_list_item": ("Oma anrufen", "Tomaten"),
        "zone": ("Schule",),
    },
    "es": {
        "message": ("la cena está lista", "empieza la película"),
        "search_query": ("Bohemian Rhapsody", "Miles Davis", "Abbey Road"),
        "timer_name": ("pizza", "colada", "deberes"),
        "timer_command": ("abre la verja", "cierra la puerta principal"),
        "shopping_list_item": ("leche", "manzanas", "aceite de oliva"),
        "todo_list_item": ("llamar a la abuela", "tomates"),
        "zone": ("colegio",),
    },
}
"""What is said where a template takes anything, by language and list."""


def name_of(names: Sequence[str], language: str) -> str:
    """Return the name in a language."""
    return names[LANGUAGES.index(language)]
