"""The table of the event log. Times are unix seconds, UTC.

A row is known by `seq`, without gaps from 1. `seal` is the HMAC over the row and over `previous`, the seal before it.
The migration that makes it also forbids UPDATE and DELETE: against mistakes, an attacker is found by the seals.
"""

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

metadata = MetaData()

incident_act = Table(
    "incident_act",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("values", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("seal", Text, nullable=False),
    Index("incident_act_incident", "incident", "seq"),
)
