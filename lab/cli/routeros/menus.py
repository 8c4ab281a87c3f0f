"""RouterOS's menus as data: which there are in version 6 and 7, their properties, kinds and defaults.

Source: the property tables of help.mikrotik.com (IP Addressing, Firewall, Services, SNMP, User, Scheduler, NTP, Log,
WireGuard, Bridging and Switching, DHCP, PPP, RADIUS) and wiki.mikrotik.com for version 6. Only what village networks
use; a menu or property that is not in here is refused as the console refuses it.

One menu per line: path, form, versions, properties. Forms: `list` (add, remove), `fixed` (its items are the device's
own: set only), `single` (one record), `watch` (read only). A property is `name:kind`, then `!` if it is required,
`~` if export hides it, `=default` (underscores are blanks). The kind `state` is read-only.
"""

import re
from dataclasses import dataclass
from functools import cache

_IF = "comment:text disabled:bool=no mtu:int=1500"
_TUNNEL = f"name:text {_IF} connect-to:text! user:text password:text~ profile:text add-default-route:bool=no"
_RULE = (
    "chain:text! action:action=accept comment:text disabled:bool=no protocol:text src-address:range dst-address:range "
    "src-port:text dst-port:text in-interface:interface out-interface:interface in-interface-list:list "
    "out-interface-list:list src-address-list:text dst-address-list:text connection-state:text "
    "connection-nat-state:text icmp-options:text limit:text log:bool=no log-prefix:text jump-target:text "
    "address-list:text address-list-timeout:text to-addresses:range to-ports:text new-mss:text "
    "new-connection-mark:text connection-mark:text passthrough:bool=yes tcp-flags:text reject-with:text "
    "ipsec-policy:text content:text src-mac-address:text dst-limit:text packet-mark:text new-packet-mark:text "
    "routing-mark:text new-routing-mark:text connection-limit:text hotspot:text"
)

