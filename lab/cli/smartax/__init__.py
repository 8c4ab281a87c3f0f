"""Huawei MA5608T (SmartAX) as a pure model: ONTs found and added, profiles, service ports, `save`.

Sources: Huawei MA5600T/MA5603T/MA5608T Command Reference (`ont add`, `ont confirm`, `service-port`,
`ont-lineprofile`, `ont-srvprofile`, `dba-profile`, `save`, `smart`, `scroll`, `infoswitch`), the raw outputs of
ntc-templates' huawei_smartax, and answers that public tools look for (`Failure: The automatically found ONTs do not
exist`, `---- More ( Press 'Q' to break ) ----`). The `{ <cr>|… }:` lists what our grammar knows.
"""

from lab.cli.smartax.olt import SmartAxOlt

__all__ = ["SmartAxOlt"]
