:set got -1
:set ms ""
:do {
/tool flood-ping address=@TARGET@ count=@PINGS@ do={:if ($sent = @PINGS@) do={:set got $received; :set ms $"avg-rtt"}}
} on-error={}
:if ($got < 0) do={:do {:set got [/ping address=@TARGET@ count=@PINGS@]} on-error={:set got 0}}
:if ([:typeof $ms] != "num") do={:set ms ""}
:set data ($data . "&internet=@TARGET@," . (100 - ($got * @SHARE@)) . "," . $ms)
