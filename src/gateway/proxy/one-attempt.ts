import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { noUsage, type Usage } from '../../domain/budget.ts';
import type { Settlement } from '../../domain/reservation.ts';
import type { Bookings } from './bookings.ts';
import { clientHeaders, type Headers } from './headers.ts';
import { expectedTokens } from './input-bound.ts';
import { billOf, type ModelPrice } from './prices.ts';
import { resetTimeOf } from './reset-time.ts';
import type { Timing } from './timing.ts';
import { failureOf, type UpstreamAnswer, type UpstreamConnection } from './upstream-connection.ts';
import { streamMeter, wholeMeter } from './usage-meter.ts';

/** One request on its way: reserved under this id, and waiting for its answer. */
export type Attempt = {
  readonly id: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
  /** An answer has to begin within. */
  readonly firstByteMs: number;
  readonly price: ModelPrice;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  /** Told what the model API counted as input, once it is known. */
  readonly learn: (inputTokens: number) => void;
  /** Told when the model API has answered anything that is no failure of its own. */
  readonly answered: () => void;
  /** Told, before the client can know of it, whether the answer was whole, or why it broke off. */
  readonly ended: (broken: string | undefined) => void;
};

export type AttemptEnd =
  /** The client has an answer, or the beginning of one that broke off. */
  | { readonly kind: 'answered' }
  /** The client has nothing yet. */
  | { readonly kind: 'failed'; readonly reason: string; readonly status: number | null; readonly until?: Date }
  | { readonly kind: 'refused-key'; readonly status: number }
  | { readonly kind: 'gone' };

export type AttemptNeeds = {
  readonly upstream: UpstreamConnection;
  readonly bookings: Bookings;
  readonly timing: Timing;
  readonly now: () => number;
};

const longestErrorBytes = 1024 * 1024;

/** Sends a reserved request once, passes the answer on, and books it exactly once. Does not reject. */
export async function sendOnce(attempt: Attempt, needs: AttemptNeeds): Promise<AttemptEnd> {
  const { bookings, timing, upstream } = needs;
  const { id, body, signal, firstByteMs } = attempt;
  const begun = performance.now();
  const expected: Usage = { ...noUsage, input: expectedTokens(body.length) };
  const book = bookWith(attempt, bookings, begun);

  if (signal.aborted) {
    await book({ usage: noUsage, estimated: false, status: null });
    return { kind: 'gone' };
  }
  const sawSending = bookings.saw(id, expected);
  let answer: UpstreamAnswer;
  try {
    answer = await upstream.send({
      path: attempt.path,
      headers: attempt.headers,
      body,
      firstByteMs,
      stallMs: timing.stallMs,
      signal,
    });
  } catch (error) {
    const { wasSent, reason } = failureOf(error);
    await sawSending;
    const mayCost = wasSent || signal.aborted;
    await book({ usage: mayCost ? expected : noUsage, estimated: mayCost, status: null });
    return signal.aborted ? { kind: 'gone' } : { kind: 'failed', reason, status: null };
  }
  if (answer.status !== 200) {
    const text = await errorText(answer.body);
    await sawSending;
    await book({ usage: noUsage, estimated: false, status: answer.status });
    return afterError(attempt, needs, answer, text);
  }
  if (answer.headers['content-encoding'] !== undefined && answer.headers['content-encoding'] !== 'identity') {
    answer.body.destroy();
    await sawSending;
    await book({ usage: expected, estimated: true, status: 200 });
    return { kind: 'failed', reason: 'an encoding that was not asked for', status: null };
  }
  return passOn(attempt, needs, answer, { expected, book, begun, sawSending });
}

type Book = (
  what: Pick<Settlement, 'usage' | 'estimated' | 'status'> & { readonly firstByteMs?: number },
) => Promise<void>;

function bookWith({ id, price }: Attempt, bookings: Bookings, begun: number): Book {
  return ({ usage, estimated, status, firstByteMs = null }) =>
    bookings.settle(id, {
      usage,
      usd: billOf(usage, price),
      estimated,
      status,
      firstByteMs: firstByteMs === null ? null : Math.round(firstByteMs),
      durationMs: Math.round(performance.now() - begun),
    });
}

