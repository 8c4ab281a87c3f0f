"""Who a device is: its system group, the profile that fits, its model, version and serial."""

import re
from collections.abc import Iterable, Mapping

from collectors.discovery.interfaces import IF_NUMBER, TABLE_LAST_CHANGE
from collectors.discovery.makers import maker_of
from collectors.discovery.texts import number_of, text_of
from collectors.profiles import Profile, Profiles, Sign, Source
from collectors.snmp.client import SnmpClient
from collectors.snmp.pdu import Value
from domain.polling import SystemFacts

_SYSTEM = "1.3.6.1.2.1.1."
_NO_WORD = re.compile(
    r"n/?a|none|null|unknown|unavailable|not (available|applicable|specified|supported|set|present)|default string"
    r"|to be filled by o\.?e\.?m\.?|[0\s:.-]+|[-.?]+|(.)\2{3,}",
    re.IGNORECASE,
)
"""What stands in a field that nobody filled; one character repeated is an empty memory (0xFF…, 0000…, 00 00, ----)."""
_MODEL = re.compile(
    r"^(?!Linux|\w*BSD|SunOS|Windows|Darwin|Unix)(?=.{1,90}$)(?:.*?[\s(,:])??"
    r"((?!V\d|R\d|IPv|SNMP|\S*\d\.\d+\.\d)(?=[^\s,;()]*\d)[A-Z][A-Z0-9][^\s,;():]{2,})"
)
"""What looks like a model in a short sysDescr: capitals and digits in one word that is no version."""
_VERSION = re.compile(
    r"\b(?:version|firmware|software|f/?w|ver|rev(?:ision)?)[ :.,=_-]*v?(\d+\.\d[\w.()-]*)", re.IGNORECASE
)
DESCRIPTION, OBJECT_ID, UPTIME, NAME = (f"{_SYSTEM}{arc}.0" for arc in (1, 2, 3, 5))


async def read_system(client: SnmpClient) -> SystemFacts:
    """Raises what `SnmpClient.ask` raises."""
    answer = await client.ask((DESCRIPTION, OBJECT_ID, UPTIME, NAME, IF_NUMBER, TABLE_LAST_CHANGE))
    values = answer.values
    return SystemFacts(
        object_id=text_of(values.get(OBJECT_ID)).removeprefix("."),
        description=text_of(values.get(DESCRIPTION)),
        name=text_of(values.get(NAME)),
        uptime_ticks=number_of(values.get(UPTIME)),
        if_number=number_of(values.get(IF_NUMBER)),
        table_last_change=number_of(values.get(TABLE_LAST_CHANGE)),
    )


async def recognise(client: SnmpClient, system: SystemFacts, profiles: Profiles) -> Profile:
    """The profile whose sign says most of what this device shows."""
    signs = [(sign, profile) for profile in profiles for sign in profile.recognise if _may_fit(sign, system)]
    wanted = {sign.get for sign, _profile in signs if sign.get}
    values = (await client.ask(wanted)).values if wanted else {}
    fitting = [(sign.weight, profile) for sign, profile in signs if _answers(sign, values)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else profiles.get("generic")


def _may_fit(sign: Sign, system: SystemFacts) -> bool:
    if sign.object_id and f"{system.object_id}.".startswith(f"{sign.object_id}.") is False:
        return False
    return sign.description is None or sign.description.search(system.description) is not None


def _answers(sign: Sign, values: Mapping[str, Value]) -> bool:
    if sign.get is None:
        return True
    return sign.get in values and sign.matches.search(text_of(values[sign.get])) is not None


async def read_identity(client: SnmpClient, system: SystemFacts, profile: Profile) -> dict[str, str]:
    """The words vendor, model, version, serial. Raises what concerns the whole device."""
    identity = profile.identity
    sources = {
        "vendor": identity.vendor,
        "model": identity.model,
        "version": identity.version,
        "serial": identity.serial,
    }
    flat = [source for group in sources.values() for source in group]
    scalars = {source.get for source in flat if source.get}
    values = (await client.ask(scalars)).values if scalars else {}
    words = {word: _first(group, system, values, {}) for word, group in sources.items()}
    missing = [source for word, group in sources.items() if not words[word] for source in group if source.column]
    if missing:
        columns = await _walk(client, missing)
        words = {word: words[word] or _first(group, system, values, columns) for word, group in sources.items()}
    for word, pattern in (("model", _MODEL), ("version", _VERSION)):
        shown = "" if words[word] else system.description
        words[word] = words[word] or _word(Source(description=True, match=pattern), shown)
    words["vendor"] = words["vendor"] or profile.vendor or maker_of(system.object_id)
    return words


async def _walk(client: SnmpClient, sources: Iterable[Source]) -> dict[str, dict[str, Value]]:
    oids = dict.fromkeys(oid for source in sources for oid in (source.column, *source.where) if oid)
    walks = await client.walk_columns(oids)
    return {oid: dict(rows) for oid, rows in walks.rows.items()}


def _first(
    sources: Iterable[Source],
    system: SystemFacts,
    values: Mapping[str, Value],
    columns: Mapping[str, Mapping[str, Value]],
) -> str:
    for source in sources:
        for text in _texts(source, system, values, columns):
            if word := _word(source, text):
                return word
    return ""


def _texts(
    source: Source,
    system: SystemFacts,
    values: Mapping[str, Value],
    columns: Mapping[str, Mapping[str, Value]],
) -> list[str]:
    if source.column:
        rows = columns.get(source.column, {})
        return [
            text_of(value)
            for index, value in rows.items()
            if all(pattern.search(text_of(columns.get(oid, {}).get(index))) for oid, pattern in source.where.items())
        ]
    if source.description:
        return [system.description]
    if source.name:
        return [system.name]
    return [text_of(values.get(source.get))] if source.get else [source.text]


def _word(source: Source, text: str) -> str:
    if source.match is not None:
        found = source.match.search(text)
        text = (found.group(1) or "") if found else ""
    text = text.strip()
    return source.prefix + text if text and not _NO_WORD.fullmatch(text) else ""
