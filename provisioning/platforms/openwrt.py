"""OpenWrt, from `uci export` (openwrt.org, The UCI system)."""

from domain.shell import Dialect, Reading, Talk
from provisioning.platforms.platform import ConfigPlatform, Layout, Ways

END = "# kentongan: whole"
SCRIPT = f"uci export && echo '{END}'"


def reading(_version: str) -> Reading:
    return Reading((SCRIPT,), end=f"^{END}$", begin=r"^package ", seconds=60)


def tidy(text: str) -> str:
    return text.replace(END, "")


OPENWRT = ConfigPlatform(
    name="openwrt",
    profile="openwrt",
    layout=Layout.SECTIONS,
    dialect=Dialect(driver="linux", talk=Talk.PLAIN),
    reading=reading,
    comment="#",
    volatile=(r"^\s*option (?:last_update|boot_count|ula_generated) ",),
    secrets=(
        r"^\s*(?:option|list) (?:key\d?|password|passwd|psk|sae_password|private_key|preshared_key|auth_secret|"
        r"priv_secret|acct_secret|secret|community|token|pincode|wpakey|AuthPass|PrivPass) '(?P<secret>[^']*)'",
        r"^\s*option auth_pass(?:word)? '(?P<secret>[^']*)'",
    ),
    tidy=tidy,
    ways=Ways(
        arm=("sysupgrade -b /tmp/kentongan-before.tar.gz",),
        disarm=("rm -f /tmp/kentongan-before.tar.gz",),
        save=("uci commit", "reload_config"),
        undo=lambda line: f"# {line.strip()}",
    ),
)
