"""Danish words whose forms no dictionary lookup joins: strong verbs, and forms that are also another word.

"tog" is a train and the past of "tage": a form listed here is found by its own dictionary entry and by the word it
stands under. The strong verbs are the closed class that Danish grammars list (Hansen and Heltoft, Grammatik over det
Danske Sprog, 2011); the rest are adjectives whose neuter a dictionary takes for a verb, and a few small words.
"""

from __future__ import annotations

from functools import lru_cache

#: Dictionary form: its irregular or ambiguous forms. Prefixed verbs (undlade, overtage) follow the verb they end in.
_VERBS = """
bede bad bedt; betyde betød betydet; bide bed bidt; binde bandt bundet bundne; bringe bragte bragt; bryde brød brudt
brudte; burde bør burdet; byde bød budt budte; bære bar båret; drage drog draget; drikke drak drukket; drive drev
drevet; dræbe dræbt dræbte; dø døde død døet; falde faldt faldet faldne; finde fandt fundet fundne; flyde flød flydt;
flyve fløj fløjet; forsvinde forsvandt forsvundet; fortryde fortrød fortrudt; fryse frøs frosset frosne; fyge føg;
følge fulgte fulgt; få får fik fået; gide gad gidet; give gav givet givne; glide gled gledet; gnide gned gnedet; gribe
greb grebet; græde græd grædt; gyde gød gydt; gyse gøs; gælde gjaldt gældt; gøre gør gjorde gjort; gå går gik gået; have
har havde haft; hedde hed heddet; hjælpe hjalp hjulpet; holde holdt holdte; hugge hug; hænge hang hængt hængte; jage jog
jaget; klinge klang klinget; knibe kneb knebet; komme kom kommet; krybe krøb krøbet; kunne kan kunnet; kvæle kvalte
kvalt; lade lod ladet ladt; le lo leet; lide led lidt; ligge lå ligget; lyde lød lydt; lyve løj løjet; lægge lagde lagt
lagte; løbe løb løbet; måtte må måttet; nyde nød nydt; nyse nøs; nå når nåede nået; pibe peb pebet; ride red redet; rive
rev revet; ryge røg røget; række rakte rakt; se ser så set sete; sidde sad siddet; sige siger sagde sagt sagte; skride
skred skredet; skrige skreg skreget; skrive skrev skrevet; skulle skal skullet; skyde skød skudt skudte; skære skar
skåret; slibe sleb slebet; slide sled slidt slidte; slippe slap sluppet; slå slår slog slået; smide smed smidt; smøre
smurte smurt; snige sneg sneget; snyde snød snydt; sove sov sovet; spinde spandt spundet; springe sprang sprunget;
spørge spurgte spurgt; stige steg steget; stikke stak stukket; stinke stank; stjæle stjal stjålet; strække strakte
strakt; stryge strøg strøget; stå står stod stået; svide sved svedet; svie sved; svinde svandt svundet; svinge svang
svunget; sværge svor svoret; synge sang sunget; synke sank sunket; sælge solgte solgt; sætte satte sat; tage tog taget
tages; tale talte talt; tie tav tiet; tigge; tælle talte talt; træde trådte trådt; træffe traf truffet; trække trak
trukket; turde tør turdet; tvinge tvang tvunget tvungne; vide ved vidste vidst; vige veg veget; ville vil villet; vinde
vandt vundet; vise viste vist; vokse voksede; vride vred vredet; vælge valgte valgt valgte; være er var været; æde åd
ædt; byde bød; angribe angreb angrebet; begå begik begået; tilbyde tilbød tilbudt
"""
_OTHERS = """
god godt gode bedre bedst bedste; dårlig værre værst værste; slem slemt værre værst værste; gammel gammelt gamle ældre
ældst ældste; ung ungt unge yngre yngst yngste; lille små mindre mindst mindste; stor stort store større størst største;
lang langt lange længere længst længste; mange flere flest fleste; megen meget mere mest meste; få færre færrest; nær
nært nærmere nærmest; tung tungt tunge tungere; grøn grønt grønne; svær svært svære; fri frit frie; hård hårdt hårde;
egen eget egne; gal galt gale; hel helt hele; ny nyt nye; klar klart klare; fast faste; ret rette; fuld fuldt fulde;
sikker sikkert sikre; bred bredt brede; flad fladt flade; glad glade; hvid hvidt hvide; rød rødt røde; blå blåt; grå
gråt; sort sorte; gul gult gule; let lette; svag svagt svage; stærk stærkt stærke; dyr dyrt dyre; billig billigt
billige; fælles; voksen voksent voksne; åben åbent åbne; lukket lukkede; al alt alle; anden andet andre; mand mænd;
barn børn; fod fødder; bog bøger; ko køer; nat nætter; hånd hænder; and ænder; tand tænder; far fædre; mor mødre mors;
bror brødre; datter døtre; gås gæs; øje øjne; menneske mennesker; forælder forældre forældrene
"""
_PREFIXES = (
    "af an be bi bort efter er for fore fra frem ind igen imod med mis mod ned ned om op over på samt sam sammen til "
    "und under ud ude undvære ved vider gen hen hjem indover gennem"
).split()


def readings(word: str) -> tuple[str, ...]:
    """The dictionary forms a lower-case word may also stand under; mostly none."""
    for place in (0, *(len(p) for p in _PREFIXES if word.startswith(p))):
        found = _table().get(word[place:])
        if found and (place == 0 or word[place:] in _verb_forms()):
            return tuple(word[:place] + entry for entry in found)
    return ()


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for entry, *forms in _entries(_VERBS) + _entries(_OTHERS):
        for form in forms:
            if entry not in table.setdefault(form, []):
                table[form].append(entry)
    return {form: tuple(entries) for form, entries in table.items()}


@lru_cache(maxsize=1)
def _verb_forms() -> frozenset[str]:
    return frozenset(form for _, *forms in _entries(_VERBS) for form in forms)


def _entries(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.split(";")]
