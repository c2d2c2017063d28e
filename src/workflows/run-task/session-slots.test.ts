import { expect, test } from 'vitest';
import type { AgentRole } from '../../domain/agent.ts';
import type { MachineId } from '../../domain/identifiers.ts';
import type { SlotStore } from '../../store/store.ts';
import { openSessionSlots, type SessionSlot } from './session-slots.ts';

const machine = 'here' as MachineId;
const never = new AbortController().signal;

/** The places of one machine, as every process of it sees them. */
function placesOf(): SlotStore {
  const taken = new Set<number>();
  return {
    async take(_machine, most) {
      const number = Array.from({ length: most }, (_, index) => index + 1).find((place) => !taken.has(place));
      if (number === undefined) return undefined;
      taken.add(number);
      return { number, release: async () => void taken.delete(number) };
    },
  };
}

/** Quality assurance goes first. */
function slotsOn(slots: SlotStore, most = 2, hasRoom = () => true) {
  const turn = (agent: AgentRole) => (agent === 'quality-assurance' ? 50 : 40);
  return openSessionSlots(async () => ({ slots }), { machine, most, hasRoom, turn });
}

test('no more sessions live at once than there are places, and all that wait get one in their order', async () => {
  const slots = slotsOn(placesOf());
  const order: number[] = [];
  let live = 0;
  let mostLive = 0;
  const sessions = Array.from({ length: 12 }, async (_, index) => {
    const slot = await slots.take(never, 'developer');
    order.push(index);
    live += 1;
    mostLive = Math.max(mostLive, live);
    await Promise.resolve();
    live -= 1;
    await slot.release();
  });
  await Promise.all(sessions);
  expect(mostLive).toBeLessThanOrEqual(2);
  expect(order).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

test('of those that wait the highest turn is the next, and among equals whoever asked first', async () => {
  const slots = slotsOn(placesOf(), 1);
  const first = await slots.take(never, 'developer');
  const order: string[] = [];
  const agents = ['developer', 'quality-assurance', 'project-manager', 'quality-assurance'] as const;
  const others = agents.map(async (agent, index) => {
    const slot = await slots.take(never, agent);
    order.push(`${agent} ${index}`);
    await slot.release();
  });
  await first.release();
  await Promise.all(others);
  expect(order).toEqual(['quality-assurance 1', 'quality-assurance 3', 'developer 0', 'project-manager 2']);
});

test('processes of one machine share its places', async () => {
  const places = placesOf();
  const [one, other] = [slotsOn(places, 1), slotsOn(places, 1)];
  const first = await one.take(never, 'developer');
  let isWaiting = false;
  const second = other.take(never, 'developer', () => {
    isWaiting = true;
  });
  await expect.poll(() => isWaiting).toBe(true);
  await first.release();
  expect(await second).toBeDefined();
});

test('without memory for another one there is one session, and whoever waits is told once', async () => {
  let isRoomy = false;
  const slots = slotsOn(placesOf(), 4, () => isRoomy);
  await slots.take(never, 'developer');
  let told = 0;
  const second = slots.take(never, 'developer', () => {
    told += 1;
  });
  await expect.poll(() => told).toBe(1);
  isRoomy = true;
  await second;
  expect(told).toBe(1);
});

test('whoever does not want to wait any more leaves the queue at once, and those behind them move up', async () => {
  const slots = slotsOn(placesOf(), 1);
  const first = await slots.take(never, 'developer');
  const leaving = new AbortController();
  const gone = slots.take(leaving.signal, 'developer');
  const next = slots.take(never, 'developer');
  leaving.abort('cancelled');
  await expect(gone).rejects.toBe('cancelled');
  await first.release();
  const slot: SessionSlot = await next;
  await slot.release();
  await expect(slots.take(leaving.signal, 'developer')).rejects.toBe('cancelled');
  // Nothing was kept by whoever left.
  await (await slots.take(never, 'developer')).release();
});

test('a store that fails is heard by everybody who waits, and asked again by the next', async () => {
  const places = placesOf();
  let isAway = true;
  const slots = slotsOn({
    take(...given) {
      if (isAway) throw new Error('away');
      return places.take(...given);
    },
  });
  const both = [slots.take(never, 'developer'), slots.take(never, 'developer')];
  for (const one of both) await expect(one).rejects.toThrow('away');
  isAway = false;
  expect(await slots.take(never, 'developer')).toBeDefined();
});
