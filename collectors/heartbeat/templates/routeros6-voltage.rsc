:do {
:local volts [/system health get voltage]
:if ([:typeof $volts] = "num") do={
:set data ($data . "&voltage=" . ($volts / 10) . "." . ($volts - (($volts / 10) * 10)))
}
} on-error={}
