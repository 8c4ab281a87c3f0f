"""The shape of a profile: what is known of one platform, as data. Checked by pydantic when a profile is read.

docs/reference describes the same for people who write profiles. Nothing here asks a device.
"""

import re
from math import inf
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from collectors.profiles.bounds import BOUNDS
from collectors.profiles.templates import labels_of
from domain.polling import Budget, Conversion, DownCause, Form, SensorClass, port_place

INDEX_LABELS = r"index(\d*|_mac|_text)"
"""What every row has beside its columns: its whole index, one arc, six arcs as a MAC address, arcs as characters."""


def _oid(text: str) -> str:
    if not re.fullmatch(r"[0-2](\.\d+){1,127}", text):
        raise ValueError(f"{text!r} is not an OID: numbers with dots between them, beginning with 0, 1 or 2")
    return text


def _pattern(text: object) -> re.Pattern[str]:
    try:
        return text if isinstance(text, re.Pattern) else re.compile(str(text))
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from error


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Oid = Annotated[str, AfterValidator(_oid)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
Conditions = dict[str, Pattern]
"""Column → regular expression its text (numbers as they are) must match; a row without the column does not."""


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt key must not be a silent nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Sign(Strict):
    """One way to recognise the platform: all that is given must hold. The sign that says most wins: a longer
    object_id, then a description, then an answer to `get`; such an answer alone is the weakest."""

    object_id: Oid | None = None
    description: Pattern | None = None
    get: Oid | None = None
    matches: Pattern = re.compile("")

    @property
    def weight(self) -> int:
        arcs = self.object_id.count(".") + 1 if self.object_id else 0
        more = (100 if self.description else 0) + (200 if self.get else 0)
        return arcs + (more if self.object_id or self.description else min(more, 1))


class Source(Strict):
    """Where a word of the identity stands: a scalar, the first fitting row of a column, or sysDescr.

    match: its first group is the word. where: column OID → pattern for the row. prefix and suffix are put around it.
    """

    get: Oid | None = None
    column: Oid | None = None
    where: dict[Oid, Pattern] = {}
    description: bool = False
    name: bool = False
    match: Pattern | None = None
    prefix: str = ""
    text: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> "Source":
        places = sum((self.get is not None, self.column is not None, self.description, self.name, bool(self.text)))
        if places != 1:
            raise ValueError("give exactly one of get, column, description, name, text")
        return self


class Identity(Strict):
    """Sources in the order they are tried; the first that gives a word counts."""

    vendor: tuple[Source, ...] = ()
    model: tuple[Source, ...] = ()
    version: tuple[Source, ...] = ()
    serial: tuple[Source, ...] = ()


class Reading(Strict):
    """A column (or scalar) of its table that is a number to read, see `domain.polling.Conversion`."""

    column: str
    scale: float = 1.0
    offset: float = 0.0
    low: float = -inf
    high: float = inf
    absent: Annotated[tuple[int, ...], BeforeValidator(_listed), Field(max_length=6)] = ()
    form: Form = Form.LINEAR

    def conversion(self, scale: float) -> Conversion:
        """`scale` is the reading's own, or what a row made of it."""
        return Conversion(scale, self.offset, self.low, self.high, self.absent, self.form)


class Mains(Strict):
    """When a reading tells that the site has lost its mains or has them: ranges, both ends included.

    name: sensors of that name alone. by_change: for what may read as lost for ever, such as a supply without a cable.
    """

    lost: tuple[float, float] = (inf, -inf)
    present: tuple[float, float] = (inf, -inf)
    by_change: bool = False
    name: Pattern = re.compile("")


class Sensor(Reading):
    """A reading with a class and a name.

    name: a template of labels of the table, index, index0… (the arcs of the index), interface. where: rows it is for.
    divide_by: label of a value the scale is divided by (of several: their sum), once, at discovery. exponent: labels
    of ENTITY-SENSOR's scale and precision. less: labels whose raw values are taken off first.
    """

    class_: SensorClass = Field(alias="class")
    name: str
    where: Conditions = {}
    divide_by: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    exponent: tuple[str, str] | None = None
    less: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(max_length=2)] = ()
    mains: Mains | None = None

    def conversion(self, scale: float) -> Conversion:
        """As of a reading, within what its class can be at all."""
        low, high = BOUNDS.get(self.class_, (-inf, inf))
        return Conversion(scale, self.offset, max(self.low, low), min(self.high, high), self.absent, self.form)

    def labels(self) -> set[str]:
        named = labels_of(self.name) | {self.column, *self.where, *self.less, *(self.exponent or ()), *self.divide_by}
        return named - {""}


