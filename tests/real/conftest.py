"""The lab of real daemons, one for the whole session: a test that changes it puts it back."""

from collections.abc import Iterator

import pytest

from lab.real import RealLab, missing_requirements


@pytest.fixture(scope="session")
def real_lab() -> Iterator[RealLab]:
    """Six hosts with snmpd, lldpd and sshd; r1 and r2 speak OSPF. Run a collector in `real_lab.collector`."""
    missing = missing_requirements(ospf=True)
    if missing:
        pytest.skip(f"the lab of real daemons needs: {', '.join(missing)}")
    with RealLab(ospf=True) as lab:
        yield lab
