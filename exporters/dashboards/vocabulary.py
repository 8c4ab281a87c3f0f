"""What all panels share: colours, units, words of the states, limits. The values are those of the console's tokens.

Colours are the ones for dark ground, where Grafana starts; each of them also stands on white.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models.dashboard import (
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from exporters.catalogue.devices import STATE_NUMBERS


class Colour(StrEnum):
    UP = "#58b583"
    DEGRADED = "#e3b548"
    DOWN = "#ff7a6e"
    UNREACHABLE = "#d19cb0"
    UNKNOWN = "#9aa3ad"
    MAINTENANCE = "#94b2d6"
    NILA = "#9ab7f2"  # what was measured
    SOGA = "#dba678"  # what people decided: target, contract, threshold


class Unit(StrEnum):
    """Grafana's own names."""

    NONE = "none"
    COUNT = "short"
    RATIO = "percentunit"
    PERCENT = "percent"
    SECONDS = "s"
    BITS = "bps"
    BYTES = "decbytes"
    PACKETS = "pps"
    PER_SECOND = "ops"
    DBM = "dBm"
    DB = "dB"
    CELSIUS = "celsius"
    VOLTS = "volt"
    WATTS = "watt"
    RPM = "rotrpm"
    DATE = "dateTimeAsIso"
    AGO = "dateTimeFromNow"


@dataclass(frozen=True, slots=True)
class About:
    """What a panel shows and what to think of it: Indonesian, then English."""

    indonesian: str
    english: str

    @property
    def text(self) -> str:
        return f"{self.indonesian}\n\n*{self.english}*"


@dataclass(frozen=True, slots=True)
class Limits:
    """Colours by value: `first` below the lowest step, then each from its value on."""

    first: Colour
    steps: Sequence[tuple[float, Colour]] = ()

    @property
    def builder(self) -> ThresholdsConfig:
        steps = [Threshold(None, self.first), *(Threshold(value, colour) for value, colour in self.steps)]
        return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)

    def plain(self) -> dict[str, object]:
        """As a field's override has it."""
        return {
            "mode": "absolute",
            "steps": [
                {"value": None, "color": self.first},
                *({"value": value, "color": colour} for value, colour in self.steps),
            ],
        }


MEASURED: Final = Limits(Colour.NILA)
GOOD_WHEN_ZERO: Final = Limits(Colour.UP, ((1, Colour.DOWN),))
WATCH_WHEN_ANY: Final = Limits(Colour.UP, ((1, Colour.DEGRADED),))
AVAILABILITY: Final = Limits(Colour.DOWN, ((0.95, Colour.DEGRADED), (0.99, Colour.UP)))
FILLING: Final = Limits(Colour.UP, ((0.7, Colour.DEGRADED), (0.9, Colour.DOWN)))
COMPLETENESS: Final = Limits(Colour.DEGRADED, ((0.9, Colour.UP),))
LOSS: Final = Limits(Colour.UP, ((0.02, Colour.DEGRADED), (0.4, Colour.DOWN)))
RECEIVED_LIGHT: Final = Limits(Colour.DOWN, ((-27, Colour.DEGRADED), (-25, Colour.UP)))
RADIO_SIGNAL: Final = Limits(Colour.DOWN, ((-80, Colour.DEGRADED), (-72, Colour.UP)))
CHARGE: Final = Limits(Colour.DOWN, ((40, Colour.DEGRADED), (80, Colour.UP)))
HEAT: Final = Limits(Colour.UP, ((60, Colour.DEGRADED), (75, Colour.DOWN)))
ROOM_HEAT: Final = Limits(Colour.UP, ((30, Colour.DEGRADED), (38, Colour.DOWN)))
BUSY: Final = Limits(Colour.UP, ((75, Colour.DEGRADED), (90, Colour.DOWN)))
DAYS_LEFT: Final = Limits(Colour.DOWN, ((14 * 86400, Colour.DEGRADED), (45 * 86400, Colour.UP)))

_STATE_WORDS: Final[Mapping[str, tuple[str, Colour]]] = {
    "unknown": ("◇ Tak diketahui", Colour.UNKNOWN),
    "down": ("■ Mati", Colour.DOWN),
    "unreachable": ("□ Terhalang", Colour.UNREACHABLE),
    "degraded": ("▲ Menurun", Colour.DEGRADED),
    "up": ("● Hidup", Colour.UP),
}


def state_colour(state: str) -> Colour:
    return _STATE_WORDS[state][1]


def state_word(state: str) -> str:
    return _STATE_WORDS[state][0]


def mapping(words: Mapping[float, tuple[str, Colour]]) -> list[ValueMapping]:
    """A word, with its shape, and a colour for each value."""
    results = {
        f"{value:g}": ValueMappingResult(text=text, color=colour, index=place)
        for place, (value, (text, colour)) in enumerate(words.items())
    }
    return [ValueMap(options=results)]


STATES: Final = mapping({number: _STATE_WORDS[state] for state, number in STATE_NUMBERS.items()})
REACHED: Final = mapping({0: _STATE_WORDS["down"], 1: _STATE_WORDS["up"]})
SERVES: Final = mapping({0: ("■ Gagal", Colour.DOWN), 1: ("● Melayani", Colour.UP)})
TRUSTED: Final = mapping({0: ("▲ Tidak", Colour.DEGRADED), 1: ("● Ya", Colour.UP)})
SEEING: Final = mapping({0: ("● Melihat", Colour.UP), 1: ("◇ Buta", Colour.UNKNOWN)})
PORTS: Final = mapping(
    {
        1: ("● up", Colour.UP),
        2: ("■ down", Colour.DOWN),
        3: ("▲ testing", Colour.DEGRADED),
        4: ("◇ unknown", Colour.UNKNOWN),
        5: ("▲ dormant", Colour.DEGRADED),
        6: ("◇ notPresent", Colour.UNKNOWN),
        7: ("□ lowerLayerDown", Colour.UNREACHABLE),
    }
)
NOT_YET: Final = mapping({-1: ("belum ada jam layanan", Colour.UNKNOWN)})
NOT_FORETOLD: Final = mapping({-1: ("belum seminggu data", Colour.UNKNOWN)})