class Join(Strict):
    """How a row finds its interface.

    arc: which arc of the index is the ifIndex (negative from the end). index_of: the column whose value is. name_of:
    the column that holds the ifName. named: a template of the name. match: the part of either that is it, its first
    group.
    """

    arc: int | None = None
    named: str = ""
    index_of: str = ""
    name_of: str = ""
    match: Pattern | None = None


Bits = dict[str, tuple[int, int, int] | tuple[int, int, int, int]]
"""Label → arc of the index, bits to shift right, mask: slot and port packed into one number. A fourth is added."""


class Rows(Strict):
    """Columns that are walked together. tails: label → what follows the row's index in that column, such as `.1`.

    leading: label → how many arcs of the column's index are the row's, whatever follows them; the first one counts.
    where: what a row must show to count. unless: what takes it out; a row without the column stays.
    """

    columns: dict[str, Oid] = {}
    tails: dict[str, str] = {}
    leading: dict[str, int] = {}
    bits: Bits = {}
    where: Conditions = {}
    unless: Conditions = {}
    interface: Join | None = None
    mac: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()

    def known(self) -> set[str]:
        return {*self.columns, *self.bits}

    def check(self, labels: set[str], user: str) -> None:
        unknown = {label for label in labels - self.known() if not re.fullmatch(rf"{INDEX_LABELS}|interface", label)}
        if unknown:
            raise ValueError(f"{user}: {sorted(unknown)[0]!r} is no column here")


class Table(Rows):
    """A table of sensors; it fails alone.

    scalars: label → instance OID, got once for all rows; a table without columns is one row. every_seconds: least
    seconds between two polls. only_with_readings: rows without a single reading (empty cages) are not polled.
    """

    scalars: dict[str, Oid] = {}
    sensors: tuple[Sensor, ...] = ()
    every_seconds: float = Field(default=0.0, ge=0)
    only_with_readings: bool = False

    def known(self) -> set[str]:
        return {*self.columns, *self.bits, *self.scalars}

    @model_validator(mode="after")
    def _labels_exist(self) -> "Table":
        both = set(self.columns) & set(self.scalars)
        if both:
            raise ValueError(f"{sorted(both)[0]!r} is a column and a scalar: give it two labels")
        for sensor in self.sensors:
            self.check(sensor.labels(), f"sensor {sensor.name!r}")
        self.check({*self.where, *self.unless}, "where")
        return self


class NeighbourTable(Rows):
    """Who is seen at the other end. Columns: chassis, chassis_subtype, port, port_subtype, name, address.

    Ids are printed by their subtype where there is one. The local interface is found by `interface`, or by the local
    port number (arc `local_arc` of the index) in the columns `local_names` and `local_descriptions`.
    """

    protocol: str
    local_arc: int | None = None
    local_names: Oid | None = None
    local_descriptions: Oid | None = None


class Instance(Strict):
    """How the index of an ONU is made, so that one can be asked for without a walk.

    port: its named groups are the numbers in the place of a port, such as `1/2/3`. arcs: for each arc of the index the
    numbers in it, `onu` among them, each with the bits it is shifted left; `base` is added as it is.
    """

    port: Pattern
    arcs: tuple[dict[str, int], ...] = Field(min_length=1)

    def of(self, port: str, onu: str) -> str:
        """The index of one ONU; '' for a port or a number that is of another form."""
        numbers = self._numbers(port)
        if numbers is None or not onu.isdecimal():
            return ""
        return ".".join(str(_packed(arc, numbers | {"onu": int(onu)})) for arc in self.arcs)

    def below(self, port: str) -> str:
        """What the indices of all ONUs of a port begin with; '' where the number is packed into the first arc."""
        numbers = self._numbers(port)
        leading = [arc for arc in self.arcs if "onu" not in arc]
        if numbers is None or not leading or leading != list(self.arcs[: len(leading)]):
            return ""
        return ".".join(str(_packed(arc, numbers)) for arc in leading)

    def _numbers(self, port: str) -> dict[str, int] | None:
        found = self.port.search(port_place(port))
        return {name: int(number) for name, number in found.groupdict().items()} if found else None

    @model_validator(mode="after")
    def _numbers_are_known(self) -> "Instance":
        unknown = {name for arc in self.arcs for name in arc} - {"onu", "base", *self.port.groupindex}
        if unknown:
            raise ValueError(f"instance: {sorted(unknown)[0]!r} is no named group of port")
        return self


