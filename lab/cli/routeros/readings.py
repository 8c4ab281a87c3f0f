"""What a router answers beyond its configuration: resources, serial, log, files, a scheduler's runs."""

from typing import Protocol

from lab.cli.routeros.configuration import Item
from lab.cli.routeros.menus import Menu


class Readings(Protocol):
    """Implemented by the router. `rows`: a dict is one record, a list a table."""

    @property
    def tables(self) -> frozenset[str]: ...

    def rows(self, path: str) -> "dict[str, str] | list[dict[str, str]]": ...

    def shown(self, menu: Menu, item: Item, name: str) -> str: ...

    def row(self, menu: Menu, item: Item) -> Item: ...

    def dynamic(self, path: str) -> list[Item]: ...
