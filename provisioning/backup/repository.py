"""The git repository of the configurations: one commit a change, on one branch, a file for each device.

Bare, so that nobody's half-saved file is in the way: `git -C FOLDER log -p`. What is committed is committed: objects
are on the disk before the branch names them, so a kill leaves the repository as it was before or as it is after.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from dulwich.errors import NotGitRepository
from dulwich.file import FileLocked
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from domain.language import _
from provisioning.backup.errors import NoBackupError, RepositoryError
from provisioning.backup.messages import message_of, revision_in
from provisioning.backup.records import Revision, Why

MAIN: Final = Ref(b"refs/heads/main")
FILE_MODE: Final = 0o100644
FOLDER_MODE: Final = 0o040000
COMMITTER: Final = b"Kentongan <kentongan@localhost>"
SHORTEST_ID: Final = 4


class ConfigRepository:
    """Opens nothing until it is used. Safe for threads and for several processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._repo: Repo | None = None
        self._swept = False
        self._mutex = threading.RLock()

    def latest(self, device: str, site: str = "") -> str | None:
        """The text that is kept of a device now. site: where to look first."""
        with self._reading() as repo:
            found = self._find(repo, device, site) if repo else None
            return _blob(repo, found[1]) if repo and found else None

    def revision_of(self, device: str) -> str | None:
        """The commit of its newest text."""
        newest = next(iter(self.history(device, 1)), None)
        return newest.id if newest else None

    def history(self, device: str, most: int = 0) -> list[Revision]:
        """Its commits, newest first; most: 0 for all."""
        with self._reading() as repo:
            found: list[Revision] = []
            at = self._newest(repo, device) if repo else None
            while repo and at is not None and (not most or len(found) < most):
                commit = repo[at]
                assert isinstance(commit, Commit)
                revision, at = revision_in(commit)
                found.append(revision)
            return found

    def at(self, device: str, revision: str) -> str:
        """The text of a revision (or the beginning of its number). Raises NoBackupError."""
        known = [each.id for each in self.history(device) if each.id.startswith(revision)]
        if len(revision) < SHORTEST_ID or len(known) != 1:
            raise NoBackupError(
                _("There is no revision {revision} of {device}. See: kentongan config history {device}").format(
                    revision=revision, device=device
                )
            )
        with self._reading() as repo:
            assert repo is not None
            text = self._in_commit(repo, ObjectID(known[0].encode()), device)
            assert text is not None
            return _blob(repo, text)

    def put(self, device: str, site: str, text: str, why: Why, counts: tuple[int, int], at: datetime) -> str:
        """Commit a text, and return the commit's number. Raises RepositoryError; then nothing has changed."""
        with self._writing() as repo:
            head = _head(repo)
            previous = self._newest(repo, device)
            blob = Blob.from_string(text.encode())
            root = self._tree(repo, head)
            objects: list[ShaFile] = [blob, *_placed(repo, root, device, site, blob, self._find(repo, device, site))]
            commit = _commit(root, head, message_of(device, why, counts, previous), why, at)
            for each in (*objects, root, commit):
                _without_dead_locks(partial(repo.object_store.add_object, each))
            _without_dead_locks(partial(repo.refs.set_if_equals, MAIN, head, commit.id))
            _without_dead_locks(partial(repo.refs.set_if_equals, _index(device), None, commit.id))
            return commit.id.decode()

    def _newest(self, repo: Repo, device: str) -> ObjectID | None:
        """The last commit of a device. Its index says it; after a kill between the two refs the branch is asked."""
        found = self._find(repo, device)
        if found is None:
            return None
        indexed = repo.refs.read_ref(_index(device))
        if indexed is not None and self._in_commit(repo, ObjectID(indexed), device) == found[1]:
            return ObjectID(indexed)
        at = _head(repo)
        while at is not None:
            commit = repo[at]
            assert isinstance(commit, Commit)
            if f"\nDevice: {device}\n".encode() in commit.message:
                return at
            at = commit.parents[0] if commit.parents else None
        return None

    def _find(self, repo: Repo, device: str, site: str = "") -> tuple[bytes, ObjectID] | None:
        """(folder, blob) of a device in the newest tree."""
        head = _head(repo)
        return self._look(repo, head, device, site) if head else None

    def _in_commit(self, repo: Repo, at: ObjectID, device: str) -> ObjectID | None:
        with suppress(KeyError):
            found = self._look(repo, at, device, "")
            return found[1] if found else None
        return None

    def _look(self, repo: Repo, at: ObjectID, device: str, site: str) -> tuple[bytes, ObjectID] | None:
        root, name = self._tree(repo, at), _name(device)
        folders = [entry.path for entry in root.items()]
        for folder in sorted(folders, key=lambda each: each != _name(site)):
            tree = repo[root[folder][1]]
            assert isinstance(tree, Tree)
            if name in tree:
                return folder, tree[name][1]
        return None

    @staticmethod
    def _tree(repo: Repo, head: ObjectID | None) -> Tree:
        if head is None:
            return Tree()
        commit = repo[head]
        assert isinstance(commit, Commit)
        tree = repo[commit.tree]
        assert isinstance(tree, Tree)
        return tree

    @contextmanager
    def _reading(self) -> Iterator[Repo | None]:
        with self._mutex, self._told():
            yield self._open(make=False)

    @contextmanager
    def _writing(self) -> Iterator[Repo]:
        with self._mutex, self._told():
            self.folder.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            lock = self.folder.with_name(f"{self.folder.name}.lock")
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                repo = self._open(make=True)
                assert repo is not None
                self._sweep()
                yield repo
            finally:
                os.close(descriptor)

    def _sweep(self) -> None:
        """Once: what writers left that were killed. We hold their lock, so they are dead."""
        if not self._swept:
            for pattern in ("objects/??/*.lock", "refs/*/*.lock"):
                for left in self.folder.glob(pattern):
                    left.unlink(missing_ok=True)
            self._swept = True

    def _open(self, make: bool) -> Repo | None:
        if self._repo is None:
            try:
                repo = Repo(str(self.folder))
            except NotGitRepository:
                if not make:
                    return None
                repo = _made(self.folder)
            # A power cut must not leave names of what is not there.
            repo.object_store.fsync_object_files = True
            self._repo = repo
        return self._repo

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of the disk and of the repository, in words."""
        try:
            yield
        except OSError as error:
            self._repo = None
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            why = _("the disk is full; make room") if full else str(error.strerror or error)
            raise RepositoryError(
                _("Configurations in {folder} cannot be read or written: {why}. What was kept is still there.").format(
                    folder=self.folder, why=why
                )
            ) from error
        except (KeyError, ValueError, AssertionError) as error:
            self._repo = None
            raise RepositoryError(
                _(
                    "The repository {folder} is damaged ({why}). Look with: git -C {folder} fsck. If it cannot be "
                    "mended, move it away: the next backup begins a new one."
                ).format(folder=self.folder, why=type(error).__name__)
            ) from error


def _made(folder: Path) -> Repo:
    """Beside its place first: a kill in the middle must not leave what is half a repository."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o750)
    Repo.init_bare(str(fresh), mkdir=False, default_branch=b"main").close()
    fresh.rename(folder)
    return Repo(str(folder))


