import { sentenceOf } from '../../domain/budget.ts';
import type { News, SpiralEvent } from '../../domain/event.ts';
import type { Task } from '../../domain/task.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import type { StopReason } from './needs.ts';

type Finished = EngineEvent & { readonly kind: 'finished' };
type Told = SpiralEvent & { readonly type: 'engine.finished' };

/** Told when a session is gone; what was told of costs before it belongs to the session that is gone. */
export const beginsAnew = 'The session is gone; the round begins anew';

const asksPerson = 'it asks a person';
const asksForTool = 'it asks for a tool';
const wantsPermission = 'it wants permission of a person';

/** Whether what `engine.finished` tells as an error is only that a person is asked. */
export function isForPerson(error: string): boolean {
  return [asksPerson, asksForTool, wantsPermission].includes(error);
}

/** What a task has used since its beginning. */
export type Totals = { readonly costUsd: number; readonly inputTokens: number; readonly outputTokens: number };

/**
 * What is told of a session that ended: the engine counts from the beginning of its session, an event from the one before.
 *
 * @param before every event of the task so far
 * @param booked what was booked for the whole task, where each request is; it wins over what the engine says, and so an
 *   event also tells what an attempt used that was killed before it could tell
 */
export function engineFinished(
  task: Pick<Task, 'id' | 'sessionId'>,
  round: number,
  { ending, session, turns, durationMs }: Finished,
  before: readonly SpiralEvent[],
  stopped: StopReason | undefined,
  booked?: Totals,
): News & { readonly type: 'engine.finished' } {
  const told = booked ? before.filter((event) => event.type === 'engine.finished') : toldOfSession(before);
  const totals = booked ?? session;
  const error = stopped ?? errorOf(ending);
  return {
    type: 'engine.finished',
    taskId: task.id,
    sessionId: task.sessionId,
    round,
    turns,
    costUsd: sinceThen(
      totals.costUsd,
      told.map(({ costUsd }) => costUsd),
    ),
    inputTokens: sinceThen(
      totals.inputTokens,
      told.map(({ inputTokens }) => inputTokens),
    ),
    outputTokens: sinceThen(
      totals.outputTokens,
      told.map(({ outputTokens }) => outputTokens),
    ),
    durationMs,
    ...(error === undefined ? {} : { error }),
  };
}

function errorOf(ending: Finished['ending']): string | undefined {
  if (ending.kind === 'completed') return undefined;
  if (ending.kind === 'out-of-budget') return sentenceOf(ending.shortage);
  if (ending.kind === 'asks') return asksPerson;
  if (ending.kind === 'requests-tool') return asksForTool;
  if (ending.kind === 'wants-permission') return wantsPermission;
  return 'message' in ending ? ending.message : ending.kind;
}

function toldOfSession(before: readonly SpiralEvent[]): Told[] {
  const anew = before.findLastIndex(
    (event) => event.type === 'progress' && event.by === 'spiral' && event.text === beginsAnew,
  );
  return before.slice(anew + 1).filter((event) => event.type === 'engine.finished');
}

/**
 * The engine saves its count when its process ends in order. After a kill it may go on from an older one: a total below
 * what was told already has forgotten that, and all of it is new.
 */
function sinceThen(total: number, earlier: readonly number[]): number {
  const told = rounded(earlier.reduce((sum, number) => sum + number, 0));
  return rounded(total < told ? total : total - told);
}

function rounded(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}
