"""waiting documents in search: the index is emptied, and filled anew once all is upgraded."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO text_index(text_index) VALUES('delete-all')")
    op.execute("DELETE FROM text_entry")


def downgrade() -> None:
    """Leave what is found: an earlier version reads it all the same."""
