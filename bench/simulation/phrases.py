"""What a chair says, in families: a meeting's chair keeps to one. {n} is the number, {t} the title, {o} the ordinal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """One chair's ways. An opening with {t} says the title at once; else it may come as a sentence of its own."""

    opens: tuple[str, ...]
    titles: tuple[str, ...]  # a sentence of its own, after an opening that gives the number only
    reads: tuple[str, ...]  # the agenda read out
    floor: tuple[str, ...]
    closes: tuple[str, ...]
    joint: tuple[str, ...]  # {a} to {b}, or {l} the list
    withdrawn: tuple[str, ...]
    doors: tuple[str, ...]
    begins: tuple[str, ...]
    mentions: tuple[str, ...]
    ends: tuple[str, ...]


FAMILIES: dict[str, Family] = {
    "plain": Family(
        ("Så går vi til punkt {n}, {t}.", "Punkt {n}. {t}.", "Så er vi ved punkt {n}, som er {t}.", "Punkt nummer {n} er {t}.", "Vi går videre til punkt {n}.", "Så går vi videre til det næste punkt."),
        ("Det drejer sig om {t}.", "Og det er {t}.", "{t}."),
        ("Punkt {n} er {t}.", "Så har vi punkt {n}, {t}.", "Punkt {n}, {t}."),
        ("Er der nogen, der ønsker ordet?", "Ordet er frit.", "{s}, værsgo.", "Så er det {s}."),
        ("Så er det vedtaget.", "Det er godkendt.", "Det tager vi til efterretning.", "Kan vi tiltræde det? Det kan vi."),
        ("Punkt {a} til {b} behandler vi under ét.", "Vi tager punkt {l} sammen."),
        ("Punkt {n} er taget af dagsordenen.", "Punkt {n} udgår.", "Punkt {n} er udsat til næste møde."),
        ("Så lukker vi dørene.", "Resten af mødet er for lukkede døre."),
        ("Velkommen til byrådsmødet.", "Så er klokken fire, og vi begynder."),
        ("Som jeg sagde under punkt {n}, er det vigtigt.", "Det kommer vi tilbage til under punkt {n}.", "Det skal ses i sammenhæng med punkt {n}."),
        ("Mødet er hævet.", "Tak for i aften."),
    ),
    "case": Family(
        ("Sag nummer {n}, {t}.", "Den næste sag er nummer {n}, {t}.", "Så er det sag {n}. {t}.", "Og så til sag {n}: {t}.", "Sag {n}.", "Vi tager den næste sag."),
        ("Sagen handler om {t}.", "Det er sagen om {t}.", "{t}."),
        ("Sag {n}: {t}.", "Der er sag {n} om {t}."),
        ("Hvem ønsker ordet?", "Værsgo til {s}.", "Er der kommentarer til den?"),
        ("Indstillingen er tiltrådt.", "Så er den sag afsluttet.", "Sagen er vedtaget uden afstemning.", "Vi stemmer. Det er et flertal."),
        ("Sagerne {l} tager vi på én gang.", "Sag {a} til {b} tages under et."),
        ("Sag {n} er trukket tilbage af magistraten.", "Vi har taget sag {n} af.", "Sag {n} udskydes."),
        ("Nu går vi over til den lukkede del af mødet.", "Så beder jeg tilhørerne om at forlade salen."),
        ("God eftermiddag og velkommen til byrådet.", "Mødet er åbnet."),
        ("I sag {n} så vi det samme.", "Det hører mere hjemme i sag {n}.", "Vi talte jo om det i sag {n}."),
        ("Og dermed er mødet slut.", "Tak for et godt møde."),
    ),
    "next": Family(
        ("Det næste punkt er {t}.", "Næste punkt på dagsordenen: {t}.", "Så tager vi næste punkt, og det er {t}.", "Det næste, vi skal behandle, er {t}.", "Dernæst har vi {t}.", "Så kommer vi til {t}.", "Næste punkt."),
        ("Det er {t}.", "{t}.", "Her skal vi tage stilling til {t}."),
        ("Først {t}.", "Så skal vi have {t}.", "Og derefter {t}.", "Senere tager vi {t}."),
        ("Er der bemærkninger til punktet?", "Hvem vil indlede?", "Tak, så er det {s}."),
        ("Det er der opbakning til.", "Så konkluderer jeg, at vi er enige.", "Det er besluttet.", "Så godkender vi det."),
        ("De næste to punkter, {u}, hænger sammen, så dem tager vi under ét.", "Vi behandler {u} samlet."),
        ("{t} er pillet af dagsordenen.", "Punktet om {t} udgår.", "Vi skal ikke behandle {t} i dag, det er udsat."),
        ("Herefter er det lukket møde.", "Vi lukker for transmissionen, og dørene lukkes."),
        ("Godaften alle sammen.", "Så er vi i gang."),
        ("Det taler vi om, når vi når til {t}.", "Vi har lige diskuteret {t}.", "Ligesom med {t} skal vi passe på."),
        ("Det var det, tak for i dag.", "Kom godt hjem."),
    ),
    "brief": Family(
        ("Punkt {n}.", "{n}. {t}.", "Nummer {n}, {t}.", "Pkt. {n}, {t}.", "Og punkt {n}.", "Vi tager {n}, {t}.", "Så {n}: {t}.", "Næste punkt."),
        ("{t}.", "Altså {t}.", "Det er den med {t}."),
        ("{n} er {t}.", "Nummer {n}, {t}."),
        ("Nogen?", "{s}.", "Ja, {s}.", "Bemærkninger?"),
        ("Godkendt.", "Vedtaget.", "Tak, det er det.", "Ingen bemærkninger. Godkendt.", "Så er den kørt."),
        ("{l} tager vi samlet.", "{a} til {b} under ét."),
        ("{n} udgår.", "Nummer {n} er trukket.", "Vi springer {n} over, den er udsat."),
        ("Lukkede dagsorden.", "Dørene lukkes."),
        ("Velkommen.", "Vi starter."),
        ("Det var også det, der stod i punkt {n}.", "Se punkt {n}.", "Punkt {n} handler jo om noget andet."),
        ("Mødet slut.", "Tak."),
    ),
    "formal": Family(
        ("Vi er hermed nået til dagsordenens punkt {n}, der vedrører {t}.", "Jeg åbner behandlingen af punkt {n}, {t}.", "Det fører os frem til punkt {n} - {t}.", "Dagsordenens {o} punkt er {t}.", "Vi skal nu behandle punkt {n} på dagsordenen.", "Jeg går over til det næste punkt på dagsordenen.", "Så foretager vi punkt {n}: {t}."),
        ("Punktet vedrører {t}.", "Indstillingen i sagen om {t} er udsendt.", "Det vedrører {t}."),
        ("Dagsordenens punkt {n} vedrører {t}.", "Under punkt {n} behandles {t}."),
        ("Jeg giver ordet til {s}.", "Ønsker nogen ordet til dette punkt?", "Ordføreren for Venstre, {s}."),
        ("Jeg konstaterer, at indstillingen er vedtaget.", "Da ingen ønsker afstemning, er punktet godkendt.", "Punktet er hermed færdigbehandlet.", "Indstillingen blev godkendt med {v} stemmer for."),
        ("Punkterne {l} behandles samlet.", "Jeg foreslår, at punkt {a} til og med {b} behandles under ét."),
        ("Det meddeles, at punkt {n} er udgået af dagsordenen.", "Punkt {n} er på forvaltningens ønske udsat.", "Punkt {n} tages af dagsordenen."),
        ("Mødets åbne del er hermed afsluttet, og dørene lukkes.", "Vi overgår til lukket møde."),
        ("Jeg erklærer mødet for åbnet.", "Byrådet er beslutningsdygtigt."),
        ("Jeg henviser til behandlingen af punkt {n} i økonomiudvalget.", "Det vil blive drøftet under punkt {n}.", "Jævnfør punkt {n} på sidste møde."),
        ("Mødet er hermed hævet.", "Jeg takker for i aften."),
    ),
    "chatty": Family(
        ("Jamen så skal vi til punkt {n}, og det er jo {t}.", "Nå, så har vi {t}, det er punkt {n}.", "Og så hopper vi ned på punkt {n}, {t}.", "Lad os tage fat på punkt {n}.", "Vi fortsætter med {t}.", "Så vender vi bladet til {n}, og der har vi {t}.", "Og så er turen kommet til {t}.", "Jamen så snupper vi næste punkt."),
        ("Ja, det er så {t}.", "Det er sagen om {t}, som I kender.", "Der skal vi snakke om {t}."),
        ("Vi skal snakke om {t}, det er punkt {n}.", "Og punkt {n} er så {t}."),
        ("Hvem vil starte?", "{s}, du har ordet.", "Så er det dig, {s}."),
        ("Skal vi sige det? Det gør vi.", "Fint, så er vi enige om det.", "Den er hermed i hus.", "Godt, så gør vi det."),
        ("Vi slår punkt {l} sammen i én debat.", "Punkt {a} til {b}, dem tager vi i ét hug."),
        ("Punkt {n} har vi fået trukket.", "Punkt {n} må vente, den er udskudt.", "Punkt {n}, den er røget ud af dagsordenen."),
        ("Så er det tid til den lukkede del.", "Vi slukker for kameraerne og lukker dørene."),
        ("Hej og velkommen til jer alle.", "Så skal vi vist i gang."),
        ("Vi var inde på det under punkt {n}.", "Det må vi tage, når vi kommer til punkt {n}.", "På det her punkt er jeg uenig."),
        ("Så siger vi tak for i aften.", "Det var alt, vi havde."),
    ),
}  # fmt: skip
