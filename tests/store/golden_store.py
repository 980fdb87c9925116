"""`python -m tests.store.golden_store DIR`: a small device's whole store, to be kept for good.

What it makes is committed once for each format version, under `golden/store-<version>`, and never
made again: later apps have to open what an earlier one left, not what they would leave themselves.
"""

from __future__ import annotations

import sys
from pathlib import Path

from field_app.domain.records import Encounter, HealthNote, Person
from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.editing import edit_towards
from field_app.store.export import export_store
from field_app.store.identity import Identity
from field_app.store.outbox import Saved
from field_app.sync.admission import Enrolled
from field_app.sync.changes import person_scope
from tests.store.hand_server import TEAM, HandServer
from tests.store.makers import PASSPHRASE, PIN, SeededEntropy, SettableClock

ANSWERED = "answered.jsonl"
"""What the store exports, byte for byte."""
NOTE = 'Tavattu aseman kulmalla 🧥.\n«Huomenna» – "ehkä". می\u200cخواهم Å\u0323 =1+1\t\'); --'


def make(folder: Path) -> None:
    """Two workers, one person, a conflict, a fork, work only here, work that waits, a draft."""
    server = HandServer()
    other = _device(folder / "other", "other")
    mine = _device(folder / "store", "mine")
    ids = SeededEntropy("records")
    person, meeting = ids.new_id(), ids.new_id()
    refused = ids.new_id()
    cases = mine.require_cases()
    _write(cases, Person(id=person, name="Kettu", phone="040 123"), person, opens={person: TEAM})
    for each in (cases, other.require_cases(), cases):
        server.sync(each)
    _write(cases, Person(id=person, name="Kettu", phone="045 000"), person)
    _write(other.require_cases(), Person(id=person, name="Kettu", phone="050 765"), person)
    for each in (cases, other.require_cases(), cases):
        server.sync(each)
    request = cases.sync.fork_request()
    cases.sync.take_fork(request, _enrolled(cases, ids.new_id()))
    saved = _write(cases, Encounter(id=refused, note="Tämä jää odottamaan."), person)
    server.refuse[saved.change_set.header.id] = "needs-human"
    server.sync(cases)
    _write(cases, Encounter(id=meeting, outcome="reached", note=NOTE), person)
    _write(cases, HealthNote(id=ids.new_id(), encounter=meeting, note="Sidos vaihdettu."), person)
    draft = cases.new_draft("contact", person_scope(person))
    cases.put_draft(draft)
    cases.keep_setting("language", "sv")
    while cases.catch_up():
        pass
    lines = b"".join(line + b"\n" for line in export_store(cases))
    (folder / "store" / ANSWERED).write_bytes(lines)
    mine.close()
    other.close()


def _device(directory: Path, name: str) -> DeviceStore:
    ids = SeededEntropy(f"{name} identity")
    device = DeviceStore.open(directory, SettableClock(), SeededEntropy(name))
    device.call(lambda: device.create(PIN, PASSPHRASE))
    device.require_cases().enrol(
        Identity(
            device=ids.new_id(),
            worker=ids.new_id(),
            worker_name="Testi Työntekijä",
            role="nurse",
            organisation="0a" * 16,
            organisation_name="Testialue",
            server="http://127.0.0.1:1",
            instance=ids.new_id(),
            private_key=ids.bytes(32).hex(),
            token="token",
            certificate="",
        )
    )
    return device


def _enrolled(cases: CaseStore, device: str) -> Enrolled:
    was = cases.require_identity()
    return Enrolled(
        device=device,
        worker=was.worker,
        organisation=was.organisation,
        organisation_name=was.organisation_name,
        token="another",
        epoch="first",
        certificate="",
    )


def _write(
    cases: CaseStore,
    record: Person | Encounter | HealthNote,
    person: str,
    opens: dict[str, str] | None = None,
) -> Saved:
    before = cases.record(record.id)
    return cases.save([edit_towards(record, person_scope(person), before)], opens=opens)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
