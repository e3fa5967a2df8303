"""A good document of each format, in the shapes that are known (danish.md, section 1b)."""

from __future__ import annotations

import json

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

GOOD = {
    "FirstAgenda Publication": FIRST_AGENDA, "København": KOEBENHAVN, "SBSYS": SBSYS, "eDoc": EDOC,
    "AgendaManagement": ACADRE, "Talerstolen": OWN,
}  # fmt: skip
