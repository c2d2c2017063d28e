import * as z from 'zod';
import type { SpiralEvent } from '../../domain/event.ts';
import type { Question } from '../../domain/question.ts';
import type { Spiral } from '../../spiral.ts';
import { decisionSigns } from '../decisions/intention.ts';
import { questionKey, reminderKey } from '../outbox/keys.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Records, surface } from '../outbox/posts.ts';
import { answeredMessage, questionMessage, reminderMessage } from '../render/question-card.ts';
import { contextOf } from './question-context.ts';

type AskedEvent = Extract<SpiralEvent, { type: 'question.asked' }>;
type AnsweredEvent = Extract<SpiralEvent, { type: 'question.answered' }>;

/** The questions that stand in Discord, as cards. */
export function askedIn(needs: {
  readonly spiral: Spiral;
  readonly records: Records;
  readonly outbox: Outbox;
  readonly now: () => number;
}) {
  const { spiral, records, outbox, now } = needs;
  /** Whoever decides right now here, by question: the news of it comes back to us without a name. */
  const deciding = new Map<string, string>();

  return {
    /** Shows a question that is still open. */
    async show({ taskId, questionId }: AskedEvent, channelId: string): Promise<void> {
      const question = (await spiral.pending()).find(({ id }) => id === questionId);
      if (!question) return;
      const key = questionKey({ taskId, id: questionId });
      // For when it is answered: then it is no longer among those that wait.
      await records.remember(surface, `${key}:asked`, question);
      const shown = await outbox.show(key, channelId, questionMessage(question, await contextOf(question, spiral)));
      if (shown.kind === 'shown' && question.kind === 'tool-request') {
        await outbox.mark(shown.at, Object.values(decisionSigns));
      }
    },
    /** Somebody answers it here; undefined: they do not after all. */
    by(questionId: string, personId: string | undefined): void {
      if (personId === undefined) deciding.delete(questionId);
      else deciding.set(questionId, personId);
    },
    /** Takes the buttons of a question away that was answered, here or elsewhere. */
    async close({ taskId, questionId, answer }: AnsweredEvent): Promise<void> {
      const key = questionKey({ taskId, id: questionId });
      const at = await outbox.shown(key);
      const question = savedQuestion(await records.recall(surface, `${key}:asked`));
      const by = deciding.get(questionId);
      deciding.delete(questionId);
      if (!at || !question) return;
      const how = by === undefined ? { elsewhere: true, answer } : { elsewhere: false, by, answer };
      await outbox.show(key, at.channelId, answeredMessage(question, how));
    },
    /** Tells once more of what nobody has answered for so long. */
    async remind(afterSeconds: number): Promise<void> {
      for (const question of await spiral.pending()) {
        const at = await outbox.shown(questionKey(question));
        const isLate = now() - question.askedAt.getTime() > afterSeconds * 1000;
        // Shown once: after that it stands there, and showing it again changes nothing.
        if (at && isLate) await outbox.show(reminderKey(question), at.channelId, reminderMessage([question]));
      }
    },
  };
}

/** Of what we saved ourselves: that it is a question is checked, not each of its parts. Times are texts in JSON. */
const questionSchema = z
  .looseObject({
    id: z.string(),
    taskId: z.string(),
    kind: z.string(),
    text: z.string(),
    askedAt: z.coerce.date(),
  })
  .transform((question) => question as unknown as Question);

function savedQuestion(value: unknown): Question | undefined {
  return questionSchema.safeParse(value).data;
}

export type Asked = ReturnType<typeof askedIn>;
