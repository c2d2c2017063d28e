import { randomUUID } from 'node:crypto';
import type { UpstreamState, UpstreamStore } from '../../store/store.ts';
import type { GatewayRefusal } from '../gateway.ts';
import { backNotice, heldNotice, pausedNotice } from './notices.ts';
import type { OpenRun } from './open-run.ts';
import { type Timing, waitFor } from './timing.ts';

/** After so many failures in a row requests are held, and one at a time is let through to look. */
const failuresUntilHeld = 3;

export type GateSetting = {
  /** What the model API is called in the store. */
  readonly upstream: string;
  readonly store: () => Promise<UpstreamStore>;
  readonly timing: Timing;
  readonly now: () => number;
};

export type Passage = { readonly kind: 'go' } | { readonly kind: 'gone' } | GatewayRefusal;

/** Where requests wait while the model API asked for a pause or does not answer; all processes know the same of it. */
export class UpstreamGate {
  readonly #setting: GateSetting;
  /** As far as this process knows: enough when the store is away. */
  #failures = 0;
  #pausedUntil: Date | undefined;
  #lastReason: string | undefined;

  constructor(setting: GateSetting) {
    this.#setting = setting;
  }

  /** Waits until a request may be sent, at most until `deadline`. Does not reject. */
  async enter(run: OpenRun, deadline: number, signal: AbortSignal): Promise<Passage> {
    const { timing, now } = this.#setting;
    for (;;) {
      const { pausedUntil, failures } = await this.#state();
      if (signal.aborted) return { kind: 'gone' };
      const waitMs = (pausedUntil?.getTime() ?? 0) - now();
      if (pausedUntil && waitMs > 0) {
        if (pausedUntil.getTime() > deadline) return limitedUntil(pausedUntil);
        if (run.told === 'nothing') run.tell(pausedNotice(waitMs));
        if (run.told === 'nothing') run.told = 'pause';
        await waitFor(waitMs, signal);
        continue;
      }
      if (failures < failuresUntilHeld) {
        this.#tellBack(run);
        return { kind: 'go' };
      }
      if (now() > deadline) return this.unanswered();
      if (await this.#mayProbe()) return signal.aborted ? { kind: 'gone' } : { kind: 'go' };
      this.#tellHeld(run, failures);
      await waitFor(timing.lookEveryMs, signal);
    }
  }

  /** Takes note of a failure. True when requests are held from now on. */
  async failed(run: OpenRun, reason: string): Promise<boolean> {
    this.#failures += 1;
    this.#lastReason = reason;
    const failures = await this.#said((store, upstream) => store.failed(upstream), this.#failures);
    this.#failures = Math.max(failures, this.#failures);
    if (failures < failuresUntilHeld) return false;
    this.#tellHeld(run, failures);
    // The wait for the next look begins now.
    await this.#mayProbe();
    return true;
  }

  /** The model API answers. */
  async answered(run: OpenRun): Promise<void> {
    this.#tellBack(run);
    if (this.#failures === 0) return;
    this.#failures = 0;
    await this.#said((store, upstream) => store.succeeded(upstream), undefined);
  }

  /** Asks everybody to wait until then. */
  async pause(until: Date): Promise<void> {
    this.#pausedUntil = until;
    await this.#said((store, upstream) => store.pause(upstream, until), undefined);
  }

  unanswered(): GatewayRefusal {
    const why = this.#lastReason === undefined ? '' : ` (${this.#lastReason})`;
    return { kind: 'unanswered', message: `the model API did not answer for as long as we wait${why}` };
  }

  async #state(): Promise<UpstreamState> {
    const state = await this.#said<UpstreamState>((store, upstream) => store.state(upstream), this.#known());
    this.#failures = state.failures;
    return state;
  }

  #known(): UpstreamState {
    const pausedUntil = this.#pausedUntil;
    return { failures: this.#failures, ...(pausedUntil === undefined ? {} : { pausedUntil }) };
  }

  #mayProbe(): Promise<boolean> {
    const seconds = this.#setting.timing.probeEveryMs / 1000;
    return this.#said((store, upstream) => store.probe(upstream, randomUUID(), seconds), true);
  }

  #tellHeld(run: OpenRun, failures: number): void {
    if (run.told !== 'outage') run.tell(heldNotice(this.#lastReason, failures, this.#setting.timing.probeEveryMs));
    run.told = 'outage';
  }

  #tellBack(run: OpenRun): void {
    if (run.told === 'outage') run.tell(backNotice);
    run.told = 'nothing';
  }

  /** What the store answers; while it is away, what this process knows alone. */
  async #said<Value>(ask: (store: UpstreamStore, upstream: string) => Promise<Value>, alone: Value): Promise<Value> {
    try {
      return await ask(await this.#setting.store(), this.#setting.upstream);
    } catch {
      return alone; // Without the store nothing can be reserved either, and that is told.
    }
  }
}

export function limitedUntil(until: Date): GatewayRefusal {
  const message = `the model API has a usage limit that ends at ${until.toISOString()}`;
  return { kind: 'limited', until, message };
}
