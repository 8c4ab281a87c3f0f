"""What a device is to be told: ordered sections of lines, with holes where secrets go."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from domain.intent.platforms import Platform
from domain.intent.secret_holes import SecretHole, holes_in, masked


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one part of the templates. target: a file on the device; '' is its running configuration."""

    part: str
    lines: tuple[str, ...]
    target: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One device's rendered configuration. version: the major version its language is written for (0: any).

    gone: lines that the device must not have, as if they were told. scope: the site that it is of, on a device that
    serves others too ('': it is the whole device's); what belongs to others is nobody's business then.
    """

    device: str
    platform: Platform
    version: int
    sections: tuple[Section, ...]
    gone: tuple[Section, ...] = ()
    scope: str = ""

    def lines(self, target: str = "") -> Iterator[str]:
        """The lines of one file or of the running configuration, secrets still holes."""
        for section in self.sections:
            if section.target == target:
                yield from section.lines

    @property
    def targets(self) -> tuple[str, ...]:
        """Files and the running configuration, in the order in which they first appear."""
        return tuple(dict.fromkeys(section.target for section in self.sections))

    @property
    def holes(self) -> frozenset[SecretHole]:
        """Every secret that is needed to send it, without how it is quoted."""
        found = (hole for section in self.sections for line in section.lines for hole in holes_in(line))
        return frozenset(SecretHole(hole.credential, hole.field) for hole in found)

    def shown(self) -> str:
        """For people: files under their names, secrets as three stars."""
        parts = []
        for target in self.targets:
            head = f"==> {target} <==\n" if target else ""
            parts.append(head + "".join(f"{masked(line)}\n" for line in self.lines(target)))
        return "\n".join(parts)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of targets and lines, holes unfilled: equal intent has an equal fingerprint."""
        whole = "\0".join(f"{target}\n" + "\n".join(self.lines(target)) for target in self.targets)
        for section in self.gone:
            whole += f"\0gone {section.target}\n" + "\n".join(section.lines)
        return hashlib.sha256(whole.encode()).hexdigest()
