"""The whole OpenAPI document, asked with data nobody would send: no fault of ours comes back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from app.access.models import TokenScope
from app.access.schemas import TokenCreate, UserCreate
from app.access.service import add_user, issue_token
from app.config import shipped
from app.db import begin_writing
from app.exchange.archive.arriving import import_archive
from app.main import create_app
from app.migrations import upgrade
from tests.conftest import cheap_settings

EXAMPLES = 12
LAST = {  # what would end the session for all the others; tried by hand in tests/access
    "DELETE /api/v1/reviews/{slug}",
    "DELETE /api/v1/reviews/{slug}/members/{user_id}",
    "DELETE /api/v1/tokens/{token_id}",
    "PUT /api/v1/reviews/{slug}/members/{user_id}",
}
SHARES = 8  # so that workers can take turns


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """An application on a database of its own that holds the shipped reviews, and a token."""
    chosen = cheap_settings(tmp_path_factory.mktemp("fuzzed"))
    app = create_app(chosen)
    upgrade(app.state.engine)
    with app.state.sessions() as session:
        begin_writing(session)
        wish = UserCreate(email="owner@example.org", name="Owner", is_admin=True)
        owner = add_user(session, wish, chosen)
        for folder in sorted(path.parent for path in shipped("seeds").glob("*/review.json")):
            import_archive(session, Path(folder), owner, chosen)
        token = issue_token(session, owner, TokenCreate(name="t", scope=TokenScope.WRITE))[1]
        session.commit()
    yield app, token
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def api(served: tuple[Any, str]) -> Any:
    app, token = served
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)

    schemathesis.serializer.alias("application/zip", "application/octet-stream")

    @schema.hook
    def map_path_parameters(_context: Any, parameters: dict[str, Any] | None) -> Any:
        """Aim at things that are there, most of the time."""
        for name, value in (parameters or {}).items():
            if name == "slug":
                parameters[name] = "trust-and-faith"  # type: ignore[index]
            elif isinstance(value, int):
                parameters[name] = value % 12 + 1  # type: ignore[index]
        return parameters

    @schema.hook
    def map_headers(_context: Any, headers: dict[str, Any] | None) -> Any:
        """Ask as the owner, overriding versions knowingly."""
        return {**(headers or {}), "Authorization": f"Bearer {token}", "If-Match": "*"}

    return schema


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_sent_is_answered_by_a_server_error(api: Any, share: int) -> None:
    every = [found.ok() for found in api.get_all_operations()]
    operations = [operation for operation in every if operation.label not in LAST]
    assert len(operations) == len(every) - len(LAST) > 100
    for operation in operations[share::SHARES]:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            case.validate_response(case.call(), checks=[not_a_server_error])

        ask()
