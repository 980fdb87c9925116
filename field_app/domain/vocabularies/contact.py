"""The contact (kohtaaminen): how, where, with what result, about what, by which method."""

from __future__ import annotations

from field_app.domain.vocabularies.code_system import Code, code_system, sensitive

CHANNEL = code_system(
    "channel",
    Code("in_person", "tapaaminen"),
    Code("phone", "puhelu"),
    Code("message", "viesti"),
)
PLACE = code_system(
    "place",
    Code("street", "katu, ulkotila"),
    Code("stairwell", "porraskäytävä"),
    Code("day_centre", "päiväkeskus"),
    Code("shelter", "ensisuoja, hätämajoitus"),
    Code("home", "kotikäynti"),
    Code("housing_unit", "asumisyksikkö"),
    sensitive("institution", "sairaala, vankila"),
    Code("office", "toimisto"),
    Code("agency", "virasto"),
)
OUTCOME = code_system(
    "outcome",
    Code("reached", "tavoitettiin"),
    Code("seen_only", "nähtiin, ei juteltu"),
    Code("not_reached", "ei tavoitettu"),
    Code("no_show", "ei saapunut"),
    Code("declined_now", "ei halunnut apua nyt"),
    Code("aborted_unsafe", "keskeytettiin turvallisuussyystä"),
)
TOPIC = code_system(
    "topic",
    Code("housing", "asuminen"),
    Code("money_debt", "raha-asiat, velat"),
    Code("benefits", "etuudet"),
    Code("basic_needs", "ruoka, vaatteet, lämpö"),
    sensitive("wellbeing", "vointi"),
    sensitive("substances", "päihteet"),
    sensitive("safety", "turvallisuus"),
    Code("relations", "läheiset"),
    Code("documents", "henkilöllisyys, asiakirjat"),
    Code("work_study", "työ, opiskelu"),
    Code("chat", "kuulumiset"),
)
METHOD = code_system(
    "method",
    Code("clarification", "konsultaatio- ja selvitystyö"),
    Code("guidance", "ohjaus ja neuvonta"),
    Code("navigation", "palveluohjaus"),
    Code("accompaniment", "saattava työ"),
    Code("network", "verkostotyö"),
    Code("material_aid", "aineellinen apu"),
)
HALF = code_system(
    "half",
    Code("social", "sosiaaliosa"),
    Code("health", "terveysosa"),
)
PRESENCE_ROLE = code_system(
    "presence_role",
    Code("partner", "puoliso, kumppani"),
    Code("child", "lapsi"),
    Code("parent", "vanhempi"),
    Code("relative", "muu läheinen"),
    Code("friend", "ystävä"),
    Code("flatmate", "kämppäkaveri"),
    Code("landlord", "vuokranantaja"),
    Code("property_manager", "isännöitsijä, huolto"),
    Code("authority", "viranomainen"),
    Code("other_worker", "muu työntekijä"),
    Code("interpreter", "tulkki"),
)
AID = code_system(
    "aid",
    Code("advice", "neuvonta"),
    Code("opening_hours", "aukioloajat, yhteystiedot"),
    Code("food", "ruoka, eväät"),
    Code("clothes", "vaatteet, sukat"),
    Code("sleeping_bag", "makuupussi, peitto"),
    Code("hygiene", "hygieniatarvikkeet"),
    Code("travel", "matkalippu"),
    Code("escorted", "saatettu paikkaan"),
    sensitive("first_aid", "ensiapu"),
    Code("company", "juttelu"),
)

SYSTEMS = (CHANNEL, PLACE, OUTCOME, TOPIC, METHOD, HALF, PRESENCE_ROLE, AID)
