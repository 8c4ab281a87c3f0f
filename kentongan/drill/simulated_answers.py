"""What the devices of a drill answer to SNMP: uptime, ports, received light, a UPS on its battery. In columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from domain.network import Device, Medium, Role
from domain.polling import Column, Fleet, Kind, Outcome, Plan, PlanBook, Sweep
from domain.polling.plan import Budget
from kentongan.drill.truth import Port, Truth, View

SEEN_LIGHT_DBM = -14.0
UP, DOWN = 1, 2


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column reads: the uptime, the status of a port, the light on it, seconds on battery."""

    quantity: str
    port: Port = ("", "")


@dataclass(slots=True)
class SimulatedAnswers:
    """Gives out plans, and answers polls by a View of the truth. booted_at: unix seconds by device."""

    truth: Truth
    booted_at: Callable[[str], float]
    on_battery_seconds: Callable[[str], float]
    _book: PlanBook = field(default_factory=PlanBook)
    _cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict)

    def plan(self, device: Device) -> Plan | None:
        """What is asked of a device; None for one that is not polled by SNMP."""
        if not device.check.by_snmp:
            return None
        cells = [Cell("sysUpTime")]
        columns = [Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")]
        for number, port in enumerate(self._ports(device), 1):
            cells.append(Cell("ifOperStatus", port))
            oid = f"1.3.6.1.2.1.2.2.1.8.{number}"
            columns.append(Column(oid, Kind.INTEGER, "interfaces", "ifOperStatus", port[1]))
            if self._is_optical(port):
                cells.append(Cell("rx", port))
                oid = f"1.3.6.1.4.1.14988.1.1.19.1.1.10.{number}"
                columns.append(Column(oid, Kind.INTEGER, "optics", "sensor.dbm", f"{port[1]} Rx", port[1]))
        if device.role is Role.UPS:
            cells.append(Cell("battery"))
            columns.append(Column("1.3.6.1.2.1.33.1.2.2.0", Kind.INTEGER, "ups", "sensor.runtime", "On battery"))
        self._cells[device.name] = tuple(cells)
        return self._book.intern(columns, Budget())

    def _ports(self, device: Device) -> list[Port]:
        return [port for port in self.truth.ports if port[0] == device.name]

    def _is_optical(self, port: Port) -> bool:
        """A fibre between two devices, and nothing else on the port."""
        links = self.truth.links_at(port)
        return len(links) == 1 and links[0].medium is Medium.FIBRE and bool(links[0].z_device)

    def sweep(
        self, fleet: Fleet, devices: NDArray[np.int64], view: View, steady: float, unix: float
    ) -> tuple[Sweep, NDArray[np.float64]]:
        """A sweep of these devices with its readings; who is not reached is silent."""
        row, cell, raw, valid, readings = list[int](), list[int](), list[int](), list[bool](), list[float]()
        answers = np.array([fleet.name(device) in view.reached for device in devices.tolist()], np.bool_)
        for number, device in enumerate(devices.tolist()):
            name = fleet.name(device)
            if not answers[number]:
                continue
            first = int(fleet.start[device])
            for place, value in enumerate(self._values(name, view, unix)):
                row.append(number)
                cell.append(first + place)
                raw.append(0 if value is None else round(value) & 0xFFFFFFFFFFFFFFFF)
                valid.append(value is not None)
                readings.append(nan if value is None else float(value))
        count = len(devices)
        return (
            Sweep(
                device=devices,
                generation=fleet.generation[devices],
                outcome=np.where(answers, np.uint8(Outcome.OK), np.uint8(Outcome.SILENT)),
                started=np.full(count, steady),
                answered_at=np.where(answers, unix, nan),
                answered_steady=np.where(answers, steady, nan),
                round_trip=np.zeros(count),
                attempts=np.ones(count, np.int64),
                bytes_used=np.zeros(count, np.int64),
                row=np.array(row, np.int64),
                cell=np.array(cell, np.int64),
                raw=np.array(raw, np.uint64),
                valid=np.array(valid, np.bool_),
            ),
            np.array(readings, np.float64),
        )

    def _values(self, name: str, view: View, unix: float) -> Iterable[float | None]:
        for cell in self._cells[name]:
            match cell.quantity:
                case "sysUpTime":
                    yield (unix - self.booted_at(name)) * 100 % 2**32
                case "ifOperStatus":
                    yield UP if view.ports[cell.port] else DOWN
                case "rx":
                    yield SEEN_LIGHT_DBM if view.ports[cell.port] else None
                case _:
                    yield self.on_battery_seconds(name)
