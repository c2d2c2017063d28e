import type { Price, ScopeLimit } from '../../domain/budget.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { Store } from '../../store/store.ts';
import type { Gateway, GatewayAccess, GatewayRun } from '../gateway.ts';
import { atMost, openBookings } from './bookings.ts';
import { countTokens } from './count-tokens.ts';
import { exchange } from './exchange.ts';
import { type FrontDoor, openFrontDoor } from './front-door.ts';
import { InputBound } from './input-bound.ts';
import { OpenRun } from './open-run.ts';
import { priceList } from './prices.ts';
import { settleLeftOpen } from './settle-left-open.ts';
import { type Timing, usualTiming } from './timing.ts';
import { connectUpstream, type ProxySetting, type UpstreamSetting } from './upstream-connection.ts';
import { UpstreamGate } from './upstream-gate.ts';

export type GatewaySetting = {
  readonly upstream: UpstreamSetting;
  /** Asked for when it is needed: a run is admitted before the database is open. */
  readonly store: () => Promise<Pick<Store, 'budgets' | 'upstreams'>>;
  readonly limitsOf: (run: Pick<GatewayRun, 'taskId' | 'agent' | 'night' | 'project'>) => readonly ScopeLimit[];
  /** Prices that a person gave, by the id of the model or its beginning. */
  readonly prices: Readonly<Record<string, Price>>;
  /** The model is a rehearsed one: nothing costs anything. */
  readonly isFree: boolean;
  /** This process. */
  readonly holder: LeaseHolder;
  readonly isAlive: (holder: LeaseHolder) => boolean | undefined;
  /** How long a request is tried again while the model API does not answer. */
  readonly patienceMs: number;
  readonly proxies: ProxySetting;
  /** Told what went wrong with a booking, in one line. */
  readonly onProblem: (problem: string) => void;
  readonly timing?: Partial<Timing>;
  readonly now?: () => number;
};

/** Tasks of which it is remembered what their conversations counted. */
const tasksRemembered = 50;

/** For a booking that is tried a last time. */
const lastBookingMs = 1_000;

/** The gateway as a proxy on loopback. It listens from the first run on. */
export function openGateway(setting: GatewaySetting): Gateway {
  const timing = { ...usualTiming, ...setting.timing };
  const now = setting.now ?? Date.now;
  const upstream = connectUpstream(setting.upstream, setting.proxies);
  const budgets = async () => (await setting.store()).budgets;
  const bookings = openBookings({ budgets, timing, onProblem: setting.onProblem });
  const gate = new UpstreamGate({
    upstream: nameOf(setting.upstream.baseUrl),
    store: async () => (await setting.store()).upstreams,
    timing,
    now,
  });
  const prices = priceList(setting.prices, setting.isFree);
  const needs = { ...setting, upstream, bookings, gate, prices, timing, now };
  const runs = new Set<OpenRun>();
  const endings = new Set<Promise<void>>();
  const inputBounds = new Map<string, InputBound>();
  let door: Promise<FrontDoor> | undefined;
  let settledLeftOpen: Promise<void> | undefined;

  function inputBoundOf(taskId: string): InputBound {
    const bound = inputBounds.get(taskId) ?? new InputBound();
    inputBounds.delete(taskId);
    inputBounds.set(taskId, bound);
    const [oldest] = inputBounds.keys();
    if (inputBounds.size > tasksRemembered && oldest !== undefined) inputBounds.delete(oldest);
    return bound;
  }

  function bookWhatDeadOnesLeft(): void {
    settledLeftOpen ??= budgets()
      .then((open) => settleLeftOpen(open, setting.isAlive))
      .catch((error: unknown) => {
        settledLeftOpen = undefined; // The next run tries again.
        const why = error instanceof Error ? error.message : String(error);
        setting.onProblem(`what dead processes had reserved was not booked: ${why}`);
      });
  }

  async function close(run: OpenRun): Promise<void> {
    runs.delete(run);
    run.end();
    const booked = run.booked();
    endings.add(booked);
    void booked.then(() => endings.delete(booked));
    await atMost(timing.closeWaitMs, booked);
  }

  return {
    async admit(asked) {
      upstream.warm();
      door ??= openFrontDoor((token) => [...runs].filter((run) => run.isToken(token))[0], {
        messages: (asking, run) => exchange(asking, run, needs),
        countTokens: (asking, run) => countTokens(asking, run, needs),
      });
      const { baseUrl } = await door;
      bookWhatDeadOnesLeft();
      const run = new OpenRun(asked, inputBoundOf(asked.taskId));
      runs.add(run);
      return accessTo(run, baseUrl, () => close(run));
    },
    async close() {
      for (const run of runs) void close(run);
      await atMost(timing.closeWaitMs, Promise.all([...endings, settledLeftOpen]));
      bookings.close();
      await atMost(lastBookingMs, Promise.all(endings));
      await (await door)?.close();
      await upstream.close();
    },
  };
}

function accessTo(run: OpenRun, baseUrl: string, close: () => Promise<void>): GatewayAccess {
  let closing: Promise<void> | undefined;
  return {
    baseUrl,
    token: run.token,
    refusal: () => run.refusal,
    cut: () => run.cut(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Two that reach the same model API call it the same; a key in the address stays out of the name. */
function nameOf(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname === '/' ? '' : pathname}`;
}
