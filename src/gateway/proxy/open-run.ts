import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { GatewayRefusal, GatewayRun } from '../gateway.ts';
import type { InputBound } from './input-bound.ts';

const tokenBytes = 32;
/** Streams that break one after the other before a run is given up. */
const mostBrokenStreams = 4;

/** A run that may make requests: its token, its open connections, and what it was refused for. */
export class OpenRun {
  readonly token = randomBytes(tokenBytes).toString('base64url');
  readonly #hash = hashOf(this.token);
  readonly #sockets = new Set<Socket>();
  readonly #exchanges = new Set<Promise<void>>();
  readonly #end = new AbortController();
  #refusal: GatewayRefusal | undefined;
  #brokenStreams = 0;
  /** What people were told last of the model API, so that they are told it once. */
  told: 'nothing' | 'pause' | 'outage' = 'nothing';

  readonly run: GatewayRun;
  readonly inputBound: InputBound;

  constructor(run: GatewayRun, inputBound: InputBound) {
    this.run = run;
    this.inputBound = inputBound;
  }

  /** Aborts when the run is cut or closed. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get refusal(): GatewayRefusal | undefined {
    return this.#refusal;
  }

  /** Takes as long whatever the token is. */
  isToken(token: string): boolean {
    return timingSafeEqual(this.#hash, hashOf(token));
  }

  /** The first refusal counts, and is given to whoever asks later. */
  refuse(refusal: GatewayRefusal): GatewayRefusal {
    this.#refusal ??= refusal;
    return this.#refusal;
  }

  tell(notice: string): void {
    this.run.tell(notice);
  }

  hold(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** Remembers an exchange until it is booked. It must not reject. */
  follow(exchange: Promise<void>): void {
    this.#exchanges.add(exchange);
    void exchange.finally(() => this.#exchanges.delete(exchange));
  }

  answerWasWhole(): void {
    this.#brokenStreams = 0;
  }

  /** An answer broke off after its first bytes: the client asks again by itself, but not for ever. */
  answerBroke(reason: string): void {
    this.#brokenStreams += 1;
    if (this.#brokenStreams < mostBrokenStreams) return;
    const message = `the model API broke off ${this.#brokenStreams} answers in a row (${reason})`;
    this.refuse({ kind: 'unanswered', message });
  }

  cut(): void {
    this.refuse({ kind: 'cut' });
    this.end();
  }

  /** Ends every connection. */
  end(): void {
    this.#end.abort();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves when every request is booked. */
  async booked(): Promise<void> {
    while (this.#exchanges.size > 0) await Promise.all(this.#exchanges);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
