"""The review's own fields as a form fills them in."""

from typing import Any

from sqlalchemy.orm import Session

from app.library.field_values import fields_of
from app.library.models import FieldSubject


def fields_to_fill(session: Session, review_id: int, subject: FieldSubject) -> dict[str, Any]:
    """Return the fields there are on sources or configurations, and their choices by name."""
    fields = list(fields_of(session, review_id, subject).values())
    pairs = {field.name: [(choice, choice) for choice in field.choices or ()] for field in fields}
    return {"fields": fields, "pairs": pairs}
