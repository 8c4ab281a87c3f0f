"""OpenWrt: `uci batch` and one `uci commit`; /etc/config and files kept in an archive on the flash, and brought back.

Two things bring it back without us: a timer, and a service that starts before the network (START=11), because a timer
does not outlive a power cut. Whoever makes the folder `turn` first, the timer or `disarm`, has decided.
Sources: OpenWrt documentation: The UCI system (batch, commit, revert, changes, reload_config); Init scripts (START,
boot, enable); Backup and restore. Everything is said in what busybox's ash and tar know.
"""

import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from domain.intent import Change, ChangeKind, Configuration, Difference
from provisioning.difference.options import read_options
from provisioning.platforms.pushing.acts import Act, Mark, Say, Send, Situation

PLACE: Final = "/etc/kentongan"
SERVICE: Final = "/etc/init.d/kentongan-revert"
DONE: Final = r"^kentongan: done$"
RUNS_ONCE: Final = "/tmp/"  # noqa: S108
ALSO: Final = (
    "/etc/passwd",
    "/etc/passwd-",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/crontabs/root",
    "/etc/sysupgrade.conf",
    "/usr/bin/kentongan-heartbeat",
    "/etc/hotplug.d/iface/95-kentongan",
)
"""What scripts of the parts `baseline` and `heartbeat` change without its being a target of its own."""

_HEAD: Final = "#!/bin/sh\numask 077\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nplace={place}\n"
_HALT: Final = """\
if [ -s $place/pid ]; then
  pid=$(cat $place/pid)
  if grep -qs kentongan-revert /proc/$pid/cmdline; then kill $pid; fi
  rm -f $place/pid
fi
[ ! -e {service} ] || {service} disable
rm -f {service}
"""
_ARM: Final = """\
set -e
if [ -e $place/kept ]; then
  for package in {packages}; do uci -q revert $package || true; done
else
  if [ -n "$(uci changes)" ]; then
    echo "somebody has changes that are not committed: uci changes"
    exit 1
  fi
  : > $place/absent
  : > $place/present
  for file in /etc/config/* {files}; do
    if [ -e $file ]; then echo ${{file#/}} >> $place/present; else echo $file >> $place/absent; fi
  done
  tar -C / -czf $place/before.tar.gz $(cat $place/present)
  ls /etc/rc.d > $place/services
  sync
  touch $place/kept
fi
{halt}rm -rf $place/turn $place/disarmed $place/restored
printf '%s\\n' '#!/bin/sh /etc/rc.common' START=11 'boot() {{' '  sh {place}/restore.sh boot' '}}' > {service}
chmod 0755 {service}
{service} enable
sh -c 'trap "" HUP; sleep "$1"; exec sh "$2" timer' kentongan-revert {seconds} $place/restore.sh \
> $place/log 2>&1 < /dev/null &
echo $! > $place/pid
sync
echo 'kentongan: done'
"""
_RESTORE: Final = """\
[ -e $place/kept ] || {{ echo 'nothing was kept'; exit 1; }}
mkdir $place/turn 2>/dev/null || exit 0
cd /
[ ! -e /etc/init.d/kentongan-snmpd ] || grep -qx etc/init.d/kentongan-snmpd $place/present ||
  /etc/init.d/kentongan-snmpd stop
while read -r file; do rm -f $file; done < $place/absent
for package in {packages}; do uci -q revert $package || true; done
tar -C / -xzf $place/before.tar.gz
for service in /etc/rc.d/*; do
  grep -qxF ${{service##*/}} $place/services || rm -f $service
done
for service in $(cat $place/services); do
  [ -e /etc/rc.d/$service ] || [ ! -e /etc/init.d/${{service#[SK]??}} ] || /etc/init.d/${{service#[SK]??}} enable
done
if [ "$1" != boot ]; then
  reload_config
  [ ! -e /etc/init.d/cron ] || /etc/init.d/cron restart
fi
rm -f {service}
sync
touch $place/restored
echo 'kentongan: done'
"""
_PUSH: Final = """\
[ -e $place/kept ] && [ ! -e $place/turn ] || {{ echo 'it is not armed'; exit 1; }}
trap '' HUP
for package in {packages}; do uci -q revert $package; done
uci batch < $place/batch > $place/said 2>&1
rm -f $place/batch
if [ -s $place/said ]; then
  for package in {packages}; do uci -q revert $package; done
  cat $place/said
  exit 1
fi
for package in {packages}; do uci commit $package || exit 1; done
for script in {scripts}; do sh $script || exit 1; done
reload_config
echo 'kentongan: done'
"""
_DISARM: Final = """\
[ -e $place ] || {{ echo 'kentongan: done'; exit 0; }}
[ -e $place/disarmed ] || [ -e $place/restored ] || mkdir $place/turn || exit 1
if [ -e $place/kept ] && [ ! -e $place/restored ] && [ -n "$(uci changes)" ]; then
  rmdir $place/turn
  echo 'it does not run what was committed: uci changes'
  exit 1
fi
touch $place/disarmed
{halt}sync
echo 'kentongan: done'
"""


