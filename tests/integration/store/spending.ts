import { randomUUID } from 'node:crypto';
import { noUsage, type Price, type ScopeLimit, type Usage } from '../../../src/domain/budget.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { RequestWish, Settlement } from '../../../src/domain/reservation.ts';
import type { ResumedState } from '../../../src/domain/task-state.ts';
import type { KeyedNews } from '../../../src/store/store.ts';
import { holder, newTaskId } from './examples.ts';

/** One dollar for a million tokens of input, two for output. */
const examplePrice: Price = { input: 1, output: 2, cacheWrite: 1.25, longCacheWrite: 2, cacheRead: 0.1 };

export function wishOf(limits: readonly ScopeLimit[], changes: Partial<RequestWish> = {}): RequestWish {
  return {
    id: randomUUID(),
    taskId: newTaskId(),
    agent: 'developer',
    model: 'sonnet',
    limits,
    price: examplePrice,
    inputTokens: 100_000,
    inputUsd: 0.1,
    outputTokens: 200_000,
    leastOutputTokens: 1_024,
    holder,
    ...changes,
  };
}

export function settlementOf(changes: Partial<Settlement> = {}): Settlement {
  return { usage: noUsage, usd: 0, estimated: false, status: 200, firstByteMs: 20, durationMs: 100, ...changes };
}

export function usageOf(changes: Partial<Usage>): Usage {
  return { ...noUsage, ...changes };
}

const analysis = {
  complexity: 'medium',
  strategy: 'multi-step',
  language: { name: 'Rust', confidence: 0.85 },
} as const;

export function working(round: number): ResumedState & { kind: 'working' } {
  return { kind: 'working', analysis, round, because: { kind: 'first' } };
}

export function promptNews(taskId: TaskId, round: number): KeyedNews {
  const news = { type: 'prompt.spent', taskId, agent: 'developer', round, used: round, limit: 50 } as const;
  return { key: `${round}-prompt`, news };
}
