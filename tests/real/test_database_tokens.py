"""Heartbeat tokens over restarts, on both engines: hashes alone."""

import pytest
from sqlalchemy.exc import IntegrityError

from collectors.store.heartbeat_tokens import SqlTokenStore
from domain.services import hash_of, make_token
from kentongan.database import Database


def test_several_tokens_of_a_site_stand_beside_each_other_until_they_are_taken_back(database: Database) -> None:
    times = iter([100.0, 200.0, 300.0, 400.0])
    store = SqlTokenStore(database.engine, lambda: next(times))
    old, new, other = (make_token(letter * 20) for letter in (b"a", b"b", b"c"))
    for site, token in (("desa-1", old), ("desa-1", new), ("desa-2", other)):
        store.put(site, hash_of(token))
    with pytest.raises(IntegrityError):
        store.put("desa-3", hash_of(old))
    again = SqlTokenStore(database.engine, lambda: 0.0)
    assert [again.read().site_of(token.reveal()) for token in (old, new, other)] == ["desa-1", "desa-1", "desa-2"]
    assert [(each.site, each.made_at.timestamp()) for each in again.kept()] == [
        ("desa-1", 100.0),
        ("desa-1", 200.0),
        ("desa-2", 300.0),
    ]
    again.remove(hash_of(old))
    assert again.read().site_of(old.reveal()) is None
    assert again.read().site_of(new.reveal()) == "desa-1"
    assert (again.revoke("desa-1"), again.revoke("desa-1")) == (1, 0)
    assert list(again.read()) == ["desa-2"]
