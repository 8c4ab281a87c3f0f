"""The first contact of a planned site, its secrets filled in: what a technician takes along."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.intent import SiteIntent
from domain.language import _
from domain.network import Role
from domain.secrets import Credential, Secret
from kentongan.errors import UsageError
from kentongan.planning.sources import find_secret
from provisioning.bootstrap import first_contact, png_qr, qr_of, script_of, terminal_qr
from provisioning.rendering import fill


@dataclass(frozen=True, slots=True)
class FirstContact:
    """text: with secrets."""

    device: str
    text: Secret

    def on_terminal(self) -> str:
        return terminal_qr(qr_of(self.text))

    def png(self) -> bytes:
        return png_qr(qr_of(self.text))


def first_contact_of(site: SiteIntent, device: str, credentials: Mapping[str, Credential]) -> FirstContact:
    """Of the named device, or of the site's router. Raises ProvisioningError for a secret that is not there yet."""
    here = [each for each in site.devices if not each.elsewhere]
    chosen = next((each for each in here if (each.name == device if device else each.role is Role.ROUTER)), None)
    if chosen is None:
        raise UsageError(
            _("The site has no device {device}. It has: {names}.").format(
                device=device or "router", names=", ".join(each.name for each in here)
            )
        )
    script = script_of(first_contact(site, chosen))
    return FirstContact(chosen.name, fill(script, lambda hole: find_secret(credentials, hole)))
