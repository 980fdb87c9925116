"""What the workers of the demo write, as professionals do, about people who never were.

Each list is one stage of a case. Nothing here is from a real record.
"""

from __future__ import annotations

STREET = (
    "Tavattu aseman kulmalla. Nukkunut porraskäytävässä. Asunnosta ei halua vielä puhua, kahvi"
    " kelpasi. Nähdään torstaina.",
    "Sadetta, lyhyt juttelu. Sukat ja eväät annettu.",
    "Istui kirjaston aulassa lämmittelemässä. Kertoi, että yöt menevät ensisuojassa. Suihkuvuoro"
    " varattu päiväkeskukseen.",
    "Tavattu torilla, tuli itse juttelemaan. Puhelin hukassa, sovittiin että löytyy aamuisin"
    " päiväkeskukselta.",
    "Lyhyt tapaaminen sillan alla. Ei halunnut jäädä juttelemaan, otti makuupussin. Jätettiin"
    " käyntikortti.",
    "Juteltiin puistonpenkillä. Muistelee entistä kotiaan ja kissaansa. Lupasi miettiä hakemusta.",
    "Tavattu ruokajonossa. Kertoi patjan olevan kuiva, sateensuoja pitää uusia. Kysyi itse,"
    " milloin näyttöjä on.",
    "Ollut kolme viikkoa kaverin sohvalla, kaverin vuokranantaja huomauttanut. Toive: 'oma avain,"
    " vaikka pieneenkin'.",
    "Kiertänyt yön bussissa. Väsynyt mutta hyvällä tuulella, söi keiton. Sovittiin, että tullaan"
    " huomenna samaan aikaan.",
    "Tavattu aamuyhdeksältä päiväkeskuksessa. Reppu varastettu, henkilökortti mennyt samalla."
    " Tehdään ilmoitus yhdessä.",
)

OFFICES = (
    "Soitettiin Kelaan työpuhelimesta, oma prepaid ei yhdistä. Tiliotteet puuttuvat, tulostetaan"
    " maanantaina.",
    "Perustoimeentulotukihakemus täytetty yhdessä, liitteet kuvattu. Päätöstä seurataan.",
    "Kelasta lisäselvityspyyntö. Käytiin läpi mitä puuttuu, haetaan pankista huomenna.",
    "Täytettiin asuntohakemus kolmeen yhtiöön. Vuokravelka mietitytti, kirjoitettiin siitä"
    " rehellinen selvitys.",
    "Vakuushakemus jätetty. Kerrottiin mitä tapahtuu seuraavaksi ja kuka soittaa.",
    "Velkaneuvontaan varattu aika. Jännittää, pyysi että lähdetään mukaan.",
    "Henkilökorttihakemus aloitettu, kuva otettu automaatista. Poliisiasemalle mennään yhdessä.",
    "Suuttui tuen alentamisesta ja lähti. Jätettiin siihen. Laitan viestin huomenna; kehotuksen"
    " määräaika kuun lopussa.",
    "Pankissa avattiin perusmaksutili. Tunnukset saa ensi viikolla, mentävä itse paikalle.",
    "Verkostopalaveri: asiakas, omatyöntekijä, asumisneuvoja. Vuokra maksetaan jatkossa suoraan"
    " vuokranantajalle.",
)

VIEWINGS = (
    "Saatettu asuntonäyttöön. Piti keittiöstä, naapurit jännittivät. Hakemus jätettiin heti.",
    "Näytössä kahdeksan muuta. Ei saanut sanaa suustaan, kirjoitettiin jälkeenpäin viesti"
    " vuokranantajalle.",
    "Tarjous yksiöstä! Luettiin ehdot yhdessä kahteen kertaan. Vastaus annettava perjantaihin"
    " mennessä.",
    "Käytiin katsomassa tukiasuntoa. Portaat pelottivat, ohjaaja oli mukava. Haluaa nukkua yön"
    " yli.",
)

HOME = (
    "Kotikäynti työparina. Haaste avaamatta pöydällä, vuokravelkaa kahdelta kuukaudelta. Avattiin"
    " yhdessä. 'En uskaltanut katsoa.'",
    "Kotikäynti. Verhot ripustettu, kahvit keitti itse. Ensimmäinen yö kuulemma nukuttu lattialla,"
    " nyt patja hankittu.",
    "Asunnossa siistiä, jääkaappi tyhjä. Tehtiin kauppalista, käytiin yhdessä kaupassa.",
    "Naapuri valittanut metelistä. Puhuttiin, mitä voi sanoa kavereille ovella. Harjoiteltiin.",
    "Posti avattu yhdessä, kaksi laskua jätetty maksuun. Sähkösopimus kunnossa.",
    "Kertoi että ilta on vaikein. Sovittiin puhelu tiistaisin ja lauantain ruokailu"
    " kerhohuoneella.",
    "Maksusuunnitelma pitänyt kolme kuukautta. Ylpeä siitä. Seuraava käynti kuukauden päästä.",
)