class OpenWrtPushing:
    """Implements Pushing. Logged in as root, as OpenWrt knows no other."""

    def arm(self, at: Situation) -> tuple[Act, ...]:
        place = _place(at.mark)
        return (
            Say(f"mkdir -p -m 0700 {place}", bad="."),
            Send(f"{place}/restore.sh", self._script(at, _RESTORE)),
            Send(f"{place}/arm.sh", self._script(at, _ARM)),
            Say(f"sh {place}/arm.sh", ok=DONE, seconds=60),
        )

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        place = _place(at.mark)
        touched = {change.place for change in difference.changes}
        chosen = [each for each in at.configuration.targets if each and each in touched]
        folders = " ".join(dict.fromkeys(shlex.quote(each.rpartition("/")[0]) for each in chosen))
        return (
            *((Say(f"mkdir -p {folders}", bad="."),) if chosen else ()),
            *(Send(each, _lines(at.configuration.lines(each))) for each in chosen),
            Send(f"{place}/batch", _lines(batch_of(difference.changes))),
            Send(f"{place}/push.sh", self._script(at, _PUSH, (each for each in chosen if each.startswith(RUNS_ONCE)))),
            Say(f"sh {place}/push.sh", ok=DONE, seconds=120),
        )

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        place = _place(at.mark)
        return (
            Say(f"mkdir -p -m 0700 {PLACE}", bad="."),
            Send(f"{place}.disarm", self._script(at, _DISARM)),
            Say(f"sh {place}.disarm", ok=DONE),
            Say(f"rm -f {place}.disarm"),
        )

    def save(self, at: Situation) -> tuple[Act, ...]:
        """`uci commit` has written the flash."""
        return ()

    def revert(self, at: Situation) -> tuple[Act, ...]:
        place = _place(at.mark)
        return (
            Send(f"{place}/restore.sh", self._script(at, _RESTORE)),
            Say(f"rm -rf {place}/turn; sh {place}/restore.sh asked", ok=DONE, seconds=120),
        )

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        return (Say(f"rm -rf {_place(at.mark)}; rmdir {PLACE} 2>/dev/null || true", bad="."),)

    def _script(self, at: Situation, text: str, scripts: Iterable[str] = ()) -> str:
        place = _place(at.mark)
        return _HEAD.format(place=place) + text.format(
            place=place,
            service=SERVICE,
            halt=_HALT.format(service=SERVICE),
            seconds=at.mark.seconds,
            packages=" ".join(packages_of(at.configuration)),
            files=" ".join(shlex.quote(each) for each in kept_files(at.configuration)),
            scripts=" ".join(shlex.quote(each) for each in scripts),
        )


def packages_of(configuration: Configuration) -> tuple[str, ...]:
    """Names of files in /etc/config that the configuration speaks of."""
    return tuple(dict.fromkeys(name.partition(".")[0] for name in read_options(configuration.lines())))


def kept_files(configuration: Configuration) -> tuple[str, ...]:
    """Beside /etc/config."""
    own = (target for target in configuration.targets if target and not target.startswith(RUNS_ONCE))
    return tuple(dict.fromkeys((*own, *ALSO)))


def batch_of(changes: Iterable[Change]) -> Iterator[str]:
    """For `uci batch`. A list is emptied before it is filled: `set` would make it an option."""
    for change in changes:
        if change.place.startswith("/"):
            continue
        name, _equals, value = change.line.partition("=")
        if change.kind is ChangeKind.REMOVE:
            yield f"delete {name}"
            continue
        ((_name, values),) = read_options([change.line]).items()
        if len(values) < 2:
            yield f"set {change.line}"
            continue
        if change.before:
            yield f"delete {name}"
        yield from (f"add_list {name}={word}" for word in _written(value))


def _written(text: str) -> list[str]:
    """The values of a list as they stand in its line, with their quotation marks."""
    return [shlex.quote(word) if "'" in word else f"'{word}'" for word in shlex.split(text)]


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _place(mark: Mark) -> str:
    return f"{PLACE}/{mark.job}"