def _head(repo: Repo) -> ObjectID | None:
    found = repo.refs.read_ref(MAIN)
    return ObjectID(found) if found else None


def _blob(repo: Repo, key: ObjectID) -> str:
    blob = repo[key]
    assert isinstance(blob, Blob)
    return blob.data.decode()


def _placed(
    repo: Repo, root: Tree, device: str, site: str, blob: Blob, found: tuple[bytes, ObjectID] | None
) -> list[ShaFile]:
    """Put a file into the tree of its site; taken out of another one if the device has moved."""
    changed: list[ShaFile] = []
    folder, name = _name(site), _name(device)
    if found is not None and found[0] != folder:
        changed += _replaced(repo, root, found[0], name, None)
    return changed + _replaced(repo, root, folder, name, blob)


def _replaced(repo: Repo, root: Tree, folder: bytes, name: bytes, blob: Blob | None) -> list[ShaFile]:
    tree = repo[root[folder][1]] if folder in root else Tree()
    assert isinstance(tree, Tree)
    if blob is not None:
        tree.add(name, FILE_MODE, blob.id)
    else:
        del tree[name]
    if not len(tree):
        del root[folder]
        return []
    root.add(folder, FOLDER_MODE, tree.id)
    return [tree]


def _commit(root: Tree, head: ObjectID | None, message: str, why: Why, at: datetime) -> Commit:
    commit = Commit()
    commit.tree = root.id
    commit.parents = [head] if head else []
    commit.author = f"{_plain(why.who)} <>".encode() if _plain(why.who) else COMMITTER
    commit.committer = COMMITTER
    commit.author_time = commit.commit_time = int(at.astimezone(UTC).timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = message.encode()
    return commit


def _without_dead_locks(write: Callable[[], object]) -> None:
    """Whoever left a lock file is dead: the writers' own lock is held by us."""
    try:
        write()
    except FileLocked as error:
        Path(os.fsdecode(error.lockfilename)).unlink(missing_ok=True)
        write()


def _index(device: str) -> Ref:
    return Ref(b"refs/devices/" + hashlib.sha256(device.encode()).hexdigest()[:24].encode())


def _name(text: str) -> bytes:
    """A file's name: what a file system or git could misread is written as %XX."""
    quoted = re.sub(r"[^\w.@+-]", lambda match: "".join(f"%{octet:02X}" for octet in match[0].encode()), text)
    return (re.sub(r"^\.", "%2E", quoted) or "%").encode()


def _plain(who: str) -> str:
    return re.sub(r"[<>\n\r]", "", who).strip()
