"""A good document of each format, in the shapes that are known (danish.md, section 1b)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

MEETING = "0f8fad5b-d9cb-469f-a165-70867728950e"
ITEM = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
ANNEX = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"

FIRST_AGENDA = json.dumps(
    {
        "Udvalg": {"Navn": "Byrådet"},
        "Moede": {"Id": MEETING, "Dato": "onsdag den 8. oktober 2025 kl. 16.00", "Navn": "Referat"},
        "TillaegsDagsorden": None,
        "Lydfiler": None,
        "Dagsordenpunkter": [
            {
                "Id": ITEM, "Number": 142, "Punktnummer": "142.", "Navn": "142. Spildevandsplan &ndash; Det åbne land",
                "SagsNummer": "EMN-2025-010561", "IsOpen": True, "Sorting": 2,
                "Felter": [
                    {"Html": "<h2>Sagsfremstilling</h2><p class=MsoNormal>Lang<o:p></o:p> tekst</p>", "DocumentId": None},
                    {"Html": "<div><h2>Beslutning i Byrådet den 08-10-2025</h2><p>Godkendt&nbsp;med 19 stemmer.</p><h2>Bilag</h2></div>"},
                ],
                "Bilag": [{"Id": ANNEX, "Navn": "Kort.pdf"}, {"Id": "javascript:1", "Navn": "Uden"}],
                "Lydfiler": [{"Url": "/lyd/142.mp3"}, "javascript:alert(1)", 7],
            },
            {"Id": "x", "Punktnummer": "143", "Navn": "Salg", "IsOpen": False, "Sorting": 3},
            {"Punktnummer": None, "Navn": "Uden mærke", "Sorting": 1},
        ],
    }
).encode()  # fmt: skip

KOEBENHAVN = json.dumps(
    {
        "data": [
            {
                "type": "node--agenda_element", "id": f"id-{number}",
                "attributes": {
                    "title": title, "agenda_meeting_date": "2025-10-02", "agenda_element_serial_no": number,
                    "path": {"alias": f"/dagsordener-og-referater/Borgerrepræsentationen/møde-02102025/referat/punkt-{number}"},
                },
            }
            for number, title in ((2, "Cykelsti"), (1, "Godkendelse af dagsorden"), (10, "Lukket punkt"))
        ],
        "links": {"next": None},
    }
).encode()  # fmt: skip

SBSYS = """<?xml version="1.0" encoding="utf-8"?>
<Dagsorden DagsordenID="9" Åben="true" Dagsordentype="Referat">
 <Møde Udvalg="Byrådet" UdvalgID="4" Mødedato="27. august 2018" Mødetid="27. august 2018 16:00" Mødested="Rådhuset"/>
 <Dagsordenpunkter>
  <Dagsordenpunkt DagsordenpunktID="11" Nummer="1." Åbent="true">
   <Overskrift>Lokalplan 1246 &amp; tillæg</Overskrift>
   <Indhold>&lt;p class="MsoNormal"&gt;Tekst&lt;/p&gt;</Indhold>
   <Beslutning>&lt;p&gt;Vedtaget.&lt;/p&gt;</Beslutning>
   <Bilagsliste>
    <Bilag Navn="Kort" MaaPubliceres="true" BilagUrl="https://example.dk/kort.pdf"/>
    <Bilag Navn="Hemmeligt" MaaPubliceres="false" BilagUrl="https://example.dk/hemmeligt.pdf"/>
    <Bilag Navn="Uden mærke" BilagUrl="https://example.dk/uden.pdf"/>
   </Bilagsliste>
  </Dagsordenpunkt>
  <Dagsordenpunkt DagsordenpunktID="12" Nummer="2" Åbent="false"><Overskrift>Salg</Overskrift>
   <Bilagsliste><Bilag Navn="Pris" MaaPubliceres="true"/></Bilagsliste></Dagsordenpunkt>
  <Dagsordenpunkt DagsordenpunktID="13"><Overskrift>Uden mærke</Overskrift></Dagsordenpunkt>
 </Dagsordenpunkter>
