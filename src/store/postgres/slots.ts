import type { SlotStore } from '../store.ts';
import type { Holds } from './holds.ts';

export function slotsIn(holds: Holds): SlotStore {
  return {
    async take(machine, most) {
      for (let number = 1; number <= most; number += 1) {
        const hold = await holds.take(`slot-${machine}-${number}`);
        if (hold) return { number, release: hold.release };
      }
      return undefined;
    },
  };
}
