"""The keyboard map, as help shows it; the scripts of each page hold to it."""


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        _("Everywhere"),
        (
            ("?", _("show this map")),
            ("/", _("search the review")),
            ("g h", _("go to its home")),
            ("g s", _("go to its sources")),
            ("g c", _("go to its configurations")),
            ("g b", _("go to its codebook")),
            ("g m", _("go to its matrix")),
            ("g n", _("go to its chains")),
            ("g t", _("go to its theories")),
            ("g e", _("go to its evidence table")),
            ("Esc", _("close what is open")),
        ),
    ),
    (
        _("Reading and coding"),
        (
            ("j k", _("next, previous sentence")),
            ("J K", _("add the next, previous sentence to the passage")),
            ("] [", _("next, previous paragraph")),
            ("p", _("park the passage")),
            ("n", _("new configuration from it")),
            ("e", _("add it as evidence")),
            ("c", _("tie it to a concept")),
            ("t", _("tie it to a proposition")),
            ("m", _("write a memo on it")),
            ("z", _("take the last step back")),
            ("o", _("next passage that is parked or not found")),
            ("q", _("go to what is coded there")),
            ("/", _("find words in the document")),
        ),
    ),
    (
        _("Screening"),
        (
            ("i e u", _("include, exclude, unsure")),
            ("1 9", _("choose a reason, from the first to the ninth")),
            ("n", _("write a note")),
            ("s", _("leave it for later")),
            ("z", _("take the last decision back")),
        ),
    ),
    (
        _("Duplicates"),
        (
            ("m", _("merge the two")),
            ("1 2", _("say which one stands for both")),
            ("k", _("keep them apart")),
            ("s", _("leave it for later")),
            ("z", _("take the last decision back")),
        ),
    ),
)