</Dagsorden>""".encode()

EDOC = b"""<?xml version="1.0"?>
<Meeting xmlns="urn:x"><MeetingDate>2025-09-17T16:00:00</MeetingDate><Committee>Kommunalbestyrelsen</Committee>
 <MeetingAgendaTypes><MeetingAgendaType><AgendaType>Dagsorden</AgendaType><MeetingAgendaItems>
  <MeetingAgendaItem><AgendaItemNumber>1</AgendaItemNumber><Document><Title>Budget</Title>
   <PublishingType>SKAL PUBLICERES</PublishingType></Document>
   <Attachments><Attachment><Title>Tal</Title><PublishingType>SKAL PUBLICERES</PublishingType></Attachment>
    <Attachment><Title>Noter</Title><PublishingType>IKKE</PublishingType></Attachment></Attachments></MeetingAgendaItem>
  <MeetingAgendaItem><AgendaItemNumber>2</AgendaItemNumber><Document><Title>Personsag om N.N.</Title>
   <PublishingType>MAA IKKE PUBLICERES</PublishingType></Document></MeetingAgendaItem>
  <MeetingAgendaItem><AgendaItemNumber>3</AgendaItemNumber><Document><Title>Uden m&#230;rke</Title></Document></MeetingAgendaItem>
 </MeetingAgendaItems></MeetingAgendaType></MeetingAgendaTypes></Meeting>"""

ACADRE = """<Agenda Type="Referat"><Committee>Teknisk Udvalg</Committee><Date>2025-08-12</Date><Items>
 <Item ID="5" Nummer="15"><Caption>Kobberbækken</Caption><CaseNumber>25/26257</CaseNumber><IsPublic>true</IsPublic>
  <Fields><ItemField><Caption>Sagsfremstilling</Caption><Content>Tekst</Content></ItemField>
   <ItemField><Caption>Beslutninger</Caption><Content>&lt;b&gt;Til&lt;/b&gt; orientering.</Content></ItemField></Fields>
  <Enclosures><Enclosure><Name>Kort</Name><IsProtected>false</IsProtected></Enclosure>
   <Enclosure><Name>Person</Name><IsProtected>true</IsProtected></Enclosure>
   <Enclosure><Name>Uden</Name></Enclosure></Enclosures></Item>
 <Item ID="6" Nummer="16"><Caption>Salg</Caption><IsPublic>false</IsPublic></Item>
 <Item ID="7" Nummer="17"><Caption>Uden mærke</Caption></Item>
</Items></Agenda>""".encode()

OWN = json.dumps(
    {"date": "2025-10-08", "items": [{"title": "Budget", "number": "1"}, {"title": "Salg", "open": False}]}
).encode()

GUID_PAGE = f"""<!doctype html><html lang="da"><head><title>Byrådet</title><script>var a = "1. Ikke et punkt";</script></head>
<body><nav><ol><li>Forside</li><li>Udvalg</li></ol></nav>
<h1 class="green dato">Referat 8. oktober 2025 kl. 16.00</h1><h2><span class="udvalg">Byrådet</span> - Rådhuset</h2>
<table><tr><td>Udvalg:</td><td><span class="udvalg">Byrådet</span></td></tr></table>
<table class="dagsorden"><thead><tr><th>Punkt</th><th>Titel</th><th></th></tr></thead><tbody>
<tr class="punktrow" id="punktrow_{ITEM}"><td><span class="label label-default">142</span></td>
 <td><button><h2 class="overskrift">Spildevandsplan &ndash; Det åbne land</h2></button>
 <div class="details"><span class="sagsnummer">EMN-2025-010561</span><div class="punkt"><h3></h3><div>
 <h3>Beslutning i Økonomiudvalget den 01-10-2025</h3><div>Anbefales.</div>
 <h3>Beslutninger</h3><span class="resume"><div>Godkendt&nbsp;med 19 stemmer.</div><div>Liv Gro undlod.</div></span>
 <h3>Resume</h3><div>1. Først et.</div><div>2. Så to.</div></div></div>
 <h3>Bilag</h3><ul><li><span class="label pdf-label">PDF</span><a href="/vis/pdf/bilag/{ANNEX}/">Indstilling</a></li>
 <li><a href="javascript:alert(1)">Ond</a></li></ul></div></td>
 <td><ul class="dropdown-menu" role="menu"><li><a href="#">Hent som PDF</a></li></ul></td></tr>