/** What an answer that is no 200 means; an error of the request itself is the client's to read. */
function afterError(
  { response, answered }: Attempt,
  { upstream, now }: AttemptNeeds,
  { status, headers }: UpstreamAnswer,
  text: string,
): AttemptEnd {
  if (status < 500 && status !== 408) answered();
  if (status === 401 || status === 403) return { kind: 'refused-key', status };
  if (status === 429) {
    const until = resetTimeOf(headers, now());
    return { kind: 'failed', reason: 'rate limited (429)', status, ...(until === undefined ? {} : { until }) };
  }
  if (status === 529) return { kind: 'failed', reason: 'overloaded (529)', status };
  if (status === 408 || status >= 500) return { kind: 'failed', reason: `error ${status}`, status };
  response.writeHead(status, clientHeaders(headers));
  response.end(upstream.withoutSecret(text));
  return { kind: 'answered' };
}

type Underway = {
  readonly expected: Usage;
  readonly book: Book;
  readonly begun: number;
  readonly sawSending: Promise<void>;
};

/** Passes an answer on as it comes. The client gets nothing before the first bytes are there: until then it can be tried again. */
async function passOn(
  attempt: Attempt,
  { bookings, timing }: AttemptNeeds,
  { headers, body }: UpstreamAnswer,
  { expected, book, begun, sawSending }: Underway,
): Promise<AttemptEnd> {
  const { response, signal, learn } = attempt;
  const meter = String(headers['content-type'] ?? '').includes('event-stream') ? streamMeter() : wholeMeter();
  let firstByteMs: number | undefined;
  let lastSeen = Number.NEGATIVE_INFINITY;
  let saying = sawSending;
  let hasLearned = false;
  let broken: string | undefined;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      meter.read(chunk);
      const first = firstByteMs === undefined;
      firstByteMs ??= performance.now() - begun;
      if (first && meter.error() !== undefined && meter.inputTokens() === 0) break;
      if (first) {
        response.writeHead(200, clientHeaders(headers));
        attempt.answered();
      }
      if (!hasLearned && meter.inputTokens() > 0) {
        hasLearned = true;
        learn(meter.inputTokens());
        lastSeen = Number.NEGATIVE_INFINITY;
      }
      if (hasLearned && performance.now() - lastSeen >= timing.seenEveryMs) {
        lastSeen = performance.now();
        const usage = meter.usage();
        saying = saying.then(() => bookings.saw(attempt.id, usage));
      }
      if (!response.write(chunk)) await once(response, 'drain', { signal });
    }
  } catch (error) {
    broken = failureOf(error).reason;
  }
  const told = meter.error();
  if (!response.headersSent) {
    await saying;
    const refused = told !== undefined;
    await book({ usage: refused ? noUsage : expected, estimated: !refused, status: 200 });
    if (signal.aborted) return { kind: 'gone' };
    const reason = told?.type ?? broken ?? 'the answer was empty';
    return { kind: 'failed', reason, status: told?.type === 'overloaded_error' ? 529 : null };
  }
  const isWhole = broken === undefined && meter.isWhole();
  if (!signal.aborted) attempt.ended(isWhole ? undefined : (told?.type ?? broken ?? 'it was not whole'));
  // An error that the stream itself tells is passed on; any other end looks to the client as it did to us.
  if (isWhole || (told !== undefined && broken === undefined)) response.end();
  else response.destroy();
  await saying;
  // An answer of which the input was never counted still had one.
  const usage = meter.isCounted() ? meter.usage() : { ...meter.usage(), input: expected.input };
  const estimated = !isWhole || !meter.isCounted();
  await book({ usage, estimated, status: 200, ...(firstByteMs === undefined ? {} : { firstByteMs }) });
  return { kind: 'answered' };
}

/** The text of an error, as far as it comes. */
async function errorText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestErrorBytes) break;
    }
  } catch {
    // It broke off: the status says enough.
  }
  return Buffer.concat(chunks).toString('utf8');
}
