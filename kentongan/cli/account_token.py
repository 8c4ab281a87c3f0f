"""`kentongan account token`: keys for programs that use the REST interface in an account's name."""

from zoneinfo import ZoneInfo

import typer

from domain.accounts import AccessToken
from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note as remark
from kentongan.cli.output import print_json, print_table
from kentongan.console_adapters.tokens import LONGEST_DAYS, Tokens

DAYS = 90

app = App()

JSON = typer.Option(False, "--json", help=_("Print as JSON."))


@app.command(
    "add",
    help=_("Make a token for an account. It is shown this once; it may what the account may, until it expires."),
    epilog=_("Example:") + " kentongan account token add grafana --days 90 --read-only --note 'map of the office'",
)
def add(
    context: typer.Context,
    name: str = typer.Argument(help=_("The account.")),
    days: int = typer.Option(DAYS, "--days", min=1, max=LONGEST_DAYS, help=_("For how many days it is good.")),
    read_only: bool = typer.Option(False, "--read-only", help=_("It may look, never act.")),
    note: str = typer.Option("", "--note", help=_("What it is for.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        key, token = Tokens(installation).add(name, days, read_only=read_only, note=note)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    if json_:
        print_json({"key": key.reveal(), **_plain(token)})
        return
    print(key.reveal())
    remark(
        _("This token is not shown again. It is number {id} and good until {until}.").format(
            id=token.id, until=f"{token.expires_at.astimezone(zone):%Y-%m-%d %H.%M %Z}"
        )
    )


@app.command(
    "list",
    help=_("Tokens of an account, or of all; never the keys themselves."),
    epilog=_("Example:") + " kentongan account token list grafana",
)
def list_(
    context: typer.Context,
    name: str | None = typer.Argument(None, help=_("The account.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        found = Tokens(installation).of(name)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
        now = installation.clock.now().utc
    if json_:
        print_json([_plain(each) for each in found])
        return
    if not found:
        print(_("There is no token. Make one: kentongan account token add NAME"))
        return
    head = [_("token"), _("account"), _("may"), _("until"), _("last used"), _("note")]
    print_table(
        head,
        [
            [
                each.id,
                each.account,
                _("look") if each.read_only else _("what the account may"),
                _("expired") if each.expires_at <= now else f"{each.expires_at.astimezone(zone):%Y-%m-%d}",
                f"{each.used_at.astimezone(zone):%Y-%m-%d %H.%M}" if each.used_at else _("never"),
                each.note,
            ]
            for each in found
        ],
    )


@app.command(
    "revoke",
    help=_("Make a token good for nothing, at once."),
    epilog=_("Example:") + " kentongan account token revoke 3f9c01ab",
)
def revoke(
    context: typer.Context, id_: str = typer.Argument(metavar="ID", help=_("The token's number, as listed."))
) -> None:
    with invocation(context).open() as installation:
        token = Tokens(installation).revoke(id_)
    print(_("Token {id} of {name} is revoked.").format(id=token.id, name=token.account))


def _plain(token: AccessToken) -> dict[str, object]:
    return {
        "id": token.id,
        "account": token.account,
        "readOnly": token.read_only,
        "note": token.note,
        "madeAt": token.made_at.isoformat(),
        "expiresAt": token.expires_at.isoformat(),
        "usedAt": token.used_at.isoformat() if token.used_at else None,
    }