PHONE = (
    "Soitti itse. Vuokra maksettu, kuitti tulee viestillä.",
    "Puhelu: huominen aika sopii, tavataan pääoven edessä.",
    "Viesti: 'olen hengissä, en jaksa nyt'. Vastattu, että ovi on auki.",
    "Puhelu vuokranantajan kanssa asiakkaan luvalla. Varoitusta ei anneta, jos suunnitelma pitää.",
)

NOT_REACHED_PLACES = (
    "Päiväkeskus, kirjasto, puhelin kiinni",
    "Aseman seutu, ruokajono",
    "Ovikello kahdesti, postiluukusta viesti",
    "Silta, puisto, ensisuojan aula",
    "Puhelin ei vastaa, viesti lähetetty",
    "Kauppakeskus, kaverin porras",
)

CLIENT_VIEW = (
    "Haluaisin vain nukkua rauhassa.",
    "Oma avain, vaikka pieneenkin.",
    "En tarvitse mitään, mutta kahvi on hyvää.",
    "Ekan kerran joku tulee mukaan.",
    "Pelkään, että se menee taas pieleen.",
    "Kunhan saisin koiran takaisin.",
)

WORKER_ESTIMATE = (
    "Luottamus rakentuu. Asuntoasia otetaan puheeksi, kun itse ottaa sen esiin.",
    "Arjen taidot hyvät, paperit hukassa. Tuki tarpeen virastoasioissa.",
    "Riski asunnon menetykseen, jos vuokra ei mene suoraan.",
    "Verkosto ohut. Ruokailu ja ryhmä voisivat kantaa viikonlopun yli.",
)

NEXT_STEPS = (
    "Tavataan päiväkeskuksella",
    "Soitetaan Kelaan yhdessä",
    "Mennään näyttöön",
    "Viedään liitteet",
    "Kotikäynti",
    "Saattaminen velkaneuvontaan",
    "Kysytään tilanne ensisuojasta",
    "Haetaan henkilökortti",
)

GOALS = (
    "Oma asunto ennen joulua.",
    "Velat järjestykseen, yksi kerrallaan.",
    "Hampaat kuntoon ja töihin keittiölle.",
    "Saada nähdä lapsia omassa kodissa.",
    "Nukkua yöt.",
)

HEALTH = (
    "Säären haava puhdistettu ja sidottu. Lämpö 37,1. Kipu 4/10. Saatan perjantaina"
    " haavahoitajalle.",
    "RR 162/98. Lääkkeet loppuneet kaksi viikkoa sitten. Reseptin uusinta pyydetty.",
    "Jalkapohjat hiertyneet, rasvattu ja teipattu. Kuivat sukat.",
    "Yskää kaksi viikkoa, ei kuumetta. Ohjattu terveysaseman päivystykseen, lähtee huomenna.",
    "Kädet tärisevät aamuisin. Puhuttiin katkosta, haluaa miettiä. Numero annettu.",
    "Verensokeri 14,2, ei ole syönyt lääkkeitään. Aamupala syöty yhdessä, mitataan torstaina.",
    "Nukkunut neljä tuntia öissä. Mieliala matala, ei itsetuhoisia ajatuksia. Aika psykiatriselle"
    " hoitajalle.",
    "Haava siisti, sidos vaihdettu. Kehuu itsekin.",
    "Korvasärky, ohjattu päivystykseen saattaen. Jonotettiin yhdessä.",
    "Rokote annettu. Vointi hyvä.",
    "Hammassärky. Särkylääkettä, aika suun terveydenhuoltoon varattu.",
)

ANONYMOUS = (
    "Nimetön neuvonta, kaksi henkilöä. Kysyivät hätämajoituksesta, annettiin aukioloajat.",
    "Kahvit ja eväät jaettu sillan alla. Kukaan ei halunnut jutella pidempään.",
    "Nuori kysyi kaverin puolesta häädöstä. Annettiin asumisneuvojan numero.",
    "Makuupusseja ja sukkia jaettu, yksi kysyi suihkusta.",
)

WHERE_FOUND = (
    "Aamuisin päiväkeskuksella",
    "Kirjaston lehtisali, iltapäivisin",
    "Aseman eteläpää",
    "Ruokajono maanantaisin ja torstaisin",
    "Sillan alla joen puolella",
    "Kotona, ovikello ei soi: koputa",
    "Ensisuojan aulassa ennen kahdeksaa",
    "Torin laidalla, kitaran kanssa",
)

SAFETY = (
    "Tavataan aina parina, koira irti pihassa.",
    "Ei kotikäyntiä yksin, kaveripiirissä uhkailua.",
    "Säikähtää takaa tulijaa: tule edestä ja puhu ensin.",
)
