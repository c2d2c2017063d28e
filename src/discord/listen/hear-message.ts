import type { Client, Message } from 'discord.js';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Question } from '../../domain/question.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { DiscordSettings } from '../../spiral/surface.ts';
import type { Spiral } from '../../spiral.ts';
import { carryOut } from '../decisions/decide.ts';
import type { Actor } from '../decisions/permission.ts';
import type { Homes } from '../follow/homes.ts';
import type { Asked } from '../follow/questions.ts';
import { questionKey, showsQuestion, taskShown } from '../outbox/keys.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Posts } from '../outbox/posts.ts';
import { type AddressBook, addressOf } from '../receive/address.ts';
import { listeningTo } from '../receive/channels.ts';
import { type Heard, type Meaning, meaningOf, type NearTask } from '../receive/meaning.ts';
import { filesOf } from './files.ts';
import { authorOfMessage, type People } from './people.ts';
import type { Said } from './said.ts';
import type { Begun, Tasks } from './tasks.ts';
import { isOver, type Wishes } from './wishes.ts';

const laterSign = '🕓';
const doneSign = '☑️';
const stoppedSign = '🛑';
const noFilesInTalks = 'Agents that talk read no files: say in words what matters, or give it as a task.';

export type HearNeeds = {
  readonly client: Client<true>;
  readonly spiral: Spiral;
  readonly settings: DiscordSettings;
  readonly outbox: Outbox;
  readonly posts: Posts;
  readonly homes: Homes;
  readonly asked: Asked;
  readonly people: People;
  readonly tasks: Tasks;
  readonly wishes: Wishes;
  readonly now: () => number;
};

/** Whether a channel, or the one that a thread hangs in, is listened to. */
export function listeningIn(message: Pick<Message, 'channel' | 'channelId'>, settings: DiscordSettings) {
  const { channel } = message;
  const home = channel.isThread() ? (channel.parent ?? channel) : channel;
  return listeningTo(
    {
      channelId: home.id,
      ...('name' in home && home.name ? { channelName: home.name } : {}),
      isDirect: channel.isDMBased(),
    },
    settings,
  );
}

/** What is known of the server that a message was written in. */
export function bookOf(message: Message, { client, settings }: Pick<HearNeeds, 'client' | 'settings'>): AddressBook {
  return {
    botId: client.user.id,
    botRoles: [message.guild?.members.me?.roles.botRole?.id].filter((id) => id !== undefined),
    roleNames: Object.fromEntries(message.mentions.roles.map((role) => [role.id, role.name])),
    defaultAgent: settings.defaultAgent,
  };
}

