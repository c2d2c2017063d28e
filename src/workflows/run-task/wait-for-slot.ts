import type { Task } from '../../domain/task.ts';
import { LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';
import type { SessionSlot } from './session-slots.ts';

export type SlotOrStop =
  | { readonly kind: 'slot'; readonly slot: SessionSlot }
  /** A person or the end of the night came first. */
  | { readonly kind: 'stopped'; readonly reason: Exclude<StopReason, 'lease-lost' | 'shutdown'> };

/**
 * A place for a live coding session. A session that was started in advance is ended when there is none at once: it would
 * take the memory that others need. Throws `LeaseLost` and `StepInterrupted`.
 *
 * @param start names what it is for; unique within the task
 */
export async function waitForSlot(
  { id: taskId }: Pick<Task, 'id'>,
  start: string,
  { slots, store }: Pick<RunTaskNeeds, 'slots' | 'store'>,
  { writer, signal, takePrepared }: StepContext,
): Promise<SlotOrStop> {
  let told: Promise<unknown> = Promise.resolve();
  const tell = () => {
    const text = 'Waiting: as many Claude Codes run on this machine as may';
    const news = { type: 'progress', taskId, text, by: 'spiral' } as const;
    told = Promise.all([takePrepared()?.discard(), store.tasks.append(writer, [{ key: `${start}-slot`, news }])]);
    told.catch(() => undefined); // Awaited below.
  };
  try {
    const slot = await slots.take(signal, tell);
    await told.catch(async (error: unknown) => {
      await slot.release();
      throw error;
    });
    return { kind: 'slot', slot };
  } catch (error) {
    if (!signal.aborted) throw error;
    const reason: StopReason = signal.reason;
    if (reason === 'lease-lost') throw new LeaseLost(taskId);
    if (reason === 'shutdown') throw new StepInterrupted(taskId);
    return { kind: 'stopped', reason };
  }
}
