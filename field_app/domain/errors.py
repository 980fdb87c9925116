"""Every error of Rinnalla, one tree.

FieldAppError                     anything this product says went wrong
├── InvalidInput                  what was given cannot be used as it is
│   ├── InvalidRecord             a field's value is outside its declaration
│   ├── UnknownCode               a save chooses a code its vocabulary does not have
│   ├── HousingOrderUnknown       housing values that no day puts in order
│   ├── TooLarge                  a save or a message is over its limit
│   ├── PinNotAllowed             a PIN that is too short, not digits, or guessed first
│   │   ├── PinTooShort           fewer digits than `values["least"]`, or more than `values["most"]`
│   │   ├── PinNotDigits          something other than digits
│   │   └── PinTooSimple          one of the PINs everybody tries first
│   ├── PinsDiffer                a new PIN was given differently the second time
│   ├── WordsDiffer               the six words were not typed back as they were shown
│   ├── PassphraseNotAllowed      not six words of the list
│   ├── InvalidSettings           a flag, a variable or a file's key does not fit
│   ├── CodeMistyped              the text is not an enrolment code, or a character of it is wrong
│   ├── NotFound                  there is no such thing, or it is not for the one who asks
│   │   ├── NoOrganisation        the server's database holds no organisation yet
│   │   └── NameNotFound          no team or worker has this name or id, or several have it
│   ├── AlreadyThere              it exists already, or was decided already
│   │   ├── OrganisationExists    the server's database holds its organisation already
│   │   └── NameTaken             a team of this name is there already
│   ├── CannotAccept              a refused change that nobody can accept as it is
│   ├── SignedAlready             the record is signed
│   └── NothingToSave             the save would change nothing
├── StoreError                    the phone's own store
│   ├── StoreLocked               the keys were dropped
│   ├── StoreMissing              nothing has been created here yet
│   ├── StoreExists               a store is here already and is not written over
│   ├── StoreInUse                another process has this data directory open
│   ├── StoreFromNewerVersion     written by a newer app (`values["found"]` > `values["known"]`)
│   ├── StoreDamaged              what was read is not what was written
│   │   └── EnvelopeDamaged       one sealed row does not open where it lies
│   ├── DiskFull                  no room left
│   ├── KeystoreUnavailable       the device's keystore does not answer
│   │   └── DeviceSecretMissing   the keystore no longer holds this store's secret
│   ├── KeyWorn                   a key has sealed as much as it safely may
│   ├── CryptographyBroken        a primitive fails its known answer on this device
│   ├── WrongSecret               the PIN or the passphrase does not open it
│   │   ├── WrongPin              the PIN does not open the store
│   │   ├── WrongPassphrase       the passphrase does not open the store
│   │   └── TooManyAttempts       wrong PINs in a row
│   └── NotEnrolled               the device belongs to nobody yet
├── SyncError                     talking with the server
│   ├── Malformed                 bytes that are not what the protocol says
│   │   └── AnswerDamaged         an answer that was damaged on its way, or is another program's
│   ├── Offline                   no network, or the switch says so; all others need a network
│   ├── ServerUnreachable         no answer: name, connection, proxy
│   │   └── ServerNotTrusted      an answer, but not from the organisation's server
│   │       └── CertificateDates  by this device's clock the server's certificate is not valid yet,
│   ├── TimedOut                  the answer takes too long
│   ├── CaptivePortal             a network's sign-in page answers in the server's place
│   ├── ServerTrouble             the server itself has a fault
│   ├── UpgradeRequired           one side speaks a newer protocol
│   ├── SuddenlyEmpty             the server takes everything away at once
│   ├── AnswerIncomplete          an answer that leaves the device where it was
│   ├── AnswerTooLarge            more than a device reads at once
│   ├── ServerRefused             a problem with a code this version does not know
│   ├── ChainForked               the device's history is not the one the server knows
│   ├── BadSignature              a signature does not fit the chain it covers
│   ├── ChainGap                  the server lacks earlier headers of this device
│   ├── NotAuthenticated          nobody the server knows
│   │   ├── TokenExpired          the token is past its time
│   │   └── DeviceRevoked         the device may not talk to the server any more
│   ├── RateLimited               too many requests
│   └── OwnSetUnknown             the stream shows a save of this device that it no longer holds
├── CannotStart                   a program, before it does anything
│   ├── PortBusy                  another program listens there
│   ├── FolderNotUsable           the data folder cannot be written
│   ├── ChildFailed               a process of the demo ended by itself, or did not start
│   └── PackagesMissing           the command's packages are not installed
├── AccessDenied                  the policy says no
│   └── CodeRefused               the server knows no such enrolment code
│       ├── CodeUsed              the enrolment code was used already
│       └── CodeExpired           the enrolment code is past its ten minutes
└── ServerError                   the server's own ground: its database, its key
    ├── DatabaseUnreachable       the database does not answer or cannot be opened
    ├── DatabaseNewer             the database was written by a newer version of this program
    └── DatabaseFull              the server's disk is full

Each class has a stable `code`; its text for people is the catalogue entry `error.<code>`, filled
with `values`. Values never hold personal data: errors reach logs.
"""

