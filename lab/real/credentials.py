"""What the lab's hosts want to hear. The passwords are no secret: nothing outside the lab ever has them."""

from domain.secrets import AuthProtocol, Credential, PrivProtocol, Secret, SnmpCommunity, SnmpUser, SnmpVersion

_AUTH = Secret("lab-auth-pass")
_PRIV = Secret("lab-priv-pass")

COMMUNITY = SnmpCommunity("lab-v2c", SnmpVersion.V2C, Secret("public"))
USERS = (
    SnmpUser("lab-sha-aes", "sha-aes", AuthProtocol.SHA1, _AUTH, PrivProtocol.AES128, _PRIV),
    SnmpUser("lab-sha256-aes", "sha256-aes", AuthProtocol.SHA256, _AUTH, PrivProtocol.AES128, _PRIV),
    SnmpUser("lab-md5-des", "md5-des", AuthProtocol.MD5, _AUTH, PrivProtocol.DES, _PRIV),
    SnmpUser("lab-sha", "sha", AuthProtocol.SHA1, _AUTH),
)
CREDENTIALS: tuple[Credential, ...] = (COMMUNITY, *USERS)


def snmpd_lines(user: SnmpUser) -> str:
    """The lines of snmpd.conf(5) that create one user and let him read."""
    if user.auth is None or user.auth_password is None:
        return f"createUser {user.user}\nrouser {user.user} noauth\n"
    words = ["createUser", user.user, user.auth.value, user.auth_password.reveal()]
    if user.priv is not None and user.priv_password is not None:
        words += [user.priv.value, user.priv_password.reveal()]
    return f"{' '.join(words)}\nrouser {user.user} {'priv' if user.priv else 'auth'}\n"


def snmpget_options(credential: Credential) -> list[str]:
    """The options by which net-snmp's own tools use the credential."""
    if isinstance(credential, SnmpCommunity):
        return [f"-v{credential.version}", "-c", credential.community.reveal()]
    if not isinstance(credential, SnmpUser):
        raise TypeError(f"{credential.name} is not a credential for SNMP")
    options = ["-v3", "-l", credential.level, "-u", credential.user]
    if credential.auth is not None and credential.auth_password is not None:
        options += ["-a", credential.auth.value, "-A", credential.auth_password.reveal()]
    if credential.priv is not None and credential.priv_password is not None:
        options += ["-x", credential.priv.value, "-X", credential.priv_password.reveal()]
    return options
