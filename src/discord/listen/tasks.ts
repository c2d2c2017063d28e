import type { Client } from 'discord.js';
import type { TaskId } from '../../domain/identifiers.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral, Submission } from '../../spiral.ts';
import type { Home, Homes } from '../follow/homes.ts';
import type { Places } from '../follow/places.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Said } from './said.ts';
import { openThread } from './threads.ts';

const acceptedSign = '👀';

/** What becomes of what was said. */
export type Begun =
  | { readonly kind: 'begun'; readonly taskId: TaskId }
  | { readonly kind: 'refused'; readonly problem: string; readonly cure: string };

/** Makes tasks of what people say, and gives each its place in Discord. */
export function tasksOf(needs: {
  readonly client: Pick<Client, 'rest'>;
  readonly spiral: Spiral;
  readonly outbox: Outbox;
  readonly homes: Homes;
  readonly places: Places;
}) {
  const { client, spiral, outbox, homes, places } = needs;
  const beginning = new Set<Promise<unknown>>();

  async function settle(said: Said, submission: Submission): Promise<Begun> {
    if (submission.kind === 'refused') return submission;
    const { taskId } = submission;
    await homes.settle(taskId, (await homes.of(taskId)) ?? (await homeFor(said)));
    places.changed(taskId);
    if (said.isTheirs) void outbox.mark(said.at, [acceptedSign]);
    return { kind: 'begun', taskId };
  }

  async function homeFor(said: Said): Promise<Home> {
    const rest = {
      personId: said.personId,
      ...(said.isTheirs ? { said: said.at } : {}),
    };
    if (said.isInThread) return { channelId: said.at.channelId, isThread: true, ...rest };
    const thread = said.mayHaveThread ? await openThread(client, said.at, said.text) : undefined;
    return { channelId: thread ?? said.at.channelId, isThread: thread !== undefined, ...rest };
  }

  /** News of a task is told when its place is known: whoever tells waits for this. */
  function remembered(deed: Promise<Begun>): Promise<Begun> {
    beginning.add(deed);
    const over = () => beginning.delete(deed);
    deed.then(over, over);
    return deed;
  }

  return {
    /** @param beside the task in whose folder it is done as well */
    begin: (said: Said, beside?: TaskId) =>
      remembered(
        spiral
          .submit({
            text: said.text,
            agent: said.agent,
            ...(said.wish ? { wish: said.wish } : {}),
            ...(said.talk ? { talk: said.talk } : {}),
            ...(beside === undefined ? {} : { beside }),
            ...(said.repository === undefined ? {} : { repository: said.repository }),
            ...(said.project === undefined ? {} : { project: said.project }),
            attachments: said.attachments,
            origin: 'discord',
            key: said.key,
          })
          .then((submission) => settle(said, submission)),
      ),
    /** In the session and the workspace of a task that is over. */
    goOn: (before: TaskReport, said: Said) =>
      remembered(
        spiral
          .continue(before.id, said.text, {
            driveHere: false,
            attachments: said.attachments,
            key: said.key,
            origin: 'discord',
          })
          .then((submission) => settle(said, submission)),
      ),
    settled: () => Promise.allSettled(beginning),
  };
}

export type Tasks = ReturnType<typeof tasksOf>;
