"""What hangs on an OLT's fibres: ONUs with serial, type and light, as the test or the trainer gives them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Onu:
    """`port` is the OLT's name of the PON port: `1/1/1` on ZTE, `0/1/0` on Huawei."""

    port: str
    serial: str
    equipment: str = "F660"
    rx_dbm: float = -19.8
    distance_m: int = 1830


class Plant:
    """ONUs that are lit now."""

    def __init__(self, onus: tuple[Onu, ...]) -> None:
        self.onus = list(onus)

    def attach(self, onu: Onu) -> None:
        self.detach(onu.serial)
        self.onus.append(onu)

    def detach(self, serial: str) -> None:
        self.onus = [onu for onu in self.onus if onu.serial != serial]

    def on(self, port: str, serial: str) -> Onu | None:
        """The lit ONU of that serial on that port."""
        return next((onu for onu in self.onus if onu.port == port and onu.serial == serial), None)
