import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentRoles } from '../../domain/agent.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import { customIdOf, intentionOf } from './custom-id.ts';
import type { Intention } from './intention.ts';

const id = fc.stringMatching(/^[0-9a-z]{8}$/);
const amount = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000_000 }),
  fc.integer({ min: 1, max: 1_000_000 }).map((cents) => cents / 100),
  fc.constant('custom' as const),
);

const intention: fc.Arbitrary<Intention> = fc.oneof(
  fc.record({ kind: fc.constant('answer' as const), questionId: id, choice: fc.integer({ min: 0, max: 99 }) }),
  fc.record({ kind: fc.constant('say' as const), questionId: id }),
  fc.record({ kind: fc.constant('grant' as const), questionId: id, amount }),
  fc.record({ kind: fc.constant('refuse-grant' as const), questionId: id }),
  fc.record({ kind: fc.constant('decide' as const), questionId: id, decision: fc.constantFrom(...decisionKinds) }),
  fc.record({
    kind: fc.constant('stop' as const),
    taskId: fc.oneof(
      fc.constant('all' as const),
      id.map((one) => one as TaskId),
    ),
  }),
  fc.record({ kind: fc.constant('move' as const), questionId: id, from: fc.constantFrom(...agentRoles) }),
);

test('every intention comes back from its custom id, which Discord takes', () => {
  fc.assert(
    fc.property(intention, (one) => {
      const customId = customIdOf(one);
      expect(customId.length).toBeLessThanOrEqual(100);
      expect(intentionOf(customId)).toEqual(one);
    }),
  );
});

test('whatever else is a custom id means nothing, or is exactly one that we made', () => {
  const parts = fc.array(fc.oneof(fc.string(), fc.constantFrom('grant', 'answer', 'stop', 'all', '1', 'approve')));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        parts.map((some) => some.join(':')),
      ),
      (junk) => {
        const found = intentionOf(junk);
        if (found) expect(customIdOf(found)).toBe(junk);
      },
    ),
  );
});

test.each([
  '',
  'answer',
  'answer:tool0001',
  'answer:tool0001:-1',
  'answer:tool0001:01',
  'grant:tool0001:0',
  'grant:tool0001:-5',
  'grant:tool0001:NaN',
  'grant:tool0001:Infinity',
  'grant:tool0001:1.0',
  'decide:tool0001:adopt',
  'move:tool0001:dev',
  'stop:',
  'say:tool 0001',
  'say:tool0001:',
  'say:tool0001:more',
  `say:${'a'.repeat(200)}`,
])('“%s” means nothing', (customId) => expect(intentionOf(customId)).toBeUndefined());