_MENUS = f"""
/interface ethernet | fixed | 67 | name:text default-name:text comment:text disabled:bool=no mtu:int=1500 l2mtu:int mac-address:mac arp:text=enabled auto-negotiation:bool=yes advertise:text speed:text full-duplex:bool=yes poe-out:text loop-protect:text=default rx-flow-control:text=off tx-flow-control:text=off
/interface bridge | list | 67 | name:text {_IF} protocol-mode:text=rstp vlan-filtering:bool=no auto-mac:bool=yes admin-mac:mac fast-forward:bool=yes igmp-snooping:bool=no arp:text=enabled priority:text=0x8000 pvid:int=1 frame-types:text=admit-all ingress-filtering:bool=yes dhcp-snooping:bool=no
/interface wireguard | list | 7 | name:text comment:text disabled:bool=no mtu:int=1420 listen-port:int private-key:text~
/interface vlan | list | 67 | name:text {_IF} vlan-id:vlan=1 interface:interface! arp:text=enabled use-service-tag:bool=no
/interface bonding | list | 67 | name:text {_IF} slaves:text! mode:text=balance-rr transmit-hash-policy:text=layer-2 lacp-rate:text=30secs
/interface gre | list | 67 | name:text {_IF} remote-address:ip! local-address:ip=0.0.0.0 keepalive:text ipsec-secret:text~ allow-fast-path:bool=yes
/interface ipip | list | 67 | name:text {_IF} remote-address:ip! local-address:ip=0.0.0.0 keepalive:text ipsec-secret:text~
/interface eoip | list | 67 | name:text {_IF} remote-address:ip! local-address:ip=0.0.0.0 tunnel-id:int! keepalive:text mac-address:mac
/interface l2tp-client | list | 67 | {_TUNNEL} use-ipsec:bool=no ipsec-secret:text~ allow:text keepalive-timeout:int=60 allow-fast-path:bool=no dial-on-demand:bool=no use-peer-dns:bool=no default-route-distance:int=1 max-mtu:int=1450 max-mru:int=1450
/interface sstp-client | list | 67 | {_TUNNEL} certificate:text=none port:int=443 verify-server-certificate:bool=no authentication:text tls-version:text=any
/interface ovpn-client | list | 67 | {_TUNNEL} port:int=1194 mode:text=ip certificate:text=none cipher:text auth:text protocol:text=tcp verify-server-certificate:bool=no
/interface pppoe-client | list | 67 | name:text {_IF} interface:interface! user:text password:text~ profile:text=default add-default-route:bool=no use-peer-dns:bool=no service-name:text dial-on-demand:bool=no
/interface lte apn | list | 67 | name:text apn:text authentication:text=none user:text password:text~ comment:text default-route-distance:int=2
/interface wireless | fixed | 67 | name:text default-name:text comment:text disabled:bool=yes mtu:int=1500 ssid:text=MikroTik mode:text=station frequency:text band:text channel-width:text=20mhz country:text security-profile:text=default wireless-protocol:text=any installation:text=any
/interface wireless security-profiles | list | 67 | name:text! mode:text=none authentication-types:text unicast-ciphers:text=aes-ccm group-ciphers:text=aes-ccm wpa-pre-shared-key:text~ wpa2-pre-shared-key:text~ comment:text supplicant-identity:text
/interface wifi | fixed | 7 | name:text default-name:text comment:text disabled:bool=yes configuration:text security:text channel:text configuration.ssid:text configuration.mode:text configuration.country:text security.passphrase:text~ security.authentication-types:text channel.band:text channel.frequency:text channel.width:text
/interface wifi security | list | 7 | name:text! authentication-types:text passphrase:text~ comment:text disabled:bool=no ft:bool=no
/interface wifi channel | list | 7 | name:text! band:text frequency:text width:text comment:text disabled:bool=no
/interface wifi configuration | list | 7 | name:text! mode:text ssid:text country:text security:text channel:text datapath:text comment:text disabled:bool=no security.authentication-types:text security.passphrase:text~
/interface bridge port | list | 67 | bridge:bridge! interface:interface! comment:text disabled:bool=no pvid:int=1 frame-types:text=admit-all ingress-filtering:bool=yes priority:text=0x80 path-cost:int=10 horizon:text=none trusted:bool=no hw:bool=yes edge:text=auto
/interface bridge vlan | list | 67 | bridge:bridge! vlan-ids:text! tagged:text untagged:text comment:text disabled:bool=no
/interface list | list | 67 | name:text! include:text exclude:text comment:text
/interface list member | list | 67 | list:list! interface:interface! comment:text disabled:bool=no
/interface wireguard peers | list | 7 | name:text interface:interface! public-key:text! allowed-address:text endpoint-address:text endpoint-port:int persistent-keepalive:time preshared-key:text~ comment:text disabled:bool=no
/interface detect-internet | single | 67 | detect-interface-list:text=none lan-interface-list:text=none wan-interface-list:text=none internet-interface-list:text=none
/interface l2tp-server server | single | 67 | enabled:bool=no use-ipsec:text=no ipsec-secret:text~ default-profile:text=default-encryption authentication:text
/interface sstp-server server | single | 67 | enabled:bool=no certificate:text=none port:int=443 default-profile:text=default
/interface pptp-server server | single | 67 | enabled:bool=no default-profile:text=default-encryption
/ip pool | list | 67 | name:text! ranges:text! next-pool:text=none comment:text
/ip dhcp-server | list | 67 | name:text interface:interface! address-pool:text=static-only lease-time:time=10m disabled:bool=no authoritative:text=yes add-arp:bool=no comment:text bootp-support:text=static lease-script:text
/ip dhcp-server alert | list | 67 | interface:interface! valid-server:text alert-timeout:time=1h on-alert:text comment:text disabled:bool=no unknown-server:state
/ip dhcp-server network | list | 67 | address:prefix! gateway:text dns-server:text ntp-server:text domain:text netmask:int comment:text wins-server:text dhcp-option:text
/ip dhcp-server lease | list | 67 | address:ip mac-address:mac client-id:text server:text=all comment:text disabled:bool=no lease-time:time block-access:bool=no status:state expires-after:state last-seen:state active-address:state active-mac-address:state active-server:state src-mac-address:state host-name:state
/ip dhcp-client | list | 67 | interface:interface! add-default-route:text=yes use-peer-dns:bool=yes use-peer-ntp:bool=yes default-route-distance:int=1 comment:text disabled:bool=no dhcp-options:text
/ip hotspot | list | 67 | name:text interface:interface! address-pool:text=none profile:text=default disabled:bool=yes
/ip neighbor discovery-settings | single | 67 | discover-interface-list:text=static protocol:text=cdp,lldp,mndp mode:text=tx-and-rx lldp-med-net-policy-vlan:text=disabled
/ip settings | single | 67 | ip-forward:bool=yes rp-filter:text=no tcp-syncookies:bool=no send-redirects:bool=yes accept-redirects:bool=no secure-redirects:bool=yes max-neighbor-entries:int=8192 allow-fast-path:bool=yes
/ip address | list | 67 | address:cidr! interface:interface! network:ip broadcast:ip comment:text disabled:bool=no
/ip arp | list | 67 | address:ip! mac-address:mac interface:interface! comment:text disabled:bool=no
/ip cloud | single | 67 | ddns-enabled:text=no ddns-update-interval:text=none update-time:bool=yes
/ip dns | single | 67 | servers:text allow-remote-requests:bool=no cache-size:text=2048KiB cache-max-ttl:time=1w max-udp-packet-size:int=4096 use-doh-server:text verify-doh-cert:bool=no query-server-timeout:time=2s query-total-timeout:time=10s max-concurrent-queries:int=100
/ip dns static | list | 67 | name:text address:text regexp:text cname:text type:text=A forward-to:text ttl:time=1d comment:text disabled:bool=no match-subdomain:bool=no
/ip firewall address-list | list | 67 | list:text! address:text! timeout:text comment:text disabled:bool=no
/ip firewall filter | list | 67 | {_RULE}
/ip firewall nat | list | 67 | {_RULE}
/ip firewall mangle | list | 67 | {_RULE}
/ip firewall raw | list | 67 | {_RULE}
/ip firewall connection tracking | single | 67 | enabled:text=auto tcp-established-timeout:time=1d udp-timeout:time=10s
/ip firewall service-port | fixed | 67 | name:text ports:text disabled:bool=no
/ip ipsec peer | list | 67 | name:text address:text local-address:ip exchange-mode:text=main profile:text=default passive:bool=no comment:text disabled:bool=no
/ip ipsec identity | list | 67 | peer:text! auth-method:text=pre-shared-key secret:text~ comment:text disabled:bool=no
/ip ipsec policy | list | 67 | src-address:range dst-address:range peer:text tunnel:bool=no action:text=encrypt proposal:text=default comment:text disabled:bool=no template:bool=no
/ip proxy | single | 67 | enabled:bool=no port:int=8080
/ip route | list | 67 | dst-address:prefix gateway:text distance:int=1 comment:text disabled:bool=no scope:int=30 target-scope:int=10 check-gateway:text pref-src:ip routing-table:text=main routing-mark:text blackhole:flag type:text=unicast suppress-hw-offload:bool=no
/ip service | fixed | 67 | name:text port:int address:addresses disabled:bool=no certificate:text=none tls-version:text=any vrf:text=main max-sessions:int=20
/ip socks | single | 67 | enabled:bool=no port:int=1080
/ip ssh | single | 67 | strong-crypto:bool=no always-allow-password-login:bool=no forwarding-enabled:text=no host-key-size:int=2048 host-key-type:text=rsa allow-none-crypto:bool=no
/ip upnp | single | 67 | enabled:bool=no allow-disable-external-interface:bool=no show-dummy-rule:bool=yes
/ip vrf | list | 7 | name:text! interfaces:text comment:text disabled:bool=no
/ip traffic-flow | single | 67 | enabled:bool=no interfaces:text=all cache-entries:text active-flow-timeout:time=30m inactive-flow-timeout:time=15s
/ipv6 address | list | 67 | address:cidr6 interface:interface! advertise:bool=yes eui-64:bool=no from-pool:text comment:text disabled:bool=no no-dad:bool=no
/ipv6 firewall address-list | list | 67 | list:text! address:text! comment:text disabled:bool=no
/ipv6 firewall filter | list | 67 | {_RULE}
/ipv6 nd | list | 67 | interface:text! advertise-dns:bool=yes managed-address-configuration:bool=no other-configuration:bool=no disabled:bool=no
/ipv6 route | list | 67 | dst-address:prefix6 gateway:text distance:int=1 comment:text disabled:bool=no
/ipv6 settings | single | 67 | disable-ipv6:bool=no forward:bool=yes accept-router-advertisements:text=yes-if-forwarding-disabled
/ppp profile | list | 67 | name:text! local-address:text remote-address:text dns-server:text rate-limit:text use-encryption:text=default only-one:text=default change-tcp-mss:text=default comment:text use-compression:text=default use-mpls:text=default
/ppp secret | list | 67 | name:text! password:text~ service:text=any profile:text=default local-address:text remote-address:text comment:text disabled:bool=no routes:text caller-id:text
/ppp aaa | single | 67 | use-radius:bool=no accounting:bool=yes interim-update:time=0s
/queue simple | list | 67 | name:text target:text! max-limit:text=0/0 limit-at:text=0/0 parent:text=none priority:text=8/8 queue:text=default-small/default-small comment:text disabled:bool=no dst:text burst-limit:text burst-threshold:text burst-time:text
/queue tree | list | 67 | name:text parent:text! packet-mark:text limit-at:text=0 max-limit:text=0 priority:int=8 queue:text=default-small comment:text disabled:bool=no
/queue type | list | 67 | name:text! kind:text! pcq-rate:text=0 pcq-classifier:text
/radius | list | 67 | address:ip! secret:text~ service:text timeout:time=300ms authentication-port:int=1812 accounting-port:int=1813 comment:text disabled:bool=no src-address:ip
/routing bgp connection | list | 7 | name:text! remote.address:text remote.as:text as:text local.role:text local.address:text router-id:text templates:text=default output.network:text tcp-md5-key:text~ comment:text disabled:bool=no multihop:bool=no hold-time:time
/routing bgp peer | list | 6 | name:text remote-address:ip! remote-as:int! instance:text=default multihop:bool=no update-source:text tcp-md5-key:text~ comment:text disabled:bool=no
/routing ospf instance | list | 67 | name:text! router-id:text version:text=2 redistribute:text redistribute-connected:text=no originate-default:text comment:text disabled:bool=no
/routing ospf area | list | 67 | name:text! area-id:ip=0.0.0.0 instance:text! type:text=default comment:text disabled:bool=no
/routing ospf network | list | 6 | network:prefix! area:text! comment:text disabled:bool=no
/routing ospf interface-template | list | 7 | area:text! interfaces:text networks:text cost:int=1 type:text=broadcast auth:text auth-key:text~ passive:flag comment:text disabled:bool=no
/routing table | list | 7 | name:text! fib:flag comment:text disabled:bool=no
/snmp | single | 67 | enabled:bool=no contact:text location:text engine-id:text engine-id-suffix:text trap-community:text=public trap-generators:text=temp-exception trap-target:text trap-version:int=1 trap-interfaces:text src-address:text=:: vrf:text=main
/snmp community | list | 67 | name:text! addresses:text=::/0 security:text=none read-access:bool=yes write-access:bool=no authentication-protocol:text=MD5 authentication-password:text~ encryption-protocol:text=DES encryption-password:text~ comment:text disabled:bool=no
/system clock | single | 67 | time-zone-autodetect:bool=yes time-zone-name:text=manual date:text time:text gmt-offset:text
/system identity | single | 67 | name:text=MikroTik
/system logging | list | 67 | topics:text! action:text=memory prefix:text disabled:bool=no regex:text
/system logging action | list | 67 | name:text! target:text! remote:text remote-port:int=514 src-address:text bsd-syslog:bool=no syslog-facility:text=daemon syslog-severity:text=auto syslog-time-format:text=bsd-syslog memory-lines:int=1000 disk-file-name:text disk-lines-per-file:int remember:bool=yes remote-log-format:text=default remote-protocol:text=udp
/system note | single | 67 | note:text show-at-login:bool=yes show-at-cli-login:bool=no
/system ntp client | single | 6 | enabled:bool=no primary-ntp:ip=0.0.0.0 secondary-ntp:ip=0.0.0.0 server-dns-names:text
/system ntp client | single | 7 | enabled:bool=no mode:text=unicast servers:text vrf:text=main
/system ntp client servers | list | 7 | address:text! comment:text disabled:bool=no min-poll:int=6 max-poll:int=10 iburst:bool=yes auth-key:text=none
/system ntp server | single | 67 | enabled:bool=no broadcast:bool=no multicast:bool=no manycast:bool=no use-local-clock:bool=no
/system package update | single | 67 | channel:text=stable
/system routerboard settings | single | 67 | auto-upgrade:bool=no boot-device:text=nand-if-fail-then-ethernet protected-routerboot:text=disabled reformat-hold-button:time=20s silent-boot:bool=no
/system scheduler | list | 67 | name:text on-event:text start-date:text start-time:text interval:time=0s policy:text=ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon comment:text disabled:bool=no
/system script | list | 67 | name:text source:text policy:text=ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon dont-require-permissions:bool=no comment:text
/system watchdog | single | 67 | watchdog-timer:bool=yes watch-address:text=none automatic-supout:bool=yes auto-send-supout:bool=no no-ping-delay:time=5m ping-timeout:time=1m
/tool bandwidth-server | single | 67 | enabled:bool=yes authenticate:bool=yes max-sessions:int=100
/tool e-mail | single | 67 | address:text=0.0.0.0 server:text=0.0.0.0 port:int=25 from:text=<> user:text password:text~ tls:text=no
/tool graphing | single | 67 | store-every:text=5min page-refresh:text=300
/tool mac-server | single | 67 | allowed-interface-list:text=all
/tool mac-server mac-winbox | single | 67 | allowed-interface-list:text=all
/tool mac-server ping | single | 67 | enabled:bool=yes
/tool netwatch | list | 67 | host:text! type:text=simple interval:time=10s timeout:time=3s up-script:text down-script:text comment:text disabled:bool=no name:text
/tool romon | single | 67 | enabled:bool=no secrets:text~ id:mac=00:00:00:00:00:00
/user | list | 67 | name:text! group:text! password:text~ address:addresses comment:text disabled:bool=no inactivity-policy:text=none inactivity-timeout:time=10m
/user group | list | 67 | name:text! policy:text skin:text=default comment:text
/user ssh-keys | list | 67 | user:text key-owner:text key:text~ bits:int
/user aaa | single | 67 | use-radius:bool=no accounting:bool=yes default-group:text=read interim-update:time=0s exclude-groups:text
/certificate | list | 67 | name:text! common-name:text key-usage:text days-valid:int=365 key-size:text=2048 trusted:bool=no
/file | list | 67 | name:text! contents:text type:text size:text creation-time:text
/log | watch | 67 | time:text topics:text message:text
/system resource | watch | 67 | uptime:text version:text build-time:text free-memory:text total-memory:text cpu:text cpu-count:text cpu-load:text free-hdd-space:text total-hdd-space:text architecture-name:text board-name:text platform:text
/system routerboard | watch | 67 | routerboard:text board-name:text model:text serial-number:text firmware-type:text factory-firmware:text current-firmware:text upgrade-firmware:text
/system license | watch | 67 | software-id:text nlevel:text features:text
/system health | watch | 67 | name:text value:text type:text
/system package | watch | 67 | name:text version:text
/ip neighbor | watch | 67 | interface:text address:text mac-address:text identity:text platform:text version:text
"""  # noqa: E501

