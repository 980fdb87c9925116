"""Names of people who never were: what they are called in the street, and invented first names."""

from __future__ import annotations

ALIASES = (
    "Punapipo", "Kitaramies", "Sateenvarjorouva", "Kettu", "Professori", "Turun poika",
    "Kirjaston Nea", "Vihreä reppu", "Kahvimies", "Siniviitta", "Pyöräilijä", "Villasukka",
    "Kapteeni", "Lintukuiskaaja", "Ristikkorouva", "Huuliharppu", "Sanelija", "Keltatakki",
    "Laiturin Lasse", "Pikku-Myrsky", "Postineiti", "Runoilija", "Tuulipuku", "Hattumies",
    "Shakkimestari", "Nuotiotarinoija", "Sillan Sylvi", "Kalamies", "Kissanhoitaja", "Kaarnavene",
    "Pullapitko", "Radiomies", "Raitapaita", "Kuunkatselija", "Iltalehti", "Marjakori",
    "Peukaloinen", "Valssikuningas", "Lumiukko", "Teekuppi", "Karttakeppi", "Nahkarotsi",
    "Salmiakki", "Aamuvirkku", "Torin Tauno", "Päiväperho", "Kellosepän Kalle", "Sormikas",
    "Hiljainen vieras", "Puistokemisti", "Rantapallo", "Taskulamppu", "Muurahainen", "Vaahtera",
    "Rusettirouva", "Tikkurati", "Satakieli", "Vesimies", "Syystuuli", "Myöhäisjuna",
)  # fmt: skip

FIRST_NAMES = (
    "Aatos", "Helka", "Ilmari", "Saimi", "Tuisku", "Rekola", "Vieno", "Otava", "Lempi", "Urmas",
    "Kaino", "Tyyne", "Sulevi", "Aunikki", "Rauha", "Toivo", "Impivaara", "Oivikki", "Siiri",
    "Kauko", "Meeri", "Visamo", "Allikki", "Pekko", "Tuuli", "Arvila", "Sagamaria", "Valto",
    "Ennika", "Tuure", "Bertta", "Dagny", "Ferdinand", "Gunvor", "Hjalmar", "Inkeri", "Joonatan",
    "Katri", "Leopold", "Maininki", "Nestori", "Olgamaria", "Petronella", "Quirinus", "Roosa",
    "Simeon", "Tellervo", "Unelma", "Vappu", "Wiljam", "Xaveria", "Yrjänä", "Zacharias", "Ådolf",
    "Äimärautio", "Ruskatar", "Puhuri", "Hallatar", "Kuurankukka", "Lumikki",
)  # fmt: skip
"""One for each person: namesakes are for the duplicates alone. At least five letters each: shorter
ones turn up in random bytes, where tests look for them.
"""

SURNAMES = (
    "Kuvitteellinen", "Esimerkki", "Satuhahmo", "Harjoitelma", "Keksitty", "Mallikas",
    "Tarinainen", "Olematon",
)  # fmt: skip

SERVICES = (
    ("Päiväkeskus Lyhty", ("day_centre",), "Kuvitelma", "Lyhtykuja 1", "ma–pe 8–15, la 9–13"),
    ("Ensisuoja Katos", ("emergency_shelter",), "Kuvitelma", "Katoskatu 4", "joka yö 20–8"),
    ("Ruokakassi Reilu", ("food_aid",), "Kuvitelma", "Reilutie 2", "ma ja to 10–12"),
    ("Pesutupa Puro", ("clothing_laundry",), "Kuvitelma", "Purokuja 6", "ti ja pe 9–14"),
    ("Sosiaalipäivystys", ("social_emergency",), "Kuvitelma", "Keskuskatu 1", "aina auki"),
    ("Aikuissosiaalityö", ("social_services",), "Kuvitelma", "Virastotie 3", "ma–pe 9–15"),
    ("Etuuspiste", ("benefits_office",), "Kuvitelma", "Virastotie 5", "ajanvarauksella"),
    ("Asumisneuvonta", ("housing_advice",), "Kuvitelma", "Kunnankuja 1", "ma–to 9–15"),
    ("Vuokra-asunnot Esimerkki", ("housing_provider",), "Kuvitelma", "Asuntotie 10", "ma–pe 9–16"),
    ("Talous- ja velkaneuvonta", ("debt_advice",), "Kuvitelma", "Oikeuskatu 2", "ajanvarauksella"),
    ("Terveysasema", ("health_service",), "Kuvitelma", "Terveystie 7", "joka päivä 8–22"),
    ("Matalan kynnyksen vastaanotto", ("substance_service",), "Kuvitelma", "Rantatie 9",
     "ma–pe 9–15"),
    ("Mielenterveyden päivystävä hoitaja", ("mental_health_service",), "Kuvitelma", "Terveystie 7",
     "ma–pe 8–16"),
    ("Kriisipuhelin", ("crisis_help",), "Kuvitelma", "", "aina auki"),
    ("Diakoniatyö", ("church_aid", "food_aid"), "Kuvitelma", "Kirkkokuja 2", "ti 9–11"),
    ("Vertaisryhmä Oma avain", ("peer_group",), "Kuvitelma", "Lyhtykuja 1", "ke 17–19"),
    ("Työpaja Alku", ("employment",), "Kuvitelma", "Pajatie 12", "ma–pe 8–14"),
    ("Kansalaisopiston kuvataide", ("leisure",), "Kuvitelma", "Opintie 1", "to 16–18"),
    ("Hammashoitola", ("health_service",), "Kuvitelma", "Terveystie 7", "ma–pe 8–15"),
    ("Tukiasunnot Silta", ("housing_provider",), "Kuvitelma", "Siltakatu 20", "ma–pe 9–16"),
)  # fmt: skip
"""(name, services, municipality, address, opening hours)."""
