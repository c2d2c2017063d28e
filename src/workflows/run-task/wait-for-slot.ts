import type { AgentRole } from '../../domain/agent.ts';
import type { Task } from '../../domain/task.ts';
import { LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';
import type { SessionSlot } from './session-slots.ts';

export type SlotOrStop =
  | { readonly kind: 'slot'; readonly slot: SessionSlot }
  /** A person or the end of the night came first. */
  | { readonly kind: 'stopped'; readonly reason: Exclude<StopReason, 'lease-lost' | 'shutdown'> };

/**
 * A place for a live coding session, for an agent. While the task waits for it, it is none of those that are driven side by side;
 * it is one again once it has given the place back. A session that was started in advance is ended when there is none at once: it would
 * take the memory that others need. Throws `LeaseLost` and `StepInterrupted`.
 *
 * @param start names what it is for; unique within the task
 */
export async function waitForSlot(
  { id: taskId }: Pick<Task, 'id'>,
  start: string,
  agent: AgentRole,
  { slots, store }: Pick<RunTaskNeeds, 'slots' | 'store'>,
  { writer, signal, takePrepared, seat }: StepContext,
): Promise<SlotOrStop> {
  let told: Promise<unknown> = Promise.resolve();
  const tell = () => {
    seat.stepAside();
    const text = 'Waiting: as many Claude Codes run on this machine as may';
    const news = { type: 'progress', taskId, text, by: 'spiral' } as const;
    told = Promise.all([takePrepared()?.discard(), store.tasks.append(writer, [{ key: `${start}-slot`, news }])]);
    told.catch(() => undefined); // Awaited below.
  };
  try {
    const slot = await slots.take(signal, agent, tell);
    await told.catch(async (error: unknown) => {
      await slot.release();
      throw error;
    });
    return { kind: 'slot', slot: givenBackWith(slot, () => seat.comeBack(signal)) };
  } catch (error) {
    if (!signal.aborted) throw error;
    const reason: StopReason = signal.reason;
    if (reason === 'lease-lost') throw new LeaseLost(taskId);
    if (reason === 'shutdown') throw new StepInterrupted(taskId);
    return { kind: 'stopped', reason };
  }
}

function givenBackWith(slot: SessionSlot, then: () => Promise<void>): SessionSlot {
  return {
    async release() {
      await slot.release();
      await then();
    },
  };
}
