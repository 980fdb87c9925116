"""Errors of libraries and the operating system, as errors of ours: the edge of every command."""

from __future__ import annotations

import errno
import sys

from field_app.domain.errors import (
    DatabaseUnreachable,
    DiskFull,
    FieldAppError,
    FolderNotUsable,
    PortBusy,
)

_OF_SYSTEM: dict[int, type[FieldAppError]] = {
    errno.EADDRINUSE: PortBusy,
    errno.EADDRNOTAVAIL: PortBusy,
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EACCES: FolderNotUsable,
    errno.EPERM: FolderNotUsable,
    errno.EROFS: FolderNotUsable,
    errno.ENOTDIR: FolderNotUsable,
    errno.ENOENT: FolderNotUsable,
    errno.EEXIST: FolderNotUsable,
    errno.ENAMETOOLONG: FolderNotUsable,
    errno.EISDIR: FolderNotUsable,
}


def as_ours(error: Exception) -> FieldAppError:
    """The error of ours that says what a foreign one means; the root when none does.

    A full disk inside SQLite comes out of SQLAlchemy as an operational error like any other, so
    causes are asked too.
    """
    if isinstance(error, FieldAppError):
        return error
    for cause in _causes(error):
        if isinstance(cause, FieldAppError):
            return cause
        if isinstance(cause, OSError) and cause.errno in _OF_SYSTEM:
            return _OF_SYSTEM[cause.errno](str(cause))
        if "database or disk is full" in str(cause):
            return DiskFull()
    if _is_unreachable_database(error):
        return DatabaseUnreachable()
    return FieldAppError(type(error).__name__)


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain


def _is_unreachable_database(error: Exception) -> bool:
    # Asked of the loaded modules: a command that never touched a database need not import one.
    module = sys.modules.get("sqlalchemy.exc")
    return module is not None and isinstance(error, module.OperationalError | module.InterfaceError)
