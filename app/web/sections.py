"""The sections of a review, as its rail shows them: key, address below the review, name, count."""

from typing import NamedTuple


class Section(NamedTuple):
    """One line of the rail; `counted` names the figure beside it, if it has one."""

    key: str
    path: str
    name: str
    counted: str | None = None


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


SECTIONS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    ("", (Section("home", "", _("Home")), Section("search", "/search", _("Search")))),
    (
        _("Library"),
        (
            Section("sources", "/sources", _("Sources"), "sources"),
            Section("imports", "/imports", _("Searches and imports")),
            Section("duplicates", "/duplicates", _("Duplicates")),
            Section("screening", "/screening", _("Screening")),
            Section("documents", "/documents", _("Documents")),
            Section("appraisal", "/appraisal", _("Appraisal")),
            Section("flow", "/flow", _("Flow")),
        ),
    ),
    (
        _("Coding"),
        (
            Section("quotes", "/quotes", _("Quotes"), "quotes"),
            Section("configurations", "/configurations", _("Configurations"), "configurations"),
            Section("concepts", "/concepts", _("Codebook"), "concepts"),
            Section("links", "/links", _("Links")),
            Section("memos", "/memos", _("Memos")),
        ),
    ),
    (
        _("Synthesis"),
        (
            Section("matrix", "/matrix", _("Matrix")),
            Section("chains", "/chains", _("Chains")),
            Section("theories", "/theories", _("Theories")),
            Section("evidence", "/evidence", _("Evidence table")),
            Section("views", "/views", _("Saved views")),
        ),
    ),
    (
        _("Keeping"),
        (
            Section("check", "/check", _("What falls out")),
            Section("history", "/history", _("History")),
            Section("members", "/members", _("Members")),
            Section("settings", "/settings", _("Settings")),
        ),
    ),
)
