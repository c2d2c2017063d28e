import type { SurfaceFace } from '../spiral/surface.ts';
import type { Spiral } from '../spiral.ts';
import type { Parts } from './parts.ts';

/** What a task may ask for at most, in characters. */
const longestTask = 100_000;

/** The part of the face of the system that surfaces need that live longer than one command. */
export function surfacesOf(
  parts: Pick<Parts, 'store' | 'workspaces' | 'stateRoot' | 'report'>,
  spiral: () => Pick<Spiral, 'unfinished' | 'cancel'>,
): SurfaceFace {
  const records = async () => (await parts.store()).surfaces;
  return {
    recall: async (surface, key) => (await records()).get(surface, key),
    recallAll: async (surface, keyPrefix) => (await records()).all(surface, keyPrefix),
    remember: async (surface, key, value) => (await records()).put(surface, key, value),
    rememberOnce: async (surface, key, value) => (await records()).putOnce(surface, key, value),
    forget: async (surface, key) => (await records()).delete(surface, key),
    async reword(taskId, text) {
      const asked = text.trim();
      if (asked === '' || asked.length > longestTask) return false;
      return (await parts.store()).tasks.reword(taskId, asked);
    },
    // These two are hardly ever wanted: what they need is not read at every start.
    async stop(task) {
      const { stopHere } = await import('./stop-tasks.ts');
      return stopHere(parts.stateRoot, task, spiral(), parts.report);
    },
    async deliverables(taskId, limits) {
      const { deliverablesOf } = await import('./deliverables.ts');
      return deliverablesOf(taskId, limits, { store: await parts.store(), workspaces: parts.workspaces });
    },
  };
}