_PROPERTY = re.compile(r"^([\w.-]+):(\w+)(!?)(~?)(?:=(.*))?$")
ORDERED = ("/ip firewall", "/ipv6 firewall filter", "/queue simple")


@dataclass(frozen=True, slots=True)
class Property:
    """One column; `sensitive` values are hidden in exports that hide."""

    name: str
    kind: str
    required: bool
    sensitive: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class Menu:
    path: str
    form: str
    properties: dict[str, Property]

    @property
    def is_table(self) -> bool:
        return self.form in ("list", "fixed")

    @property
    def ordered(self) -> bool:
        """Rules whose order matters: `place-before`, `move`."""
        return (self.path.startswith(ORDERED[0]) and not self.path.endswith("address-list")) or self.path in ORDERED[1:]

    @property
    def is_interface(self) -> bool:
        """Its items are interfaces."""
        return (
            self.path.startswith("/interface ")
            and self.path.count(" ") == 1
            and self.is_table
            and (not self.path.endswith(" list"))
        )

    def default(self, name: str) -> str:
        found = self.properties.get(name)
        return "" if found is None or found.default is None else found.default


@cache
def menus_of(major: int) -> dict[str, Menu]:
    """All menus of RouterOS 6 or 7, in the order in which export prints them."""
    found: dict[str, Menu] = {}
    for row in _MENUS.strip().splitlines():
        path, form, versions, properties = (cell.strip() for cell in row.split("|"))
        if str(major) in versions:
            found[path] = Menu(path, form, dict(_property(cell) for cell in properties.split()))
    return found


def _property(cell: str) -> tuple[str, Property]:
    matched = _PROPERTY.match(cell)
    assert matched is not None, cell
    name, kind, required, sensitive, default = matched.groups()
    return name, Property(name, kind, bool(required), bool(sensitive), default)


@cache
def branches_of(major: int) -> dict[str, frozenset[str]]:
    """Each path with the names of the menus below it; the root is ''."""
    below: dict[str, set[str]] = {"": set()}
    for path in (*menus_of(major), *_EXTRA):
        words = path[1:].split()
        for depth, word in enumerate(words):
            parent = "/" + " ".join(words[:depth]) if depth else ""
            below.setdefault(parent, set()).add(word)
            below.setdefault("/" + " ".join(words[: depth + 1]), set())
    return {path: frozenset(names) for path, names in below.items()}


_EXTRA = ("/system backup", "/system history", "/system shutdown-settings")