<tr class="punktrow"><td><span class="label">143</span></td><td><h2 class="overskrift">Lukket punkt</h2></td><td></td></tr>
<tr class="punktrow"><td><span class="label">144</span></td><td><h2 class="overskrift">Eventuelt</h2></td><td></td></tr>
</tbody></table><footer>1. Kontakt</footer></body></html>""".encode()

WORD_PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8><style>p.MsoNormal{}</style></head>
<body lang=DA><div class=WordSection1><p class=MsoTitle>Dagsorden til mødet i <b>Teknik- og Miljøudvalget</b><o:p></o:p></p>
<p class=MsoNormal>Tirsdag den 4. november 2025 kl. 17.00</p>
<h1><![if !supportLists]><span>1.<span>&nbsp;&nbsp; </span></span><![endif]>Godkendelse af dags<b>orden</b></h1>
<p>Sagsnr.: 25/26257</p><p><b>Indstilling</b></p><ol><li>at dagsordenen godkendes.</li><li>Drift</li><li>Løn</li></ol>
<h1>2. Lokalplan 1246 &ndash; Åby&shy;høj<br>Idrætscenter</h1><p>EMN-2025-010561</p><p>Sagsfremstilling</p>
<p>1. januar 2025 begyndte det.</p><p>3. Først en plan.</p><p><b>Bilag</b></p><ul><li><a href="https://x.dk/kort.pdf">Kort
<font>over</font> vejen</a></li><li>Notat</li></ul>
<h1>3. Salg af grund</h1><p>Lukket punkt</p><h1>Uden nummer</h1><p>25/1234</p><h1>4. Eventuelt</h1></div></body></html>""".encode()


class _Paper(FPDF):
    """Pages with a running head."""

    def __init__(self, running: str) -> None:
        super().__init__()
        self._running = running
        self.set_font("Helvetica", "", 8)

    def header(self) -> None:
        if self._running:
            self.set_font("Helvetica", "", 8)
            self.cell(0, 5, f"{self._running} {self.page}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def pdf(lines: list[tuple[str, float, bool]], header: str = "") -> bytes:
    """A PDF with a line, its size in points and whether it is bold, each."""
    document = _Paper(header)
    document.set_creation_date(datetime(2025, 10, 8, tzinfo=UTC))
    document.set_margin(20)
    document.set_auto_page_break(True, 25)
    document.add_page()
    for text, size, bold in lines:
        document.set_font("Helvetica", "B" if bold else "", size)
        document.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(document.output())


TITLES = (
    "Godkendelse af dagsorden",
    "Lokalplan 1246 for Åbyhøj Idrætscenter og området omkring havnen samt stien mellem Nørregade og skolen",
    "Affaldsplan 2026-2030 og klima- og miljøpuljen",
    "Lukket punkt",
    "Eventuelt",
)


def pdf_lines(bold: bool = True, contents: bool = True, text: int = 12) -> list[tuple[str, float, bool]]:
    """Minutes numbered from 141, with or without what a reader sees at a glance."""
    lines: list[tuple[str, float, bool]] = [
        ("Referat", 20, True),
        ("Byrådet", 11, False),
        ("Mødedato: onsdag den 8. oktober 2025 kl. 16.00", 11, False),
    ]
    if contents:
        lines.append(("Indholdsfortegnelse", 11, True))
        lines += [(f"{n}. {title[:60]} ........ {n - 138}", 11, False) for n, title in enumerate(TITLES, 141)]
    for n, title in enumerate(TITLES, 141):
        lines.append((f"{n}. {title}", 14 if bold else 11, bold))
        if title == "Lukket punkt":
            continue
        lines += [
            (f"Sagsnr.: 25/2625{n % 10}", 11, False),
            ("Indstilling", 11, True), ("1. at planen vedtages.", 11, False), ("2. Drift af veje", 11, False), ("3. Løn", 11, False),
            ("Sagsfremstilling", 11, True), ("Den 3. december 2024 vedtog byrådet planen. " * text, 11, False),
            ("1. januar 2026 er fristen. 2. behandling følger.", 11, False),
            ("Beslutning i Økonomiudvalget den 01-10-2025", 11, True), ("Anbefales.", 11, False),
            ("Beslutning", 11, True), ("Godkendt med 19 stemmer mod 4.", 11, False),
            ("Bilag", 11, True), ("1 Kort over området", 11, False), ("- Notat", 11, False),
        ]  # fmt: skip
    return lines


PDF = pdf(pdf_lines(), "Tranevig Kommune")

GOOD = {
    "FirstAgenda Publication": FIRST_AGENDA, "København": KOEBENHAVN, "SBSYS": SBSYS, "eDoc": EDOC,
    "AgendaManagement": ACADRE, "Talerstolen": OWN, "an HTML page": GUID_PAGE,
}  # fmt: skip
