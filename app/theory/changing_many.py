"""The same change of many configurations."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.theory.configurations import change_configuration
from app.theory.elements import restate
from app.theory.models import Configuration
from app.theory.schemas import ConfigurationChanges, ConfigurationUpdate

SAME = ("status", "certainty", "certainty_reason", "phase")


def change_configurations(
    session: Session, configurations: Sequence[Configuration], wish: ConfigurationChanges
) -> list[Configuration]:
    """Change what the wish sets in each; return those in which something differed."""
    changed = []
    for configuration in configurations:
        values = _differing(configuration, wish)
        if values:
            update = ConfigurationUpdate.model_validate(values)
            change_configuration(session, configuration, update)
            changed.append(restate(session, configuration))
    return changed


def _differing(configuration: Configuration, wish: ConfigurationChanges) -> dict[str, object]:
    values: dict[str, object] = {
        name: getattr(wish, name)
        for name in SAME
        if name in wish.model_fields_set and getattr(wish, name) != getattr(configuration, name)
    }
    questions = configuration.questions or []
    if wish.question and wish.question not in questions:
        values["questions"] = [*questions, wish.question]
    return values
