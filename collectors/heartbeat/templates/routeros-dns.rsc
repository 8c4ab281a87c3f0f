:set got 100
:do {:if ([:len [:resolve @ASK@]] > 0) do={:set got 0}} on-error={:set got 100}
:set data ($data . "&dns=@TARGET@," . $got)
