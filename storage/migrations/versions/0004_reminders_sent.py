"""When a reminder was sent

Revision: 0004; follows: 0003
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sent_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('refused_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    _note_what_was_sent(op.get_bind())


def _note_what_was_sent(connection: sa.Connection) -> None:
    """Until now this could only be read off the outbox."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    outbox = sa.table('outbox', sa.column('state', sa.String()), sa.column('payload', sa.JSON()),
                      sa.column('sent_at', moment))
    reminders = sa.table('reminders', sa.column('id', sa.Integer()), sa.column('is_superseded', sa.Boolean()),
                         sa.column('sent_at', moment))
    sent = sa.select(outbox.c.payload, outbox.c.sent_at).where(outbox.c.state == 'sent')
    for payload, sent_at in connection.execute(sent).all():
        if ids := payload.get('reminders'):
            named = reminders.c.id.in_(ids) & ~reminders.c.is_superseded
            connection.execute(reminders.update().where(named).values(sent_at=sent_at))


def downgrade() -> None:
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.drop_column('refused_at')
        batch_op.drop_column('sent_at')