def _packed(arc: dict[str, int], numbers: dict[str, int]) -> int:
    return sum(bits if name == "base" else numbers[name] << bits for name, bits in arc.items())


class OnuTable(Rows):
    """The ONUs of an OLT. Columns: serial, state, cause and what the readings name.

    port and onu: templates; an `interface` join makes {interface} the name of the PON port. split: of a port that also
    names the ONU, such as `EPON0/1:3`: its first group is the port, its second the number. serial_form: text, mac, or
    vendor (four letters and four octets). serial_match: the part of the text that is the serial. states and causes: the
    vendor's words by number or text. online: the states of an ONU that works. evidence: what a word of either tells of
    why an ONU is dark; words that are not named tell nothing. instance: for asking one ONU or one port alone.
    """

    port: str = "{index0}"
    onu: str = "{index1}"
    split: Pattern | None = None
    instance: Instance | None = None
    serial_form: Literal["text", "mac", "vendor"] = "text"
    serial_match: Pattern | None = None
    states: dict[int | str, str] = {}
    causes: dict[int | str, str] = {}
    online: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    evidence: dict[str, DownCause] = {}
    rx: Reading | None = None
    tx: Reading | None = None
    distance: Reading | None = None

    @model_validator(mode="after")
    def _labels_exist(self) -> "OnuTable":
        readings = {reading.column for reading in (self.rx, self.tx, self.distance) if reading}
        self.check(labels_of(self.port) | labels_of(self.onu) | set(self.where) | readings, "onus")
        strange = set(self.online) - set(self.states.values())
        if strange:
            raise ValueError(f"online: {sorted(strange)[0]!r} is no state here")
        silent = set(self.causes.values()) - set(self.evidence) - {""}
        if silent:
            raise ValueError(f"evidence: the cause {sorted(silent)[0]!r} is not in it")
        return self


class InterfaceRule(Strict):
    """Interfaces that are not polled: all that is given must fit."""

    type: Annotated[tuple[int, ...], BeforeValidator(_listed)] = ()
    name: Pattern | None = None


class Limits(Strict):
    """The device's budget, see `domain.polling.Budget`.

    onu_requests and onu_seconds: the most that one look at an OLT's ONUs may cost it (`collectors.onu_states`).
    """

    varbinds: int = Field(default=40, ge=1, le=100)
    pause_seconds: float = Field(default=0.0, ge=0, le=10)
    max_repetitions: int = Field(default=20, ge=1, le=100)
    onu_requests: int = Field(default=150, ge=1, le=2000)
    onu_seconds: float = Field(default=10.0, gt=0, le=120)

    def budget(self, table_seconds: tuple[tuple[str, float], ...]) -> Budget:
        return Budget(self.varbinds, self.pause_seconds, self.max_repetitions, table_seconds)


class Profile(Strict):
    """One platform. includes: platforms whose tables it has too, its own winning by name; `without` drops some.

    moved: roots of OIDs of what is included → where this platform has them (rebrands). unless_read: a table → others
    that make it needless: where one of them has readings it is not read.
    """

    platform: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    vendor: str = ""
    recognise: tuple[Sign, ...] = ()
    includes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    moved: dict[Oid, Oid] = {}
    identity: Identity = Identity()
    budget: Limits = Limits()
    leave_out: tuple[InterfaceRule, ...] = ()
    tables: dict[str, Table] = {}
    unless_read: dict[str, tuple[str, ...]] = {}
    neighbours: dict[str, NeighbourTable] = {}
    onus: dict[str, OnuTable] = {}
