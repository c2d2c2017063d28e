import * as z from 'zod';
import type { SpiralEvent } from '../../domain/event.ts';
import type { Question } from '../../domain/question.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import type { Spiral } from '../../spiral.ts';
import { decisionSigns } from '../decisions/intention.ts';
import { confirmKey, decidingKey, questionKey, reminderKey } from '../outbox/keys.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Records, surface } from '../outbox/posts.ts';
import { answeredMessage, answeredNote, questionMessage, reminderMessage } from '../render/question-card.ts';
import { contextOf } from './question-context.ts';

type AskedEvent = Extract<SpiralEvent, { type: 'question.asked' }>;
type AnsweredEvent = Extract<SpiralEvent, { type: 'question.answered' }>;

/** The questions that stand in Discord, as cards. */
export function askedIn(needs: {
  readonly spiral: Pick<Spiral, 'pending' | 'events' | 'findTasks' | 'findToolRequests' | 'toolRequests'>;
  readonly records: Records;
  readonly outbox: Outbox;
  readonly now: () => number;
}) {
  const { spiral, records, outbox, now } = needs;

  async function isOpen(questionId: string): Promise<boolean> {
    return (await spiral.pending()).some(({ id }) => id === questionId);
  }

  /** Shows a question that is still open. */
  async function show({ taskId, questionId }: Pick<AskedEvent, 'taskId' | 'questionId'>, channelId: string) {
    const question = (await spiral.pending()).find(({ id }) => id === questionId);
    if (!question) return;
    const key = questionKey({ taskId, id: questionId });
    // For when it is answered: then it is no longer among those that wait.
    await records.remember(surface, `${key}:asked`, { ...question, channelId });
    const message = questionMessage(question, await contextOf(question, spiral));
    if (!(await isOpen(questionId))) return; // Whoever answered it meanwhile has it shown as answered.
    const shown = await outbox.keep(key, channelId, message);
    if (shown.kind === 'shown' && question.kind === 'tool-request' && (await isOpen(questionId))) {
      await outbox.mark(shown.at, Object.values(decisionSigns));
    }
  }

  return {
    show,
    /** What could not be shown before the process before ended. */
    async showMissing(): Promise<void> {
      const missing = await Promise.all(
        (await spiral.pending()).map(async (question) => {
          const key = questionKey(question);
          return (await outbox.shown(key)) ? undefined : savedQuestion(await records.recall(surface, `${key}:asked`));
        }),
      );
      await Promise.all(
        missing.map((saved) => saved && show({ taskId: saved.taskId, questionId: saved.id }, saved.channelId)),
      );
    },
    /** Somebody answers it here; undefined: they do not after all. Saved, for the news of it may come to the next process. */
    async by(questionId: string, personId: string | undefined): Promise<void> {
      if (personId === undefined) await records.forget(surface, decidingKey(questionId));
      else await records.remember(surface, decidingKey(questionId), personId);
    },
    /**
     * Takes the buttons of a question away that was answered, here or elsewhere; its words stay. Also when it is only on its
     * way to Discord: then it arrives as answered. Nor is anything left that asks for the answer once more.
     */
    async close({ id, taskId, questionId, answer }: AnsweredEvent): Promise<void> {
      const key = questionKey({ taskId, id: questionId });
      const question = savedQuestion(await records.recall(surface, `${key}:asked`));
      if (!question) return;
      const at = await outbox.shown(key);
      const by = z.string().safeParse(await records.recall(surface, decidingKey(questionId))).data;
      const how = by === undefined ? { elsewhere: true, answer } : { elsewhere: false, by, answer };
      const message = answeredMessage(question, how, await contextOf(question, spiral, id));
      await outbox.keep(key, at?.channelId ?? question.channelId, message);
      await Promise.all(
        [reminderKey(question), ...decisionKinds.map((decision) => confirmKey(questionId, decision))].map(
          async (key) => {
            const stands = await outbox.shown(key);
            if (stands) await outbox.show(key, stands.channelId, answeredNote(how));
          },
        ),
      );
      await records.forget(surface, decidingKey(questionId));
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
    /** Where it is shown. */
    channelId: z.string(),
  })
  .transform((question) => question as unknown as AskedQuestion);

type AskedQuestion = Question & { readonly channelId: string };

function savedQuestion(value: unknown): AskedQuestion | undefined {
  return questionSchema.safeParse(value).data;
}

export type Asked = ReturnType<typeof askedIn>;
