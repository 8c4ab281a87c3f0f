"""`kentongan heartbeat`: sites that cannot be asked push. Their tokens are shown once; only hashes are kept."""

import os
import secrets
from collections import Counter

import typer

from collectors.heartbeat import ScriptKind, render_script
from collectors.store.heartbeat_tokens import SqlTokenStore
from domain.language import _
from domain.secrets import Secret
from domain.services import ScriptRefusedError, hash_of, make_token
from domain.services.tokens import TOKEN_OCTETS
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.settings import Settings

app = App(help=_("Sites that push: their tokens, and the scripts that send."))

TOKEN = "KENTONGAN_TOKEN"  # noqa: S105 - the name of a variable
SITE = typer.Argument(help=_("Slug of a site."))
JSON = typer.Option(False, "--json", help=_("Print as JSON."))


@app.command(
    "add",
    help=_("Make a token for a site. It is shown this once; the site's other tokens stay good until revoked."),
    epilog=_("Example: kentongan heartbeat add cibodas-sukatani"),
)
def add(context: typer.Context, site: str = SITE, json_: bool = JSON) -> None:
    with invocation(context).open() as installation:
        token = _made(installation, site)
        url = f"{address(installation.loaded.settings)}/heartbeat/{token.reveal()}"
    if json_:
        print_json({"site": site, "token": token.reveal(), "url": url})
        return
    print(url)
    note(_("This address is the site's secret and is not shown again. Try it: curl -d uptime=1 ADDRESS"))


@app.command("revoke", help=_("Take all tokens of a site back: what it pushes is refused from now on."))
def revoke(context: typer.Context, site: str = SITE) -> None:
    with invocation(context).open() as installation:
        count = tokens_of(installation).revoke(site)
        if not count:
            raise UsageError(_("{site} has no token. See: kentongan heartbeat list").format(site=site))
        installation.record("heartbeat tokens revoked", site, tokens=count)
    print(_("Revoked {count} tokens of {site}.").format(count=count, site=site))


@app.command("list", help=_("Sites that may push, and since when."))
def list_(context: typer.Context, json_: bool = JSON) -> None:
    with invocation(context).open() as installation:
        kept = tokens_of(installation).kept()
    counts = Counter(each.site for each in kept)
    newest = {each.site: each.made_at for each in kept}
    if json_:
        print_json(
            [{"site": site, "tokens": counts[site], "newestAt": newest[site].isoformat()} for site in sorted(counts)]
        )
        return
    rows = [(site, counts[site], f"{newest[site]:%Y-%m-%d %H:%M} UTC") for site in sorted(counts)]
    print_table([_("site"), _("tokens"), _("newest")], rows, right=(1,))


@app.command(
    "script",
    help=_(
        "Print what the site's router runs to push. It holds a new token, or the site's own from KENTONGAN_TOKEN; "
        "paste it there and keep it nowhere else."
    ),
    epilog=_("Example: kentongan heartbeat script cibodas-sukatani --kind routeros7"),
)
def script(
    context: typer.Context,
    site: str = SITE,
    kind: ScriptKind = typer.Option(ScriptKind.ROUTEROS7, "--kind", help=_("What will run it.")),
    internet: list[str] = typer.Option(
        ["1.1.1.1", "8.8.8.8"], "--internet", help=_("An address to ping; repeat for more.")
    ),
    dns: list[str] = typer.Option(
        ["www.google.com@8.8.8.8"], "--dns", help=_("A name to look up, or NAME@SERVER; repeat for more.")
    ),
    check_certificate: bool = typer.Option(
        False, "--check-certificate", help=_("The router knows the issuer of our certificate.")
    ),
) -> None:
    with invocation(context).open() as installation:
        settings = installation.loaded.settings
        given = os.environ.get(TOKEN)
        token = _known(installation, site, Secret(given)) if given else make_token(secrets.token_bytes(TOKEN_OCTETS))
        try:
            text = render_script(
                kind,
                address(settings),
                token,
                settings.heartbeat.interval_seconds,
                internet=internet,
                dns=dns,
                check_certificate=check_certificate,
            )
        except ScriptRefusedError as error:
            raise UsageError(str(error)) from None
        if not given:
            _keep(installation, site, token)
    print(text)
    note(_("The script holds the site's secret. Old tokens stay good: kentongan heartbeat revoke SITE takes all back."))


def address(settings: Settings) -> str:
    """Where sites reach us."""
    host = settings.exporter.host
    shown = f"[{host}]" if ":" in host else host
    return settings.heartbeat.url.rstrip("/") or f"http://{shown}:{settings.exporter.port}"


def tokens_of(installation: Installation) -> SqlTokenStore:
    return SqlTokenStore(installation.database.engine, lambda: installation.clock.now().unix_seconds)


def _made(installation: Installation, site: str) -> Secret:
    token = make_token(secrets.token_bytes(TOKEN_OCTETS))
    _keep(installation, site, token)
    return token


def _keep(installation: Installation, site: str, token: Secret) -> None:
    if all(each.slug != site for each in installation.inventory.read().sites):
        raise UsageError(_("There is no site {site}. Its slug stands in sites.csv.").format(site=site))
    tokens_of(installation).put(site, hash_of(token))
    installation.record("heartbeat token made", site, hash=hash_of(token)[:12])


def _known(installation: Installation, site: str, token: Secret) -> Secret:
    if tokens_of(installation).read().site_of(token.reveal()) != site:
        raise UsageError(_("{variable} holds no token of {site}.").format(variable=TOKEN, site=site))
    return token
