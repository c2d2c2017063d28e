import { eq, type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { RequestWish, Reservation } from '../../domain/reservation.ts';
import type { Database } from './database.ts';
import { fromWholeUnits, wholeUnits } from './money.ts';
import { requests } from './schema.ts';
import { lockOrder, makeRows } from './scopes.ts';
import { storableJson, storableText } from './storable.ts';
import { measureSchema, scopeSchema } from './stored.ts';

const rowSchema = z.object({
  /** What an earlier call with this id has reserved. */
  earlier: z.number().nullable(),
  locked: z.number(),
  made: z.boolean(),
  affordable: z.number(),
  short_scope: scopeSchema.nullable(),
  short_measure: measureSchema.nullable(),
  short_limit: z.number().nullable(),
  short_spent: z.number().nullable(),
  held_by_others: z.boolean().nullable(),
});

/** See `BudgetStore.reserve`. */
export async function reserve(database: Database, wish: RequestWish): Promise<Reservation> {
  const scopes = [...new Set(wish.limits.map(({ scope }) => scope))];
  for (;;) {
    const { rows } = await database.query((statements) => statements.execute(reservation(wish, scopes)));
    const row = rowSchema.parse(rows[0]);
    if (row.earlier !== null) return { kind: 'reserved', outputTokens: row.earlier };
    if (row.made) return { kind: 'reserved', outputTokens: row.affordable };
    if (row.locked < scopes.length) {
      await database.query((statements) => makeRows(statements, scopes));
      continue;
    }
    const { short_scope: scope, short_measure: measure, short_limit: limit, short_spent: spent } = row;
    // Nothing is short and nothing was made: the same id was reserved at this very moment, and is seen the next time.
    if (scope === null || measure === null) continue;
    // What is in the way may be this very request, reserved after the snapshot and before the lock.
    const reserved = await reservedBefore(database, wish.id);
    if (reserved !== undefined) return { kind: 'reserved', outputTokens: reserved };
    return {
      kind: 'short',
      shortage: {
        scope,
        measure,
        limit: fromWholeUnits(measure, limit ?? 0),
        spent: fromWholeUnits(measure, spent ?? 0),
      },
      heldByOthers: row.held_by_others ?? false,
    };
  }
}

async function reservedBefore(database: Database, id: string): Promise<number | undefined> {
  const [row] = await database.query((statements) =>
    statements.select({ tokens: requests.reservedOutputTokens }).from(requests).where(eq(requests.id, id)),
  );
  return row?.tokens;
}

/**
 * One statement, so that no lock waits for the network, and a caller that dies has reserved all or nothing.
 *
 * In `read committed` it is right although others write at the same time: `locked` waits for whoever holds a scope and
 * then gives the newest version of its row, not that of the statement's snapshot; everything is decided from it. The
 * update finds rows by the snapshot, but computes from their newest version, which the lock has kept from changing. Only
 * what was inserted after the snapshot is not seen: a missing scope is told by the count of `locked`, the same request by
 * the conflict of its id; both are asked again.
 */
function reservation(wish: RequestWish, scopes: readonly string[]): SQL {
  const { price, holder } = wish;
  const limits = wish.limits.map(({ scope, limit }, place) => ({
    place,
    scope,
    tokens: limit.tokens === undefined ? null : wholeUnits('tokens', limit.tokens),
    nano_usd: limit.usd === undefined ? null : wholeUnits('usd', limit.usd),
  }));
  return sql`
    with wish as (
      select
        ${wish.id}::uuid as id,
        ${wish.inputTokens}::numeric as input_tokens,
        ${String(wish.inputUsd)}::numeric * 1e9 as input_nano_usd,
        ${wish.outputTokens}::numeric as output_tokens,
        least(${wish.outputTokens}::numeric, ${wish.leastOutputTokens}::numeric) as least_output_tokens,
        ${String(price.output)}::numeric * 1e3 as nano_usd_per_output_token
    ),
    earlier as (
      select requests.reserved_output_tokens from spiral.requests, wish where requests.id = wish.id
    ),
    limits as (
      select * from jsonb_to_recordset(${storableJson(limits)}::jsonb)
        as limits (place int, scope text, tokens bigint, nano_usd bigint)
    ),
    locked as materialized (
      select * from spiral.budgets where scope = any (${sql.param(scopes)}::text[]) order by ${lockOrder} for update
    ),
    rooms as (
      select limits.place, limits.scope, room.*
      from limits join locked using (scope), wish, lateral (
        values
          ('usd', limits.nano_usd + granted_nano_usd, spent_nano_usd, reserved_nano_usd,
            input_nano_usd, nano_usd_per_output_token),
          ('tokens', limits.tokens + granted_tokens, spent_tokens, reserved_tokens, input_tokens, 1)
      ) as room (measure, most, spent, reserved, input, per_output_token)
      where room.most is not null
    ),
    fits as (
      select rooms.*, ${outputWithin(sql`most - spent - reserved`)} as now, ${outputWithin(sql`most - spent`)} as alone
      from rooms, wish
    ),
    decision as (
      select
        (select count(*) from locked) as locked,
        least(output_tokens, (select min(now) from fits)) as affordable
      from wish
    ),
    made as (
      insert into spiral.requests (
        id, task_id, agent, model, holder, price, scopes, reserved_input_tokens, reserved_output_tokens, reserved_nano_usd
      )
      select
        id, ${storableText(wish.taskId)}, ${wish.agent}, ${storableText(wish.model)}, ${storableJson(holder)}::jsonb,
        ${storableJson(price)}::jsonb, ${sql.param(scopes)}::text[], input_tokens, affordable,
        ceil(input_nano_usd + affordable * nano_usd_per_output_token)
      from wish, decision
      where locked = ${scopes.length} and affordable >= least_output_tokens
      on conflict (id) do nothing
      returning scopes, reserved_input_tokens + reserved_output_tokens as tokens, reserved_nano_usd as nano_usd
    ),
    raised as (
      update spiral.budgets
      set reserved_tokens = reserved_tokens + made.tokens, reserved_nano_usd = reserved_nano_usd + made.nano_usd
      from made where budgets.scope = any (made.scopes)
    ),
    short as (
      select fits.*, alone >= least_output_tokens as held_by_others
      from fits, wish where now < least_output_tokens
      order by alone >= least_output_tokens, now, place limit 1
    )
    select
      (select reserved_output_tokens::float8 from earlier) as earlier,
      decision.locked::int as locked,
      exists (select from made) as made,
      decision.affordable::float8 as affordable,
      short.scope as short_scope, short.measure as short_measure, short.most::float8 as short_limit,
      short.spent::float8 as short_spent, short.held_by_others
    from decision left join short on true
  `;
}

/** How many tokens of output fit into a room beside the input; -1 when not even the input does. */
function outputWithin(room: SQL): SQL {
  return sql`
    case
      when (${room}) < input then -1
      when per_output_token = 0 then output_tokens
      else div((${room}) - input, per_output_token)
    end`;
}
