"""Titles of agenda items, and the words that a debate on them uses."""

from __future__ import annotations

from random import Random

_PLACES = (
    "Vestergade|Søndermarken|Bakkevej|Hallundbæk|Nordhavnen|Kirkeby|Tingvej|Skovlunden|Åvej|Engtoften|Møllebakken|"
    "Strandgade|Holmegårdsvej|Dalby|Ørsted|Brønderup|Langelinie|Torvegade|Hedelund|Egernvej|Thorsager|Sæby Havn"
).split("|")
# A title with a place to fill in, and words of its debate
_SUBJECTS = (
    ("Lokalplan {n} for boliger ved {p}", "byggeri naboerne lejligheder etager udsigten"),
    ("Lokalplanforslag {n} - Erhvervsområde ved {p}", "virksomheder erhverv grunde trafikken støj"),
    ("Frigivelse af anlægsmidler til {p} Skole", "skolen klasselokaler renovering eleverne"),
    ("Anlægsregnskab for kloakering af {p}", "kloak regnskabet spildevand forsyningen"),
    ("Cykelsti mellem {p} og {q}", "cyklister cykelstien trafiksikkerhed asfalt"),
    ("Hastighedsnedsættelse på {p}", "hastigheden bilister bump politiet"),
    ("Nyt plejehjem i {p}", "plejehjemmet ældre boliger personale beboere"),
    ("Kvalitetsstandarder på ældreområdet", "hjemmehjælp ældre rengøring bad visitation"),
    ("Budget 2026-2029, 1. behandling", "budgettet servicerammen skatten besparelser"),
    ("Budgetrevision pr. 30. september", "overskridelser kassen tillægsbevilling forbrug"),
    ("Årsberetning fra borgerrådgiveren", "klager borgerrådgiver sagsbehandling henvendelser"),
    ("Sammenlægning af skolerne i {p} og {q}", "skolelukning distriktet forældrene busser"),
    ("Midlertidig lukning af svømmehallen i {p}", "svømning bassin klubber lukningen"),
    ("Helårsåbning af biblioteket i {p}", "bøger bibliotek åbningstider lånere"),
    ("Klimahandleplan 2030", "klima udledning co2 varmepumper målsætning"),
    ("Vindmøller og solceller ved {p}", "vindmøllerne naboer støj energi parker"),
    ("Udbud af affaldsindsamling", "skrald affald container udbuddet renovation"),
    ("Takstblad for renovation", "taksterne gebyr affald husstande"),
    ("Salg af kommunens ejendom {p} {n}", "ejendommen køber pris vurdering"),
    ("Køb af jord ved {p}", "landmand hektar jorden udvikling"),
    ("Garantistillelse for lån til {p} Varmeværk", "fjernvarme garanti lånet provision"),
    ("Kommunegaranti til {p} Vandværk", "vandværket drikkevand boring garantien"),
    ("Politik for frivillighed", "frivillige foreninger foreningsliv samarbejde"),
    ("Børne- og ungepolitik", "børnene unge trivsel familierne"),
    ("Masterplan for kulturhuset i {p}", "kultur koncerter huset musik scenen"),
    ("Ansøgning om tilskud til {p} Idrætsforening", "idræt klubben haller tilskuddet boldbaner"),
    ("Initiativretssag fra Enhedslisten om mindre pesticid", "sprøjtegift pesticider grundvand"),
    ("Forslag fra Dansk Folkeparti om kamera på {p}", "overvågning utryghed kameraer hærværk"),
    ("Forespørgsel fra Radikale Venstre om normeringer", "normeringer pædagoger vuggestuer voksne"),
    ("Valg af stedfortræder til Teknisk Udvalg", "indtræder udvalget plads orlov"),
    ("Konstituering af ny viceborgmester", "viceborgmester valget konstituering"),
    ("Mødeplan for byrådet", "mødedatoer kalender mødeplanen"),
    ("Revision af styrelsesvedtægten", "vedtægten udvalgsstruktur paragraf styrelse"),
    ("Indsatsplan for grundvandsbeskyttelse", "drikkevand boringer grundvandet nitrat"),
    ("Skovrejsning ved {p}", "skoven træer plantning biodiversitet"),
    ("Naturgenopretning af {p} Å", "åen fisk vandløb naturen lodsejere"),
    ("Parkeringsstrategi for midtbyen", "parkering p-pladser butikker bilerne midtbyen"),
    ("Godkendelse af vedtægter for Ungdomsrådet", "unge ungdomsrådet demokrati vedtægter"),
    ("Dispensation til telemast på {p}", "mast antenne dækning stråling højden"),
    ("Ny organisering af jobcentret", "ledige jobcenter beskæftigelse sagsbehandlere"),
    ("Status på modtagelse af flygtninge", "flygtninge integration boligplacering ukrainere"),
    ("Handicaprådets årsberetning", "handicap tilgængelighed rådet kørestol"),
    ("Beredskabets dimensionering", "brandvæsen beredskab udrykning stationer"),
    ("Skema B for almene boliger ved {p}", "boligforening almene huslejen anskaffelsessum"),
    ("Nedlæggelse af vej ved {p}", "vejen grundejere adgang ekspropriation"),
    ("Busplan {n}", "bussen ruter passagerer afgange køreplan"),
    ("Rammeaftale for det specialiserede socialområde", "botilbud region takster socialområdet"),
    ("Digitaliseringsstrategi", "digital selvbetjening data borgerservice it"),
    ("Ruteplan for skolebuskørsel", "skolebus elever kørsel ventetid"),
    ("Udvidelse af {p} Kirkegård", "kirkegården grave provstiet arealet"),
)  # fmt: skip
_FIRST = (
    "Godkendelse af dagsorden",
    "Beslutninger om dagsordenen",
    "Godkendelse af dagsordenen",
    "Dagsorden",
)
_BEFORE = ("Beslutning: ", "Beslutningssag: ", "Orientering - ", "Genoptagelse: ")
_AFTER = (" - Endelig", " (Genoptaget)", " - beslutning", " – Forslag", " - orientering")


def agenda_titles(count: int, chance: Random) -> list[tuple[str, str]]:
    """As published, with the words of the debate; the agenda's own approval comes first, mostly."""
    found: list[tuple[str, str]] = []
    if chance.random() < 0.85:
        found.append((chance.choice(_FIRST), "dagsordenen"))
    while len(found) < count:
        for title, debate in chance.sample(_SUBJECTS, len(_SUBJECTS)):
            place, other = chance.sample(_PLACES, 2)
            full = title.format(n=chance.randint(101, 1400), p=place, q=other)
            if full in (t for t, _ in found):
                continue
            if chance.random() < 0.12:
                full = chance.choice(_BEFORE) + full
            if chance.random() < 0.15:
                full += chance.choice(_AFTER)
            found.append((full, debate))
    return found[:count]
