"""Every screen, by address: what tests of all screens go through, and what screenshots show."""

SEED = "/reviews/trust-and-faith"
VIGNETTE = "/reviews/training-vignette"

SCREENS = (
    "/",
    "/docs/errors",
    "/help",
    "/tour",
    SEED,
    f"{SEED}/search?q=trust",
    f"{SEED}/sources",
    f"{SEED}/sources/1",
    f"{SEED}/flow",
    f"{SEED}/quotes",
    f"{SEED}/quotes/1",
    f"{SEED}/configurations",
    f"{SEED}/configurations/1",
    f"{SEED}/concepts",
    f"{SEED}/concepts/1",
    f"{SEED}/links",
    f"{SEED}/memos",
    f"{SEED}/matrix",
    f"{SEED}/chains?to=K1",
    f"{SEED}/theories",
    f"{SEED}/evidence",
    f"{SEED}/check",
    f"{SEED}/history",
    f"{VIGNETTE}/documents/1",
)
