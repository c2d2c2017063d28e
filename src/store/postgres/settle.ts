import { sql } from 'drizzle-orm';
import { tokensOf } from '../../domain/budget.ts';
import type { Settlement } from '../../domain/reservation.ts';
import type { Database } from './database.ts';
import { nanoUsdOf } from './money.ts';
import { lockOrder } from './scopes.ts';
import { storableJson } from './storable.ts';

/**
 * See `BudgetStore.settle`. One statement, for the reasons that `reserve` has; whoever settles the same request at the
 * same moment waits at its scopes, and then finds it settled.
 */
export async function settle(database: Database, requestId: string, settlement: Settlement): Promise<boolean> {
  const { usage, usd, estimated, status, firstByteMs, durationMs } = settlement;
  const { rowCount } = await database.query((statements) =>
    statements.execute(sql`
      with held as materialized (
        select scope from spiral.budgets
        where scope = any ((select scopes from spiral.requests where id = ${requestId}::uuid)::text[])
        order by ${lockOrder} for update
      ),
      settled as (
        update spiral.requests
        set used = ${storableJson(usage)}::jsonb, nano_usd = ${nanoUsdOf(usd)}, estimated = ${estimated},
          status = ${status}, first_byte_ms = ${firstByteMs}, duration_ms = ${durationMs}, settled_at = clock_timestamp()
        where id = ${requestId}::uuid and settled_at is null and (select count(*) from held) >= 0
        returning scopes, reserved_input_tokens + reserved_output_tokens as tokens, reserved_nano_usd as nano_usd
      ),
      booked as (
        update spiral.budgets
        set reserved_tokens = reserved_tokens - settled.tokens, reserved_nano_usd = reserved_nano_usd - settled.nano_usd,
          spent_tokens = spent_tokens + ${tokensOf(usage)}, spent_nano_usd = spent_nano_usd + ${nanoUsdOf(usd)}
        from settled where budgets.scope = any (settled.scopes)
      )
      select from settled
    `),
  );
  return rowCount === 1;
}
