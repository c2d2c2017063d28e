import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ScopeLimit } from '../../domain/budget.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { GatewayRefusal, GatewayRun } from '../gateway.ts';
import { sendError, sendRefusal } from './answers.ts';
import type { Headers } from './headers.ts';
import { partsOf } from './input-bound.ts';
import {
  dearestInput,
  leastOutputTokens,
  type ModelRequest,
  readModelRequest,
  withOutputTokens,
} from './model-request.ts';
import { retryNotice } from './notices.ts';
import { type AttemptEnd, type AttemptNeeds, sendOnce } from './one-attempt.ts';
import type { OpenRun } from './open-run.ts';
import { type ModelPrice, type PriceList, priceUpTo } from './prices.ts';
import { backoffMs, waitFor } from './timing.ts';
import { limitedUntil, type UpstreamGate } from './upstream-gate.ts';

/** A request of a client to `/v1/messages`, read to its end, and where its answer goes. */
export type Exchange = {
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly response: ServerResponse;
  /** Aborts when the client has gone or the run is over. */
  readonly signal: AbortSignal;
};

export type ExchangeNeeds = AttemptNeeds & {
  readonly gate: UpstreamGate;
  readonly prices: PriceList;
  readonly limitsOf: (run: Pick<GatewayRun, 'taskId' | 'agent' | 'night' | 'project'>) => readonly ScopeLimit[];
  readonly holder: LeaseHolder;
  /** How long we try to get an answer. */
  readonly patienceMs: number;
};

/** Answers one request: reserves, sends, tries again while that makes sense, and books. Does not reject. */
export async function exchange(asked: Exchange, run: OpenRun, needs: ExchangeNeeds): Promise<void> {
  const { response, bytes } = asked;
  if (run.refusal) return sendRefusal(response, run.refusal);
  const read = readModelRequest(bytes);
  if (read.kind === 'refused') return sendError(response, 400, 'invalid_request_error', read.message);
  const { request } = read;
  const price = needs.prices.of(request.model);
  if (!price) return sendRefusal(response, run.refuse({ kind: 'unpriced', model: request.model }));
  const refusal = await send({ ...asked, request, price }, run, needs);
  if (refusal) sendRefusal(response, run.refuse(refusal));
}

type Priced = Exchange & { readonly request: ModelRequest; readonly price: ModelPrice };

/** Sends until there is an answer. A refusal when there will be none; undefined when the client has one, or has gone. */
async function send(asked: Priced, run: OpenRun, needs: ExchangeNeeds): Promise<GatewayRefusal | undefined> {
  const { signal } = asked;
  const { gate, now } = needs;
  const deadline = now() + needs.patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const passage = await gate.enter(run, deadline, signal);
    if (passage.kind === 'gone') return undefined;
    if (passage.kind !== 'go') return passage;
    const end = await reserveAndSend(asked, run, needs);
    if (end.kind === 'answered' || end.kind === 'gone') return undefined;
    if (end.kind !== 'failed') return end;
    if (run.refusal) return run.refusal;
    const waitMs = await afterFailure(end, attempt, run, deadline, needs);
    if (typeof waitMs !== 'number') return waitMs;
    await waitFor(waitMs, signal);
    if (signal.aborted) return undefined;
    if (now() > deadline) return gate.unanswered();
  }
}

async function reserveAndSend(asked: Priced, run: OpenRun, needs: ExchangeNeeds): Promise<AttemptEnd | GatewayRefusal> {
  const { request, price, bytes, signal } = asked;
  const { timing } = needs;
  const parts = partsOf(request.body);
  const inputTokens = run.inputBound.mostTokens(parts);
  const dearest = priceUpTo(price, inputTokens);
  const id = randomUUID();
  const reserved = await needs.bookings.reserve(
    {
      id,
      taskId: run.run.taskId,
      agent: run.run.agent,
      model: request.model,
      limits: needs.limitsOf(run.run),
      price: dearest,
      inputTokens,
      inputUsd: (inputTokens * dearestInput(request, dearest)) / 1e6,
      outputTokens: request.outputTokens,
      leastOutputTokens: Math.min(leastOutputTokens, request.outputTokens),
      holder: needs.holder,
    },
    run,
    signal,
  );
  if (reserved.kind === 'short') return { kind: 'short', shortage: reserved.shortage };
  if (reserved.kind !== 'reserved') return reserved;
  return sendOnce(
    {
      id,
      path: asked.path,
      headers: asked.headers,
      body: withOutputTokens(request, reserved.outputTokens, bytes),
      price,
      response: asked.response,
      signal,
      firstByteMs: Math.min(request.isStream ? timing.firstByteMs : timing.wholeAnswerMs, needs.patienceMs),
      learn: (counted) => run.inputBound.learn(parts, counted),
      answered: () => void needs.gate.answered(run),
      ended: (broken) => (broken === undefined ? run.answerWasWhole() : run.answerBroke(broken)),
    },
    needs,
  );
}

type Failed = AttemptEnd & { readonly kind: 'failed' };

/** How long to wait before the next try, or why there is none. Tells people. */
async function afterFailure(
  { reason, status, until }: Failed,
  attempt: number,
  run: OpenRun,
  deadline: number,
  { gate, now, timing }: ExchangeNeeds,
): Promise<number | GatewayRefusal> {
  const backoff = backoffMs(attempt, timing);
  if (status === 429) {
    const next = until ?? new Date(now() + backoff);
    if (next.getTime() > deadline) return until ? limitedUntil(until) : gate.unanswered();
    run.tell(retryNotice(reason, next.getTime() - now(), attempt + 1));
    run.told = 'pause';
    await gate.pause(next);
    return next.getTime() - now();
  }
  const isHeld = await gate.failed(run, reason);
  if (now() + backoff > deadline) return gate.unanswered();
  if (!isHeld) run.tell(retryNotice(reason, backoff, attempt + 1));
  // While requests are held, the gate decides who looks next.
  return isHeld ? 0 : backoff;
}
