import { problemOfDecision } from '../domain/tool-decision.ts';
import { type Spiral, SpiralError } from '../spiral.ts';
import type { Nudge } from '../workflows/nudge.ts';
import type { Drives } from './drives.ts';
import type { Parts } from './parts.ts';

/** The part of the face of the system that is about tools that are missed. */
export function toolRequestsOf(
  parts: Pick<Parts, 'store' | 'now'>,
  drives: Pick<Drives, 'drive'>,
  nudge: Pick<Nudge, 'ring'>,
): Pick<Spiral, 'toolRequests' | 'findToolRequests' | 'decide' | 'retireTool'> {
  return {
    toolRequests: async (limit) => (await parts.store()).toolRequests.list(limit),
    findToolRequests: async (idPrefix) => (await parts.store()).toolRequests.find(idPrefix),
    retireTool: async (name, reason) => (await parts.store()).tools.retire(name, reason),
    async decide(questionId, decision) {
      const store = await parts.store();
      const [question] = await store.questions.find(questionId);
      if (question?.kind !== 'tool-request') {
        throw new SpiralError(
          'usage',
          `Question ${questionId} is none about a tool.`,
          'See what waits: spiral pending',
        );
      }
      const problem = problemOfDecision(decision, parts.now());
      if (problem !== undefined) throw new SpiralError('usage', `${problem}.`, 'See spiral decide --help.');
      const isFirst = await store.questions.answer(question.id, { kind: 'decided', decision }, 'human');
      // What needs no building is only to be recorded as over, so that whoever sleeps for it goes on.
      if (isFirst && (decision.kind === 'alternative' || decision.kind === 'reject')) {
        await drives.drive(question.taskId, 'leave', new AbortController().signal);
      }
      nudge.ring();
      return isFirst;
    },
  };
}
