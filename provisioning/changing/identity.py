"""Who answers, before anything is told: the serial of a device, and the ONUs at the places where an OLT is to know one.

Asks nothing of a device that is planned without a serial. Changes nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.intent import Configuration
from domain.language import _
from domain.network.units import is_same_unit, plain_serial
from domain.shell import Command, Shell
from provisioning.changing.errors import WrongDeviceError
from provisioning.platforms.pushing.onus import WAITING, Registration, registrations, waiting
from provisioning.platforms.serials import QUESTIONS, comparable

if TYPE_CHECKING:
    from provisioning.changing.devices import Party


def check_serial(shell: Shell, party: "Party", written: str) -> str:
    """What is to be said, '' for nothing. written: its configuration. Raises WrongDeviceError with both serials."""
    platform = party.configuration.platform
    if not party.serial or platform in WAITING:
        return ""
    told = comparable(party.serial, _told(shell, party, written))
    if not told:
        return _("{device} tells no serial to check.").format(device=party.device)
    if any(is_same_unit(each, party.serial) for each in told):
        return ""
    raise WrongDeviceError(
        _(
            "At {address} answers the serial {found}, and {device} is planned with {serial}. Was it replaced? Then: "
            "kentongan device replace {device} --serial {found}"
        ).format(address=party.first.address, found=told[0], device=party.device, serial=party.serial)
    )


def _told(shell: Shell, party: "Party", written: str) -> tuple[str, ...]:
    found = party.serial_in(written)
    if found:
        return (found,)
    for question in QUESTIONS.get(party.configuration.platform, ()):
        told = question.found_in(shell.run(Command(question.asks, question.seconds)).text)
        if told:
            return told
    return ()


def check_onus(shell: Shell, configuration: Configuration, now: str, *, replaces: bool) -> str:
    """What is to be said, '' for nothing. now: the OLT's configuration. replaces: an ONU of another serial at its place
    is what the change is about. Raises WrongDeviceError with both serials, or with both places."""
    platform = configuration.platform
    if platform not in WAITING:
        return ""
    held = list(registrations(platform, now))
    wanted = [each for each in registrations(platform, "\n".join(configuration.lines())) if not _is_held(each, held)]
    if not wanted:
        return ""
    for each in wanted:
        _check_place(configuration.device, each, held, replaces=replaces)
    unknown = list(waiting(shell.run(Command(WAITING[platform], 30.0)).text))
    return " ".join(_check_waiting(configuration.device, wanted, unknown))


def _is_held(wanted: Registration, held: list[Registration]) -> bool:
    return any((each.port, each.onu) == (wanted.port, wanted.onu) and _same(each, wanted.serial) for each in held)


def _same(registration: Registration, serial: str) -> bool:
    return plain_serial(registration.serial) == plain_serial(serial)


def _check_place(olt: str, wanted: Registration, held: list[Registration], *, replaces: bool) -> None:
    for each in held:
        if _same(each, wanted.serial):
            raise WrongDeviceError(
                _(
                    "{olt} knows the ONU {serial} already, at {port} as number {onu}, and it is planned at {wanted} as "
                    "number {number}. Correct olt_port and onu_id, or take it away there."
                ).format(
                    olt=olt,
                    serial=wanted.serial,
                    port=each.port,
                    onu=each.onu,
                    wanted=wanted.port,
                    number=wanted.onu,
                )
            )
        if (each.port, each.onu) == (wanted.port, wanted.onu) and not replaces:
            raise WrongDeviceError(
                _(
                    "At {port} number {onu} of {olt} the ONU {found} is registered, and {serial} is planned there. Was "
                    "it replaced? Then say so with `kentongan device replace`; else give the new one a free onu_id."
                ).format(port=wanted.port, onu=wanted.onu, olt=olt, found=each.serial, serial=wanted.serial)
            )


def _check_waiting(olt: str, wanted: list[Registration], unknown: list[tuple[str, str]]) -> Iterator[str]:
    """An ONU that nobody registered shows itself at its port as soon as it has light."""
    for each in wanted:
        ports = [port for port, serial in unknown if plain_serial(serial) == plain_serial(each.serial)]
        if ports and each.port not in ports:
            raise WrongDeviceError(
                _("{olt} sees the ONU {serial} at {port}, and it is planned at {wanted}. Correct olt_port.").format(
                    olt=olt, serial=each.serial, port=", ".join(ports), wanted=each.port
                )
            )
        others = [serial for port, serial in unknown if port == each.port]
        if not ports and others:
            yield _("{olt} does not see {serial} at {port} yet; these wait there: {others}.").format(
                olt=olt, serial=each.serial, port=each.port, others=", ".join(others)
            )
        elif not ports:
            yield _("{olt} does not see {serial} yet.").format(olt=olt, serial=each.serial)
