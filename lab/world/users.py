"""Who may read the simulated agents. Public on purpose: they guard nothing but invented numbers."""

from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser

COMMUNITY = "public"
AUTH_PASSWORD = "kentongan-auth"
PRIV_PASSWORD = "kentongan-priv"

NO_AUTH = SnmpUser("lab-noauth", "labnoauth")
AUTH_ONLY = SnmpUser("lab-auth", "labauth", AuthProtocol.SHA1, Secret(AUTH_PASSWORD))
SHA_AES = SnmpUser(
    "lab-sha", "labsha", AuthProtocol.SHA1, Secret(AUTH_PASSWORD), PrivProtocol.AES128, Secret(PRIV_PASSWORD)
)
SHA256_AES256 = SnmpUser(
    "lab-sha256", "labsha256", AuthProtocol.SHA256, Secret(AUTH_PASSWORD), PrivProtocol.AES256, Secret(PRIV_PASSWORD)
)
USERS = (NO_AUTH, AUTH_ONLY, SHA_AES, SHA256_AES256)
