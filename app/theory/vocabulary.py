"""The words a configuration may use, as the field writes them.

Roles follow the C-M-O heuristic of Pawson & Tilley, *Realistic Evaluation* (1997), with the
resource and response split of Dalkin et al., *Implementation Science* 10:49 (2015).
"""

from enum import StrEnum


class Role(StrEnum):
    """What an element does in its configuration; the concept itself has no role."""

    CONTEXT = "context"
    INTERVENTION = "intervention"
    STRATEGY = "strategy"
    ACTOR = "actor"
    AGENCY = "agency"
    RESOURCE = "resource"
    RESPONSE = "response"
    MECHANISM = "mechanism"
    OUTCOME = "outcome"


MECHANISM_ROLES = (Role.MECHANISM, Role.RESOURCE, Role.RESPONSE)
"""A question about mechanisms includes resource and response."""


class Template(StrEnum):
    """Which roles a review asks of a configuration."""

    CMO = "CMO"
    CRRO = "CRRO"
    ICMO = "ICMO"
    ICAMO = "ICAMO"
    SCMO = "SCMO"
    CIMO = "CIMO"
    CAMO = "CAMO"


TEMPLATE_ROLES: dict[Template, tuple[Role, ...]] = {
    Template.CMO: (Role.CONTEXT, Role.MECHANISM, Role.OUTCOME),
    Template.CRRO: (Role.CONTEXT, Role.RESOURCE, Role.RESPONSE, Role.OUTCOME),
    Template.ICMO: (Role.INTERVENTION, Role.CONTEXT, Role.MECHANISM, Role.OUTCOME),
    Template.ICAMO: (Role.INTERVENTION, Role.CONTEXT, Role.ACTOR, Role.MECHANISM, Role.OUTCOME),
    Template.SCMO: (Role.STRATEGY, Role.CONTEXT, Role.MECHANISM, Role.OUTCOME),
    Template.CIMO: (Role.CONTEXT, Role.INTERVENTION, Role.MECHANISM, Role.OUTCOME),
    Template.CAMO: (Role.CONTEXT, Role.AGENCY, Role.MECHANISM, Role.OUTCOME),
}


class State(StrEnum):
    """What is said of a concept in an element; never guessed."""

    HIGH = "high"
    LOW = "low"
    PRESENT = "present"
    ABSENT = "absent"
    INCREASED = "increased"
    REDUCED = "reduced"
    MAINTAINED = "maintained"
    MIXED = "mixed"
    NOT_STATED = "not_stated"


class Activation(StrEnum):
    """How far a mechanism operates."""

    OPERATING = "operating"
    PARTLY = "partly"
    DORMANT = "dormant"
    BLOCKED = "blocked"
    DISPLACED = "displaced"
    NOT_STATED = "not_stated"


class Valence(StrEnum):
    """Whether an outcome is wanted by the people it happens to."""

    DESIRED = "desired"
    UNDESIRED = "undesired"
    CONTESTED = "contested"
    NOT_STATED = "not_stated"


class Tier(StrEnum):
    """How near to the programme an outcome lies."""

    PROXIMAL = "proximal"
    INTERMEDIATE = "intermediate"
    DISTAL = "distal"


class Modality(StrEnum):
    """How strongly the source puts the claim."""

    REQUIRED = "required"
    LIKELY = "likely"
    POSSIBLE = "possible"
    CONJECTURED = "conjectured"


class Stance(StrEnum):
    """What a passage does to the claim it is tied to."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    REFINES = "refines"
    CONTEXTUALISES = "contextualises"


class Basis(StrEnum):
    """Whose knowledge a piece of evidence is, and of what sort."""

    EMPIRICAL_FINDING = "empirical_finding"
    PARTICIPANT_ACCOUNT = "participant_account"
    AUTHOR_EXPLANATION = "author_explanation"
    AUTHOR_CONJECTURE = "author_conjecture"
    CITED = "cited"


class ConfigurationKind(StrEnum):
    """Raw from sources, standing for several raw ones, or made by the reviewer."""

    RAW = "raw"
    CONSOLIDATED = "consolidated"
    CONSTRUCTED = "constructed"


class ConfigurationStatus(StrEnum):
    """How far the team has come with a configuration."""

    DRAFT = "draft"
    CODED = "coded"
    CHECKED = "checked"
    RETIRED = "retired"


class Certainty(StrEnum):
    """The reviewers' own judgement, in the levels of GRADE-CERQual."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


class LinkKind(StrEnum):
    """How one configuration bears on another, or on a link."""

    FEEDS = "feeds"
    EMBEDDED_IN = "embedded_in"
    VARIANT_OF = "variant_of"
    MIRROR_OF = "mirror_of"
    SUBSTITUTES_FOR = "substitutes_for"
    MODERATES = "moderates"
    CONTRADICTS = "contradicts"


class Effect(StrEnum):
    """What a moderator does to the link it moderates."""

    STRENGTHENS = "strengthens"
    WEAKENS = "weakens"
    REVERSES = "reverses"
    ENABLES = "enables"
    INHIBITS = "inhibits"


class Verdict(StrEnum):
    """What became of a proposition."""

    AFFIRMED = "affirmed"
    REFUTED = "refuted"
    REVISED = "revised"
    NEW = "new"
    RETIRED = "retired"


class Origin(StrEnum):
    """Where a proposition came from before or beside the sources."""

    REVIEWERS = "reviewers"
    SOURCES = "sources"
    STAKEHOLDERS = "stakeholders"
    POLICY = "policy"
    SUBSTANTIVE_THEORY = "substantive_theory"
