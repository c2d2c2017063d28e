import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSeats, type TakenSeat } from './seats.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

/** Resolves when everything that could go on has gone on. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise has resolved by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.then(() => {
    over = true;
  });
  await settled();
  return over;
}

test('a drive that waits aside gives its seat to the next, and comes back behind those who wait for one', async () => {
  const seats = openSeats(1, 5);
  const first = await seats.take(never);
  const second = seats.take(never);
  expect(await isOver(second)).toBe(false);
  first.stepAside();
  await first.left;
  const taken = await second;
  const back = first.comeBack(never);
  expect(await isOver(back)).toBe(false);
  taken.giveUp();
  await back;
  // It may step aside again.
  first.stepAside();
  (await seats.take(never)).giveUp();
});

test('no more wait aside than that; what waits beside them keeps its seat', async () => {
  const seats = openSeats(2, 1);
  const [first, second] = [await seats.take(never), await seats.take(never)];
  first.stepAside();
  second.stepAside();
  expect(await isOver(second.left)).toBe(false);
  await seats.take(never);
  expect(await isOver(seats.take(never))).toBe(false);
});

test('a drive that ends aside leaves room for another one to step aside', async () => {
  const seats = openSeats(2, 1);
  const [first, second] = [await seats.take(never), await seats.take(never)];
  first.stepAside();
  first.giveUp();
  second.stepAside();
  expect(await isOver(second.left)).toBe(true);
});

test('whoever is told to stop waits for no seat, and takes none away', async () => {
  const seats = openSeats(1, 1);
  const first = await seats.take(never);
  const stop = new AbortController();
  const second = seats.take(stop.signal);
  stop.abort();
  (await second).giveUp();
  first.stepAside();
  await first.comeBack(stop.signal);
  first.giveUp();
  await seats.take(never);
  expect(await isOver(seats.take(never))).toBe(false);
});

test('whatever the drives do, never more have a seat than there are, and at the end all are free', async () => {
  const deed = fc.constantFrom('take', 'aside', 'end');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(deed, fc.nat(7)), { maxLength: 40 }), async (deeds) => {
      const count = 2;
      const seats = openSeats(count, 3);
      const stop = new AbortController();
      const taken: TakenSeat[] = [];
      const seated = new Set<TakenSeat>();
      for (const [what, which] of deeds) {
        const one = taken[which % Math.max(1, taken.length)];
        if (what === 'take') {
          void seats.take(stop.signal).then((seat) => {
            if (stop.signal.aborted) return seat.giveUp();
            taken.push(seat);
            seated.add(seat);
            void seat.left.then(() => seated.delete(seat));
          });
        } else if (one && what === 'aside') one.stepAside();
        else if (one && what === 'end') {
          one.giveUp();
          seated.delete(one);
          taken.splice(taken.indexOf(one), 1);
        }
        await settled();
        expect(seated.size).toBeLessThanOrEqual(count);
      }
      stop.abort();
      for (const one of taken) one.giveUp();
      await settled();
      await Promise.all(Array.from({ length: count }, () => seats.take(never)));
      expect(await isOver(seats.take(never))).toBe(false);
    }),
    { numRuns: 200 },
  );
});
