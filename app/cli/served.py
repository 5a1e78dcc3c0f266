"""Where this installation is served, or was last: what commands print and write leads there."""

from contextlib import suppress
from ipaddress import ip_address

from app.config import Settings

FILE = "served-at"
USUAL = "http://127.0.0.1:8000"


def note_address(settings: Settings, host: str, port: int) -> None:
    """Write down where a server listens, as people open it."""
    with suppress(ValueError):  # a name, which is no number
        if ip_address(host).is_unspecified:  # on every address, of which one leads here
            host = "127.0.0.1"
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with suppress(OSError):  # a folder that can only be read serves all the same
        (settings.data_dir / FILE).write_text(address, encoding="utf-8")


def address_of(settings: Settings) -> str:
    """Return the configured base URL, else the last server's address, else the usual one."""
    if settings.link_base:
        return settings.link_base
    try:
        return (settings.data_dir / FILE).read_text(encoding="utf-8").strip() or USUAL
    except OSError:
        return USUAL
