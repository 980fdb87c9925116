"""The work as the app orders it: kinds of records, registers, deadlines, parts of the lists."""

from __future__ import annotations

from field_app.domain.vocabularies.code_system import Code, code_system

RECORD_TYPE = code_system(
    "record_type",
    Code("person", "asiakkaan tiedot"),
    Code("matter", "asia"),
    Code("encounter", "kohtaaminen"),
    Code("anonymous_contact", "nimetön kohtaaminen"),
    Code("health_note", "terveysosa"),
    Code("assessment", "kartoitus"),
    Code("navigation_step", "palveluohjauksen vaihe"),
    Code("task", "tehtävä"),
    Code("housing_period", "asumisjakso"),
    Code("directory_entry", "palvelu"),
)
REGISTER = code_system(
    "register",
    Code("common", "yhteiset tiedot"),
    Code("social", "sosiaalihuollon tiedot"),
    Code("health", "terveydenhuollon tiedot"),
)
STEP_SOURCE = code_system(
    "step_source",
    Code("encounter", "sovittu tavattaessa"),
    Code("next_try", "uusi yritys"),
    Code("task", "tehtävä"),
    Code("navigation_step", "palveluohjaus"),
)
DEADLINE = code_system(
    "deadline",
    Code("due", "sovittu päivä"),
    Code("info_reply", "lisäselvityksen määräaika"),
    Code("exhortation", "kehotuksen määräaika"),
    Code("decision", "päätöksen aika"),
    Code("first_meeting", "ensitapaaminen"),
)
TODAY_SECTION = code_system(
    "today_section",
    Code("urgent", "kiireelliset ja turvallisuus"),
    Code("agreed", "sovitut tapaamiset"),
    Code("overdue", "myöhässä"),
    Code("unreached", "pitkään tavoittamatta"),
    Code("only_here", "vain tässä puhelimessa"),
    Code("drafts", "luonnokset"),
    Code("partner", "työparin lisäykset"),
)
MORNING_SECTION = code_system(
    "morning_section",
    Code("acute_intake", "akuutit yhteydenotot, ei vielä tavattu"),
    Code("placements_ending", "päättyvät majoitukset"),
    Code("absent_workers", "poissa olevien asiakkaat"),
    Code("waiting_changes", "odottavat muutokset"),
    Code("unsynced", "synkronoimatta"),
    Code("conflicts", "ristiriidat"),
    Code("duplicates", "mahdolliset kaksoiskappaleet"),
    Code("unreached", "pitkään tavoittamatta"),
    Code("load", "työn määrä"),
)

SYSTEMS = (RECORD_TYPE, REGISTER, STEP_SOURCE, DEADLINE, TODAY_SECTION, MORNING_SECTION)
