"""Whose decisions come in: members that a person names, or names who cannot sign in."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import Membership, UserAccount
from app.access.service import find_user
from app.errors import FieldProblem, InvalidError
from app.exchange.decision_schemas import PersonRead
from app.library.screening_models import Decision


class People:
    """The people of one file, by the names it has for them.

    A name becomes a member only where `NAME=EMAIL` says so: two people may share a name. Otherwise
    it is the same name without sign-in that earlier imports into this review made, or a new one.
    """

    def __init__(self, session: Session, member: Member, pairs: Sequence[str]) -> None:
        self.session, self.member = session, member
        self.numbers = self._placeholders() | dict(self._named(pairs))
        self.new: list[str] = []

    def _placeholders(self) -> dict[str, int]:
        """Return those who decided here and cannot sign in."""
        screeners = select(Decision.screener_id).where(Decision.review_id == self.member.review_id)
        rows = select(UserAccount.name, UserAccount.id).where(
            UserAccount.email.is_(None), UserAccount.id.in_(screeners)
        )
        return dict(self.session.execute(rows.order_by(UserAccount.id.desc())).all())

    def _named(self, pairs: Sequence[str]) -> Mapping[str, int]:
        found = {}
        for n, pair in enumerate(pairs):
            name, equals, email = pair.rpartition("=")
            if not equals or not name:
                raise InvalidError(
                    f"person: {pair}: write NAME=EMAIL, e.g. Ana=ana@example.org.",
                    fields=[FieldProblem(f"person.{n}", "no = between name and address")],
                )
            user = find_user(self.session, email)
            if self.session.get(Membership, (self.member.review_id, user.id)) is None:
                raise InvalidError(
                    f"person: {email} is not a member of this review; let them in first.",
                    fields=[FieldProblem(f"person.{n}", "not a member of this review")],
                )
            found[name] = user.id
        return found

    def number(self, name: str, *, is_preview: bool) -> int:
        """Return the user of a name, made on first use; in a preview 0 for one who would be."""
        if name not in self.numbers:
            self.new.append(name)
            self.numbers[name] = 0 if is_preview else self._add(name)
        return self.numbers[name]

    def _add(self, name: str) -> int:
        person = UserAccount(name=name, email=None, is_active=False)
        self.session.add(person)
        self.session.flush()
        return person.id

    def described(self, decisions: Mapping[str, int]) -> list[PersonRead]:
        """Say who decided how many, by name."""
        return [
            PersonRead(
                name=name,
                user_id=self.numbers[name] or None,
                is_new=name in self.new,
                decisions=many,
            )
            for name, many in sorted(decisions.items())
        ]
