"""What each template of a configuration asks for, by an example made up for it."""

from typing import NamedTuple

from app.theory.vocabulary import TEMPLATE_ROLES, Role, Template


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


class TemplateExample(NamedTuple):
    """A template: what it is called, what it suits, and words for each of its roles in order."""

    template: Template
    name: str
    suits: str
    parts: list[tuple[Role, str]]


_CONTEXT = _("two clinics that competed for years")
_OUTCOME = _("they begin to trust each other")
_MECHANISM = _("each sees the other keep its word")
_RESOURCE = _("a small target for the first winter")
WORDED: dict[Template, tuple[str, str, tuple[str, ...]]] = {
    Template.CMO: (
        _("Context, mechanism, outcome"),
        _("The plain one, when in doubt. You can always say more of a mechanism later."),
        (_CONTEXT, _MECHANISM, _OUTCOME),
    ),
    Template.CRRO: (
        _("Context, resource, response, outcome"),
        _("Where what a programme offers and how people take it should be kept apart."),
        (_CONTEXT, _RESOURCE, _MECHANISM, _OUTCOME),
    ),
    Template.ICMO: (
        _("Intervention, context, mechanism, outcome"),
        _("Where several interventions are compared."),
        (_RESOURCE, _CONTEXT, _MECHANISM, _OUTCOME),
    ),
    Template.ICAMO: (
        _("Intervention, context, actor, mechanism, outcome"),
        _("Where it matters whose reasoning changes."),
        (_RESOURCE, _CONTEXT, _("ward managers"), _MECHANISM, _OUTCOME),
    ),
    Template.SCMO: (
        _("Strategy, context, mechanism, outcome"),
        _("Where people choose among ways of carrying something out."),
        (_("telling everybody of each early success"), _CONTEXT, _MECHANISM, _OUTCOME),
    ),
    Template.CIMO: (
        _("Context, intervention, mechanism, outcome"),
        _("As in design and management research: begin with the situation."),
        (_CONTEXT, _RESOURCE, _MECHANISM, _OUTCOME),
    ),
    Template.CAMO: (
        _("Context, agency, mechanism, outcome"),
        _("Where what people set out to do themselves makes the difference."),
        (_CONTEXT, _("nurses who lend each other a hand unasked"), _MECHANISM, _OUTCOME),
    ),
}
EXAMPLES = [
    TemplateExample(template, name, suits, list(zip(TEMPLATE_ROLES[template], words, strict=True)))
    for template, (name, suits, words) in WORDED.items()
]
