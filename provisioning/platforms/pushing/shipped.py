"""Every platform that can be told something."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.intent import Platform
from provisioning.platforms.pushing.acts import Pushing
from provisioning.platforms.pushing.routeros import RouterOsPushing

PUSHING: Final[Mapping[Platform, Pushing]] = MappingProxyType({Platform.ROUTEROS: RouterOsPushing()})
