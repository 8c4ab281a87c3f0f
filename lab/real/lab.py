"""The lab itself: up, down, and what one does to it in between."""

import contextlib
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.language import _
from domain.network import Inventory, Role
from domain.secrets import Credential
from lab.errors import LabError, UnknownNameError
from lab.real import leftovers, namespaces, programs, traffic, wiring
from lab.real.credentials import CREDENTIALS
from lab.real.daemons import Daemons
from lab.real.inventory import inventory_of
from lab.real.layout import COLLECTOR, HostPlan, Layout, LinkPlan, default_layout
from lab.real.programs import Program
from lab.real.requirements import missing_requirements
from lab.real.waiting import wait_until

REACHED_SECONDS = 30.0


class RealLab:
    """Hosts with snmpd, lldpd and sshd, the routers with OSPF if wanted. As a context manager it is up inside.

    layout: another than that of so many hosts, `ring_layout()` for one. In band its routers speak OSPF in any case, and
    nobody runs lldpd or sshd.

    A lab belongs to the process that made it and is removed with it, at the latest when the next lab is made. One with
    a `prefix` of its own stays (see `standing.py`). Raises LabError with what is missing or what refused.
    """

    def __init__(self, hosts: int = 6, *, ospf: bool = False, prefix: str = "", layout: Layout | None = None) -> None:
        self.layout = layout or default_layout(hosts)
        self.ospf = ospf or self.layout.in_band
        self.prefix = prefix or leftovers.new_prefix()
        self.daemons = Daemons(self.prefix, self.folder)
        self.cuts: set[str] = set()
        self.dead: set[str] = set()

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    @property
    def folder(self) -> Path:
        """Where the daemons' files lie: /run, because paths of UNIX sockets are short."""
        return leftovers.RUN_FOLDER / self.prefix

    @property
    def collector(self) -> str:
        """The namespace a collector runs in: it reaches every host's address, in band through the hosts themselves."""
        return self.namespace(COLLECTOR)

    @property
    def addresses(self) -> Mapping[str, str]:
        """Host → management address."""
        return {host.name: host.address for host in self.layout.hosts.values()}

    @property
    def addresses_ipv6(self) -> Mapping[str, str]:
        return {host.name: host.address_ipv6 for host in self.layout.hosts.values()}

    @property
    def credentials(self) -> tuple[Credential, ...]:
        return CREDENTIALS

    @property
    def client_key(self) -> Path:
        """The private key with which root may log in to every host by SSH."""
        return programs.client_key(self.folder)

    def inventory(self) -> Inventory:
        """The lab as an office would import it."""
        return inventory_of(self.layout)

    def namespace(self, role: str) -> str:
        """The namespace of a host, or of `nms`, `sw`, `panel`."""
        return f"{self.prefix}-{role}"

    def run_in(self, role: str, argv: Sequence[str], seconds: float = 30) -> subprocess.CompletedProcess[str]:
        """Run a command to its end in the namespace of a host or of `nms`."""
        return namespaces.run(self.namespace(role), argv, seconds)

    def up(self) -> None:
        """Build everything and wait until every daemon answers; after a failure nothing is left."""
        missing = missing_requirements(self.ospf)
        if missing:
            raise LabError(_("the lab of real daemons needs: {missing}").format(missing=", ".join(missing)))
        leftovers.remove_leftovers()
        leftovers.remove_lab(self.prefix)
        try:
            self.folder.mkdir(mode=0o755)
            programs.client_key(self.folder)
            wiring.build(self.layout, self.prefix)
            self._start_all(self.layout.hosts)
            if self.layout.in_band:
                wait_until(self._reaches_all, REACHED_SECONDS, "the collector reached every host by OSPF")
        except BaseException:
            with contextlib.suppress(Exception):
                self.down()
            raise

    def down(self) -> None:
        """End every daemon, remove every namespace and file. Does nothing to a lab that is not up."""
        self.daemons.stop_all()
        leftovers.remove_lab(self.prefix)

    def cut(self, link: str) -> None:
        """Both ends lose their carrier; their interfaces stay administratively up."""
        plan = self._link(link)
        self.cuts.add(link)
        wiring.darken(plan, self.prefix)

    def restore(self, link: str) -> None:
        """Mend a cut. A link to a dead host stays dark until the host lives."""
        plan = self._link(link)
        self.cuts.discard(link)
        self._light(plan)

    def kill_snmpd(self, host: str) -> None:
        """As a crash: by SIGKILL. The host lives on and answers ping."""
        self.daemons.kill(self._host(host).name, "snmpd")

    def start_snmpd(self, host: str) -> None:
        """Start the agent again; its sysUpTime and its counters' discontinuity begin anew."""
        plan = self._host(host)
        self.daemons.start({plan.name: (programs.snmpd(plan, self._folder_of(host)),)})

    def kill_host(self, host: str) -> None:
        """As a power failure: all its daemons end, all its links go dark at both ends, it answers nothing."""
        plan = self._host(host)
        self.dead.add(host)
        self._plug(plan, up=False)
        for link in self.layout.links_of(host):
            wiring.darken(link, self.prefix)
        self.daemons.kill(host)
        namespaces.end_processes(signal.SIGKILL, [self.namespace(host)])

    def start_host(self, host: str) -> None:
        """Power is back: the host boots, its links that are not cut get light."""
        plan = self._host(host)
        self.dead.discard(host)
        self._plug(plan, up=True)
        for link in self.layout.links_of(host):
            self._light(link)
        self._start_all([host])

    def reaches(self, host: str) -> bool:
        """Whether the collector gets an answer to one echo request."""
        words = ["ping", "-c", "1", "-W", "1", self._host(host).address]
        return self.run_in(COLLECTOR, words).returncode == 0

    def start_traffic(self, link: str, bytes_per_second: float) -> None:
        """Frames from `a` to `z` of the link, at a known rate as its interfaces count it."""
        plan = self._link(link)
        self.stop_traffic(link)
        sender = traffic.command(plan.address(plan.a_host), bytes_per_second)
        self.daemons.start({plan.a_host: (Program(f"traffic-{link}", sender, ready=lambda pid: True),)})

    def stop_traffic(self, link: str) -> None:
        self.daemons.kill(self._link(link).a_host, f"traffic-{link}")

    def _plug(self, host: HostPlan, *, up: bool) -> None:
        if not self.layout.in_band:
            wiring.set_management(host.number, self.prefix, up=up)

    def _reaches_all(self) -> bool:
        return all(self.reaches(host) for host in self.layout.hosts)

    def _light(self, link: LinkPlan) -> None:
        if link.name not in self.cuts and not self.dead & {link.a_host, link.z_host}:
            wiring.light(link, self.prefix)

    def _folder_of(self, host: str) -> Path:
        folder = self.folder / host
        folder.mkdir(exist_ok=True)
        return folder

    def _start_all(self, hosts: Iterable[str]) -> None:
        """In waves: who finds its partner missing looks again only after ten seconds (ospfd for zebra) or fifteen
        (lldpd and FRR for their AgentX master, snmpd)."""
        plans = [(self.layout.hosts[name], self._folder_of(name)) for name in hosts]
        routing = {
            plan.name: programs.frr(self.layout, plan, folder)
            for plan, folder in plans
            if self.ospf and plan.role is Role.ROUTER
        }
        beside = [] if self.layout.in_band else plans
        self.daemons.start({plan.name: (programs.snmpd(plan, folder),) for plan, folder in plans})
        self.daemons.start({name: (zebra,) for name, (zebra, _) in routing.items()})
        self.daemons.start(
            {plan.name: (programs.lldpd(plan, folder), programs.sshd(folder)) for plan, folder in beside}
        )
        self.daemons.start({name: (ospfd,) for name, (_, ospfd) in routing.items()})

    def _link(self, name: str) -> LinkPlan:
        if name not in self.layout.links:
            raise UnknownNameError(
                _("the lab has no link {name}; it has {known}").format(name=name, known=", ".join(self.layout.links))
            )
        return self.layout.links[name]

    def _host(self, name: str) -> HostPlan:
        if name not in self.layout.hosts:
            raise UnknownNameError(
                _("the lab has no host {name}; it has {known}").format(name=name, known=", ".join(self.layout.hosts))
            )
        return self.layout.hosts[name]
