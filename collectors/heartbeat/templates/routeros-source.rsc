# Kentongan: what this site tells of itself. Written by a program: render it anew instead of editing it.
:local data ""
:local got 0
:local ms ""
:do {:set data ("uptime=" . [/system resource get uptime])} on-error={}
:do {
:local version [/system resource get version]
:if ([:typeof [:find $version " "]] = "num") do={:set version [:pick $version 0 [:find $version " "]]}
:set data ($data . "&version=" . $version)
} on-error={}
:do {:set data ($data . "&serial=" . [/system routerboard get serial-number])} on-error={}
@VOLTAGE@:do {:set data ($data . "&leases=" . [/ip dhcp-server lease print count-only where status=bound])} on-error={}
:do {
:local pool 0
:foreach dhcpServer in=[/ip dhcp-server find where disabled=no] do={
:local poolName [/ip dhcp-server get $dhcpServer address-pool]
:foreach poolRange in=[:toarray [/ip pool get [find name=$poolName] ranges]] do={
:local dash [:find $poolRange "-"]
:if ([:typeof $dash] = "num") do={
:set pool ($pool + 1 + ([:toip [:pick $poolRange ($dash + 1) [:len $poolRange]]] - [:toip [:pick $poolRange 0 $dash]]))
} else={:set pool ($pool + 1)}
}
}
:if ($pool > 0) do={:set data ($data . "&pool=" . $pool)}
} on-error={}
:do {:set data ($data . "&hotspot=" . [/ip hotspot active print count-only])} on-error={}
:do {:set data ($data . "&pppoe=" . [/ppp active print count-only where service=pppoe])} on-error={}
@TESTS@/tool fetch url=@URL@ http-method=post http-data=$data @OUTPUT@ check-certificate=@CHECK@