from __future__ import annotations

from typing import ClassVar


class FieldAppError(Exception):
    """The root: a stable code, values for its text, and an exit code for the command line."""

    code: ClassVar[str] = "unexpected"
    exit_code: ClassVar[int] = 1

    def __init__(self, detail: str = "", **values: str | int) -> None:
        """Keep a developer's detail (never shown to people) and the values of the text."""
        super().__init__(detail or self.code)
        self.detail = detail
        self.values = values


class InvalidInput(FieldAppError):
    """What was given cannot be used as it is."""

    code = "invalid_input"
    exit_code = 2


class InvalidRecord(InvalidInput):
    """A field's value is outside its declaration; `values["field"]` names the field."""

    code = "invalid_record"


class UnknownCode(InvalidInput):
    """A save chooses a code its vocabulary does not have; `values["field"]` names the field."""

    code = "unknown_code"


class HousingOrderUnknown(InvalidInput):
    """Housing values cannot be put in order: ask "milloin?" of each again."""

    code = "housing_order_unknown"


class TooLarge(InvalidInput):
    """A save or a message is over its limit."""

    code = "too_large"


class PinNotAllowed(InvalidInput):
    """A PIN that cannot be chosen; the classes below say why."""

    code = "pin_not_allowed"


class PinTooShort(PinNotAllowed):
    """Fewer digits than `values["least"]`, or more than `values["most"]`."""

    code = "pin_too_short"


class PinNotDigits(PinNotAllowed):
    """Something other than digits."""

    code = "pin_not_digits"


class PinTooSimple(PinNotAllowed):
    """One of the PINs everybody tries first: 123456, 000000, 121212."""

    code = "pin_too_simple"


class PinsDiffer(InvalidInput):
    """A new PIN was given differently the second time."""

    code = "pins_differ"


class WordsDiffer(InvalidInput):
    """The six words were not typed back as they were shown."""

    code = "words_differ"


class PassphraseNotAllowed(InvalidInput):
    """Not six words of the product's own list; passphrases are generated, never thought up."""

    code = "passphrase_not_allowed"


class InvalidSettings(InvalidInput):
    """A setting does not fit; `values` name the setting and its source, never what was given."""

    code = "invalid_settings"


class StoreError(FieldAppError):
    """The phone's own store."""

    code = "store"
    exit_code = 3


class StoreLocked(StoreError):
    """The keys were dropped; it has to be unlocked first."""

    code = "store_locked"


class StoreMissing(StoreError):
    """Nothing has been created here yet."""

    code = "store_missing"


class StoreExists(StoreError):
    """A store is here already and is not written over."""

    code = "store_exists"


class StoreInUse(StoreError):
    """Another process has this data directory open."""

    code = "store_in_use"


class StoreFromNewerVersion(StoreError):
    """Written by a newer app (`values["found"]` > `values["known"]`); left untouched."""

    code = "store_from_newer_version"


class StoreDamaged(StoreError):
    """What was read is not what was written: altered, swapped, or not a store at all."""

    code = "store_damaged"


class EnvelopeDamaged(StoreDamaged):
    """One sealed row does not open where it lies; the rest of the store may be whole."""

    code = "envelope_damaged"


class DiskFull(StoreError):
    """No room left; nothing of the failed save was kept, nothing saved before was lost."""

    code = "disk_full"


class KeystoreUnavailable(StoreError):
    """The device's keystore does not answer; the passphrase still opens the store."""

    code = "keystore_unavailable"


class DeviceSecretMissing(KeystoreUnavailable):
    """The keystore no longer holds this store's secret: the PIN is of no use, set a new one."""

    code = "device_secret_missing"


class KeyWorn(StoreError):
    """A key has sealed as much as it safely may; the data key has to be rotated."""

    code = "key_worn"


class CryptographyBroken(StoreError):
    """A primitive fails its known answer on this device; nothing is opened or written."""

    code = "cryptography_broken"


class WrongSecret(StoreError):
    """What was given does not open the store."""

    code = "wrong_secret"


class WrongPin(WrongSecret):
    """The PIN does not open the store; `values["wait_s"]` is the wait before the next try."""

    code = "wrong_pin"


class WrongPassphrase(WrongSecret):
    """The passphrase does not open the store."""

    code = "wrong_passphrase"


class TooManyAttempts(WrongSecret):
    """Wrong PINs in a row: the PIN is not tried before the instant `values["until"]`."""

    code = "too_many_attempts"


class SyncError(FieldAppError):
    """Talking with the server."""

    code = "sync"
    exit_code = 4


class Malformed(SyncError):
    """Bytes that are not what the protocol says."""

    code = "malformed"


class AnswerDamaged(Malformed):
    """An answer that was damaged on its way, or is another program's: not the protocol's fault."""

    code = "answer_damaged"


class Offline(SyncError):
    """No network, or the person switched it off: nothing was sent."""

    code = "offline"


class ServerUnreachable(SyncError):
    """The network is there, the server does not answer: its name, the connection, a proxy."""

    code = "server_unreachable"


class ServerNotTrusted(ServerUnreachable):
    """What answers cannot prove to be the organisation's server: nothing was sent to it."""

    code = "server_not_trusted"


