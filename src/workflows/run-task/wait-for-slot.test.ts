import { expect, test } from 'vitest';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Store } from '../../store/store.ts';
import type { Seat } from './seats.ts';
import { waitForSlot } from './wait-for-slot.ts';

const id = 'k3v9x2mq' as TaskId;

/** Takes a place and gives it back; what happened meanwhile, in order. */
async function deedsWhen(mustWait: boolean): Promise<string[]> {
  const deeds: string[] = [];
  const seat: Seat = {
    stepAside: () => void deeds.push('stepped aside'),
    comeBack: async () => void deeds.push('came back'),
  };
  const place = await waitForSlot(
    { id },
    'start',
    'developer',
    {
      slots: {
        async take(_signal, agent, waits) {
          if (mustWait) waits?.();
          deeds.push(`place for ${agent}`);
          return { release: async () => void deeds.push('given back') };
        },
      },
      store: { tasks: { append: async () => undefined } } as unknown as Store,
    },
    {
      writer: { taskId: id, attempt: 1 },
      signal: new AbortController().signal,
      takePrepared: () => undefined,
      driveOther: async () => 'left',
      seat,
    },
  );
  if (place.kind === 'slot') await place.slot.release();
  return deeds;
}

test('whoever has to wait for a place steps aside, and comes back only when the place is given back', async () => {
  expect(await deedsWhen(true)).toEqual(['stepped aside', 'place for developer', 'given back', 'came back']);
});

test('whoever gets a place at once keeps its seat', async () => {
  expect(await deedsWhen(false)).not.toContain('stepped aside');
});
