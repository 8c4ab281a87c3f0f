"""Variables in layers: kabupaten, kecamatan, profile, site, device; a later one wins. Pure.

Every layer is checked whole, also what a later one overrides: an error that waits under another value comes out on the
day somebody removes that value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.intent import Platform, Value
from domain.language import _
from provisioning.errors import MissingVariableError, VariableError
from provisioning.profiles.variables import Layer, Variable, check


@dataclass(frozen=True, slots=True)
class LayerValues:
    """Values as they are written. source: the file, or the record, that people can correct."""

    layer: Layer
    source: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CheckedLayer:
    """Values that their types let through."""

    layer: Layer
    source: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value in force comes from; the default has no layer."""

    layer: Layer | None
    source: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is in force for one device. places: where each layer's values would be written."""

    values: Mapping[str, Value]
    origins: Mapping[str, Origin]
    places: Mapping[Layer, str]


def check_layer(declared: Mapping[str, Variable], written: LayerValues) -> CheckedLayer:
    """Raises VariableError naming the file, the variable and what would be right."""
    checked: dict[str, Value] = {}
    for name, value in written.values.items():
        if name not in declared:
            raise VariableError(
                _("{source}: {name} is no variable of this profile. See: kentongan site profiles").format(
                    source=written.source, name=name
                )
            )
        try:
            checked[name] = check(declared[name], value)
        except VariableError as error:
            raise VariableError(
                _("{source}: {name}: {cause}").format(source=written.source, name=name, cause=error)
            ) from error
    return CheckedLayer(written.layer, written.source, checked)


def resolve(
    declared: Mapping[str, Variable],
    layers: Sequence[CheckedLayer],
    platform: Platform | None = None,
    version: int = 0,
) -> Resolved:
    """Defaults first, then each layer over the ones before it. An optional variable that nobody gives is None, a
    required one is absent."""
    values: dict[str, Value] = {}
    origins: dict[str, Origin] = {}
    for name, variable in declared.items():
        default = variable.default_on(platform, version)
        if default is not None or variable.optional:
            values[name], origins[name] = default, Origin(None, "")
    places: dict[Layer, str] = {}
    for layer in sorted(layers, key=lambda each: tuple(Layer).index(each.layer)):
        origin = Origin(layer.layer, layer.source)
        places[layer.layer] = layer.source
        for name, value in layer.values.items():
            values[name], origins[name] = value, origin
    return Resolved(values, origins, places)


def require(
    resolved: Resolved, declared: Mapping[str, Variable], names: Iterable[str], device: str
) -> Mapping[str, Value]:
    """The values of these variables. Raises MissingVariableError naming every missing one and where it should stand."""
    wanted = sorted(names)
    missing = [name for name in wanted if name not in resolved.values]
    if missing:
        where = (where_missing(name, declared.get(name), resolved) for name in missing)
        raise MissingVariableError(_("{device}: {missing}").format(device=device, missing="; ".join(where)))
    return {name: resolved.values[name] for name in wanted}


def where_missing(name: str, variable: Variable | None, resolved: Resolved) -> str:
    """The name, what it is for, and where it should stand."""
    if variable is None:
        return _("{name} is read by a template and declared nowhere").format(name=name)
    place = resolved.places.get(variable.layer, "")
    return _("{name} is missing ({about}). It stands at the layer {layer}{place}").format(
        name=name, about=variable.about, layer=variable.layer.value, place=f": {place}" if place else ""
    )