class CertificateDates(ServerNotTrusted):
    """By this device's clock the server's certificate is not valid yet, or no longer."""

    code = "certificate_dates"


class TimedOut(SyncError):
    """The server takes too long to answer; whether it did what was asked shows at the next sync."""

    code = "timed_out"


class CaptivePortal(SyncError):
    """The network's sign-in page answers in the server's place."""

    code = "captive_portal"


class ServerTrouble(SyncError):
    """The server itself has a fault; `values["status"]` is its HTTP status."""

    code = "server_trouble"


class UpgradeRequired(SyncError):
    """The other side speaks another protocol version: the app, or the server, must be updated."""

    code = "upgrade_required"


class SuddenlyEmpty(SyncError):
    """The server says the device may read nothing any more: stop and ask, purge nothing."""

    code = "suddenly_empty"


class AnswerIncomplete(SyncError):
    """The server's answer leaves the device exactly where it was: asking again would not end."""

    code = "answer_incomplete"


class AnswerTooLarge(SyncError):
    """The server's answer is over the limit a device reads; nothing of it was kept."""

    code = "answer_too_large"


class ServerRefused(SyncError):
    """A problem whose code this version does not know; `values["problem"]` keeps the code."""

    code = "server_refused"


class ChainForked(SyncError):
    """The device's chain of headers is not the one the server knows."""

    code = "chain_forked"


class BadSignature(SyncError):
    """A signature does not fit the chain it covers."""

    code = "bad_signature"


class CannotStart(FieldAppError):
    """A program cannot start; nothing was touched yet."""

    code = "cannot_start"
    exit_code = 6


class PortBusy(CannotStart):
    """Another program listens on the port."""

    code = "port_busy"


class FolderNotUsable(CannotStart):
    """A folder or file cannot be read or written."""

    code = "folder_not_usable"


class ChildFailed(CannotStart):
    """A process of the demo ended by itself, or did not start; `values` name it and its log."""

    code = "child_failed"


class PackagesMissing(CannotStart):
    """The command's packages are not installed; `values["package"]` names the first."""

    code = "packages_missing"


class AccessDenied(FieldAppError):
    """The policy says no."""

    code = "access_denied"
    exit_code = 5


class ChainGap(SyncError):
    """The server lacks earlier headers of this device; `values["counter"]` is its last one."""

    code = "chain_gap"


class NotAuthenticated(SyncError):
    """Nobody the server knows: no token, or an unknown one."""

    code = "not_authenticated"


class TokenExpired(NotAuthenticated):
    """The token is past its time; `values["challenge"]` is to be signed for a new one."""

    code = "token_expired"


class DeviceRevoked(NotAuthenticated):
    """The device may not talk to the server any more; its unsynced work stays on it."""

    code = "device_revoked"


class RateLimited(SyncError):
    """Too many requests; `values["seconds"]` says how long to wait."""

    code = "rate_limited"


class CodeMistyped(InvalidInput):
    """The text is not an enrolment code, or a character of it is wrong."""

    code = "code_mistyped"


class CodeRefused(AccessDenied):
    """The server knows no such enrolment code."""

    code = "code_wrong"


class CodeUsed(CodeRefused):
    """The enrolment code was used already."""

    code = "code_used"


class CodeExpired(CodeRefused):
    """The enrolment code is past its ten minutes."""

    code = "code_expired"


class NotFound(InvalidInput):
    """There is no such thing, or it is not for the one who asks."""

    code = "not_found"


class NoOrganisation(NotFound):
    """The server's database holds no organisation yet."""

    code = "no_organisation"


class NameNotFound(NotFound):
    """No team or worker has this name or id, or several have it."""

    code = "name_not_found"


class AlreadyThere(InvalidInput):
    """It exists already, or was decided already."""

    code = "already_there"


class OrganisationExists(AlreadyThere):
    """The server's database holds its organisation already."""

    code = "organisation_exists"


class NameTaken(AlreadyThere):
    """A team of this name is there already."""

    code = "name_taken"


class CannotAccept(InvalidInput):
    """A refused change that nobody can accept as it is; it can be set aside and written anew."""

    code = "cannot_accept"


class ServerError(FieldAppError):
    """The server's own ground: its database, its key."""

    code = "server"
    exit_code = 7


class DatabaseUnreachable(ServerError):
    """The database does not answer or cannot be opened."""

    code = "database_unreachable"


class DatabaseNewer(ServerError):
    """The database was written by a newer version of this program."""

    code = "database_newer"


class DatabaseFull(ServerError):
    """The server's disk is full; nothing of the request was stored."""

    code = "database_full"


class SignedAlready(InvalidInput):
    """The record is signed: only a correction with a reason can follow."""

    code = "signed_already"


class NothingToSave(InvalidInput):
    """The save would change nothing."""

    code = "nothing_to_save"


class NotEnrolled(StoreError):
    """The device belongs to nobody yet."""

    code = "not_enrolled"


class OwnSetUnknown(SyncError):
    """The stream shows a save of this device that it no longer holds: ask for it in full."""

    code = "own_set_unknown"
