"""Words of German, Spanish, Finnish, French, Italian, Dutch, Portuguese and Swedish that people write from habit where the
process language has English ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping


def _words(several: str) -> list[str]:
    return several.split()


def _table(**words: str) -> Mapping[str, str]:
    return {word: meant for meant, several in words.items() for word in _words(several)}


SWITCHES = _table(
    true="si ja oui sim kylla verdadero cierto wahr richtig vrai vero verdadeiro tosi totta waar sant",
    false="nein non nao ei falso falsch faux epatosi onwaar falskt nej nee",
)
"""Yes and no, by the truth that they stand for."""
JOINTS = {**dict.fromkeys(_words("y e und et ja och"), "and"), **dict.fromkeys(_words("o u oder ou tai eller"), "or")}
"""What joins two conditions, or two names."""
CLOCK = _table(
    today="hoy heute aujourdhui tanaan idag oggi hoje vandaag",
    now="ahora jetzt maintenant nyt agora adesso nu",
)
"""What expressions call the present day and moment."""
OTHERWISE = frozenset(_words("otherwise default sino sonst sinon autrement muuten annars altrimenti senao anders"))
"""What stands for "when no other way is open"."""
UNITS = _table(
    minutes="minuto minutos minuten minuutti minuuttia minuti minuut minuten minuter",
    hours="hora horas stunde stunden heure heures tunti tuntia ora ore uur timme timmar",
    days="dia dias tag tage tagen jour jours paiva paivaa giorno giorni dag dagen dagar",
    weeks="semana semanas woche wochen semaine semaines viikko viikkoa settimana settimane week weken vecka veckor",
    months="mes meses monat monate monaten mois kuukausi kuukautta mese mesi mez maand maanden manad manader",
    years="ano anos jahr jahre jahren annee annees ans vuosi vuotta anno anni jaar jaren ar",
)
"""Units of time."""
WORKING = frozenset(
    _words("habiles habil laborables laborable uteis util lavorativi lavorativo ouvres ouvre ouvrables ouvrable")
)
"""What follows a unit that is counted in working time."""
WORKING_DAYS = frozenset(
    _words(
        "arbeitstag arbeitstage arbeitstagen werktag werktage werktagen arkipaiva arkipaivaa tyopaiva tyopaivaa "
        "arbetsdag arbetsdagar vardagar werkdag werkdagen"
    )
)
"""Working days in one word."""
PERIODS = _table(
    week="semana semanal woche semaine viikko settimana vecka",
    month="mes mensual monat mois kuukausi mese maand manad",
    quarter="trimestre trimestral quartal trimestre neljannes kvartal kwartaal",
    year="ano anual jahr annee an vuosi anno jaar ar",
)
"""Periods of a goal."""
WEEKDAYS = _table(
    mon="lun lunes mo montag lundi ma maanantai lunedi seg segunda maandag mandag man",
    tue="mar martes di dienstag mardi ti tiistai martedi ter terca dinsdag tisdag tis",
    wed="mie miercoles mi mittwoch mer mercredi ke keskiviikko mercoledi qua quarta woensdag onsdag ons",
    thu="jue jueves do donnerstag jeu jeudi to torstai gio giovedi qui quinta donderdag torsdag tor",
    fri="vie viernes fr freitag ven vendredi pe perjantai venerdi sex sexta vrijdag fredag fre",
    sat="sab sabado sa samstag sam samedi la lauantai sabato zaterdag lordag lor",
    sun="dom domingo so sonntag dim dimanche su sunnuntai domenica zondag sondag son",
)
"""Days of the week."""
TYPES = _table(
    text="texto texte teksti testo tekst",
    money="dinero moneda importe precio geld betrag preis argent montant prix raha hinta denaro importo prezzo pengar belopp",
    number="numero nombre zahl luku getal tal",
    integer="entero ganzzahl entier kokonaisluku intero inteiro",
    percent="porcentaje prozent pourcentage prosentti percentuale procent porcentagem",
    date="fecha datum paivamaara paivays data",
    datetime="fechahora",
    boolean="sino booleano janein ouinon",
    choice="opcion opciones auswahl choix valinta scelta escolha val keuze",
    email="correo",
    phone="telefono telefon telephone puhelin telefone telefoon",
    list="lista tabla liste tabelle tableau luettelo taulukko tabella lijst",
)
"""Types of fields."""


def plain(word: str) -> str:
    """A word as it stands in these tables: in small letters, without accents."""
    bare = unicodedata.normalize("NFKD", word.lower())
    return "".join(sign for sign in bare if sign.isalnum() and not unicodedata.combining(sign))
