import type { Writer } from '../../store/store.ts';
import { leaseSeconds } from './lease-task.ts';
import type { RunTaskNeeds, StopReason } from './needs.ts';

const renewEveryMs = 2000;
/** A file is looked at; a person who stops a task is heard within a second. */
const listenEveryMs = 250;

export type Heart = {
  /** For how many seconds the database has not answered when that is why the lease counts as lost; else 0. */
  readonly unheardFor: () => number;
  stop(): void;
};

/**
 * Renews the lease while the steps run and passes on what it hears by that. A database that is away for a moment is borne;
 * once the lease would be over nobody may go on in our name, whether renewals fail or are never answered.
 */
export function keepLease(writer: Writer, { store, stops }: RunTaskNeeds, halt: (reason: StopReason) => void): Heart {
  let keptAt = performance.now();
  let beating = false;
  let unheard = 0;
  const beat = async () => {
    const askedAt = performance.now();
    beating = true;
    try {
      const { kept, cancelRequested, isHeld } = await store.tasks.renew(writer, leaseSeconds);
      keptAt = askedAt;
      if (!kept) halt('lease-lost');
      else if (cancelRequested) halt('cancelled');
      // Held, it is left as it is, as when the process leaves.
      else if (isHeld) halt('shutdown');
    } catch {
      // The next beat asks again; the time since the last answer decides.
    } finally {
      beating = false;
    }
  };
  // A person who stops a task is heard without the database.
  const ear = setInterval(() => {
    if (stops.isRequested(writer.taskId)) halt('cancelled');
  }, listenEveryMs);
  const timer = setInterval(() => {
    const silence = (performance.now() - keptAt) / 1000;
    if (silence >= leaseSeconds) {
      unheard = silence;
      halt('lease-lost');
    }
    if (!beating) void beat();
  }, renewEveryMs);
  const stop = () => {
    clearInterval(ear);
    clearInterval(timer);
  };
  return { unheardFor: () => unheard, stop };
}
