"""`kentongan account`: who may log in to the console, as what, and for which part of the kabupaten."""

import typer

from console.external import is_external
from domain.accounts import Account
from domain.language import _
from domain.network import PersonRole, RegionCode
from domain.secrets import Secret
from kentongan.cli import account_token
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.tokens import Tokens
from kentongan.errors import UsageError
from kentongan.installation import Installation

app = App(help=_("Who may log in to the console."))
app.add_typer(account_token.app, name="token", help=_("Keys for programs that use the REST interface."))

NAME = typer.Argument(help=_("The account; for somebody in people.csv, the name there."))
ROLE = typer.Option(None, "--role", help=_("What the account may; default: as in people.csv."))
REGION = typer.Option(None, "--region", help=_("Code of a region that it sees; repeat for more. None: everything."))
AGENCY = typer.Option(
    None,
    "--agency",
    help=_("An organisation of sites.csv whose sites it sees; repeat for more, beside regions or alone."),
)
JSON = typer.Option(False, "--json", help=_("Print as JSON."))


@app.command(
    "add",
    help=_("Make an account. Its password is shown this once and is good for one login."),
    epilog=_("Example:") + " kentongan account add 'Asep Sunandar' --role noc --region 32.14.05",
)
def add(
    context: typer.Context,
    name: str = NAME,
    role: PersonRole | None = ROLE,
    region: list[str] | None = REGION,
    agency: list[str] | None = AGENCY,
    single_sign_on: bool = typer.Option(
        False, "--single-sign-on", help=_("No password: the person comes by the office's login server.")
    ),
) -> None:
    with invocation(context).open() as installation:
        accounts, regions = Accounts(installation), _regions(installation, region or [])
        if single_sign_on:
            accounts.await_(name.strip(), role, regions, _agencies(agency))
            print(_("{name} may come by single sign-on.").format(name=name.strip()))
            return
        password = accounts.add(name.strip(), role, regions, _agencies(agency))
    _show(password)


@app.command(
    "reset",
    help=_("Give an account a new password, shown this once; it is logged out everywhere."),
    epilog=_("Example:") + " kentongan account reset 'Asep Sunandar'",
)
def reset(context: typer.Context, name: str = NAME) -> None:
    with invocation(context).open() as installation:
        password = Accounts(installation).reset(name)
    _show(password)


@app.command(
    "change",
    help=_("Another role, other regions or agencies; close the account, or open it again."),
    epilog=_("Example:") + " kentongan account change 'Asep Sunandar' --closed",
)
def change(
    context: typer.Context,
    name: str = NAME,
    role: PersonRole | None = ROLE,
    region: list[str] | None = REGION,
    agency: list[str] | None = AGENCY,
    everything: bool = typer.Option(False, "--everything", help=_("It sees the whole kabupaten.")),
    closed: bool | None = typer.Option(None, "--closed/--opened", help=_("Whether it may log in.")),
) -> None:
    with invocation(context).open() as installation:
        nowhere: tuple[RegionCode, ...] | None = () if everything or agency else None
        regions = _regions(installation, region) if region else nowhere
        agencies = _agencies(agency) if everything or agency or region else None
        print_table(_head(), [_row(Accounts(installation).change(name, role, regions, closed, agencies))])


@app.command(
    "unlock",
    help=_("Forget the wrong passwords that closed an account for a while."),
    epilog=_("Example:") + " kentongan account unlock 'Asep Sunandar'",
)
def unlock(context: typer.Context, name: str = NAME) -> None:
    with invocation(context).open() as installation:
        Accounts(installation).unlock(name)
    print(_("{name} may try again at once.").format(name=name))


@app.command("remove", help=_("Remove an account."), epilog=_("Example:") + " kentongan account remove tamu")
def remove(context: typer.Context, name: str = NAME) -> None:
    with invocation(context).open() as installation:
        Accounts(installation).remove(name)
        Tokens(installation).revoke_all(name)
    print(_("{name} has no account any more.").format(name=name))


@app.command("list", help=_("Every account."), epilog=_("Example:") + " kentongan account list --json")
def list_(context: typer.Context, json_: bool = JSON) -> None:
    with invocation(context).open() as installation:
        accounts = Accounts(installation).all()
    if json_:
        print_json([_plain(each) for each in accounts])
        return
    if not accounts:
        print(_("There is no account. The first one is made by: kentongan console"))
        return
    print_table(_head(), [_row(each) for each in accounts])


def _regions(installation: Installation, codes: list[str]) -> tuple[RegionCode, ...]:
    for code in codes:
        if installation.regions.get(code) is None:
            raise UsageError(_("{code} is no region's code. Write it as 32.14.05").format(code=code))
    return tuple(RegionCode(code) for code in codes)


def _agencies(names: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names or () if name.strip()))


def _show(password: Secret) -> None:
    print(password.reveal())
    note(_("This password is not shown again, and has to be changed at the first login."))


def _head() -> list[str]:
    return [_("account"), _("role"), _("sees"), _("state")]


def _row(account: Account) -> list[str]:
    state = _("closed") if account.disabled else _("password to be changed") if account.must_change else _("open")
    return [account.name, account.role.value, ", ".join(account.area) or _("everything"), state]


def _plain(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role.value,
        "regions": list(account.regions),
        "agencies": list(account.agencies),
        "closed": account.disabled,
        "mustChangePassword": account.must_change,
        "singleSignOn": is_external(account),
        "lockedUntil": account.locked_until,
    }