/** Reads a message of a person and does what it says. Read twice, it is done once. */
export function messageReader(needs: HearNeeds): (message: Message) => Promise<void> {
  const { client, spiral, settings, outbox, posts, homes, asked, people, tasks, wishes, now } = needs;

  return async (message) => {
    const listening = listeningIn(message, settings);
    const author = authorOfMessage(message);
    if (!listening.isHeard || author.isSelf) return;
    const isToUs = message.channel.isDMBased() || message.mentions.users.has(client.user.id);
    const entrance = await people.enter(author, { isAsking: true, isToUs });
    if (!entrance.isIn) {
      if (entrance.answer !== undefined) reply(message, entrance.answer);
      return;
    }
    const near = await around(message);
    const meaning = meaningOf(
      {
        ...near,
        address: addressOf(message.content, bookOf(message, needs)),
        hasFiles: message.attachments.size > 0,
      },
      new Date(now()),
    );
    await act(message, meaning, entrance.actor, listening.repository);
  };

  async function act(message: Message, meaning: Meaning, actor: Actor, repository: string | undefined): Promise<void> {
    switch (meaning.kind) {
      case 'nothing':
        return;
      case 'problem':
        return reply(message, `${meaning.problem} ${meaning.cure}`);
      case 'stop':
        return stop(message, meaning.taskId, actor);
      case 'answer':
        return answer(message, meaning, actor);
      case 'new-task': {
        const said = await saidIn(message, meaning.text, meaning.agent, actor);
        const place = repository === undefined ? {} : { repository };
        return told(message, await tasks.begin({ ...said, ...place }, meaning.beside));
      }
      case 'follow-up':
        return followUp(message, meaning.taskId, meaning.text, actor);
    }
  }

  async function followUp(message: Message, taskId: TaskId, text: string, actor: Actor): Promise<void> {
    const task = await taskOf(taskId);
    if (!task)
      return reply(message, 'That task is not there any more. Say it again in the channel, and it is a new one.');
    if (task.talk) {
      if (message.attachments.size > 0) reply(message, noFilesInTalks);
      // Another task may have taken the conversation up since; and what was said before is not said again.
      const said = await spiral.say(task.talk.conversationId, text, `discord-${message.id}`);
      if (said) return mark(message, doneSign);
    }
    if (isOver(task)) {
      return told(message, await tasks.goOn(task, await saidIn(message, text, task.agent, actor)));
    }
    await wishes.keep({ text, personId: actor.id, channelId: message.channelId, messageId: message.id });
    mark(message, laterSign);
  }

  async function answer(
    message: Message,
    { intention, fields }: Extract<Meaning, { kind: 'answer' }>,
    actor: Actor,
  ): Promise<void> {
    if ('questionId' in intention) await asked.by(intention.questionId, actor.id);
    const decided = await carryOut(intention, fields, { spiral, actor, now: new Date(now()) });
    if (decided.kind === 'done') return mark(message, doneSign);
    if ('questionId' in intention) await asked.by(intention.questionId, undefined);
    if (decided.kind !== 'needs-dialog') reply(message, decided.kind === 'refused' ? decided.problem : decided.words);
  }

  async function stop(message: Message, taskId: TaskId | undefined, actor: Actor): Promise<void> {
    if (taskId === undefined) {
      return reply(message, 'Say STOP in the thread of the task that is meant, or use /stop.');
    }
    const decided = await carryOut({ kind: 'stop', taskId }, {}, { spiral, actor, now: new Date(now()) });
    if (decided.kind === 'done') mark(message, stoppedSign);
    else if (decided.kind === 'refused') reply(message, decided.problem);
  }

  /** What stands around a message, and could be meant by it. */
  async function around(message: Message): Promise<Omit<Heard, 'address' | 'hasFiles'>> {
    const pending = await spiral.pending();
    const inThread = message.channel.isThread() ? await homes.inThread(message.channelId) : undefined;
    const task = inThread === undefined ? undefined : await nearTask(inThread);
    const answered = message.reference?.messageId;
    const shows = answered === undefined ? undefined : await posts.shownBy(answered);
    const question = shows === undefined ? undefined : pending.find((one) => showsQuestion(shows, one));
    const repliedTask = shows === undefined || question ? undefined : await shownTask(shows);
    return {
      ...(shows === undefined
        ? {}
        : { repliesTo: { ...(question ? { question } : {}), ...(repliedTask ? { task: repliedTask } : {}) } }),
      ...(task ? { thread: { task, questions: await questionsOf(task.id, message.channelId, pending) } } : {}),
    };
  }

  /** Questions of a task, and those that were shown in its thread. */
  async function questionsOf(taskId: TaskId, threadId: string, pending: readonly Question[]): Promise<Question[]> {
    const shown = await Promise.all(
      pending.map(async (question) => {
        if (question.taskId === taskId) return question;
        const at = await outbox.shown(questionKey(question));
        return at?.channelId === threadId ? question : undefined;
      }),
    );
    return shown.filter((question) => question !== undefined);
  }

  async function shownTask(key: string): Promise<NearTask | undefined> {
    const id = taskShown(key);
    return id === undefined ? undefined : nearTask(id);
  }

  async function nearTask(id: TaskId): Promise<NearTask | undefined> {
    const task = await taskOf(id);
    if (!task) return undefined;
    const members = task.talk ? { members: task.talk.members } : {};
    return { id: task.id, agent: task.agent, isOver: isOver(task), ...members };
  }

  async function taskOf(id: TaskId): Promise<TaskReport | undefined> {
    return (await spiral.findTasks(id)).find((task) => task.id === id);
  }

  async function saidIn(message: Message, text: string, agent: Said['agent'], actor: Actor): Promise<Said> {
    const { channel } = message;
    const { files, refused } = await filesOf(message, settings.apiBase);
    if (refused.length > 0) reply(message, refused.join('\n'));
    return {
      key: `discord-${message.id}`,
      text,
      agent,
      attachments: files,
      personId: actor.id,
      at: { channelId: message.channelId, messageId: message.id },
      isTheirs: true,
      isInThread: channel.isThread(),
      mayHaveThread: !channel.isThread() && !channel.isDMBased(),
    };
  }

  async function told(message: Message, begun: Begun): Promise<void> {
    if (begun.kind === 'refused') reply(message, `${begun.problem} ${begun.cure}`);
  }

  function mark({ channelId, id }: Message, sign: string): void {
    void outbox.mark({ channelId, messageId: id }, [sign]);
  }

  function reply(message: Message, words: string): void {
    void outbox.show(`reply:${message.id}`, message.channelId, { content: words });
  }
}
