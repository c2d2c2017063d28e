import type { Interaction, Message, User } from 'discord.js';
import * as z from 'zod';
import type { TaskId } from '../../domain/identifiers.ts';
import type { DiscordSettings } from '../../spiral/surface.ts';
import type { Actor } from '../decisions/permission.ts';
import type { Homes } from '../follow/homes.ts';
import { type Records, surface } from '../outbox/posts.ts';
import { type Author, admission, isApprover } from '../receive/admission.ts';
import { type AllowanceState, nextAllowance, noAllowance } from '../receive/allowance.ts';
import { nextStranger } from '../receive/strangers.ts';

const strangersKey = 'strangers';
const strangersSchema = z.object({ day: z.string(), told: z.array(z.string()), messages: z.number() });

/** Whoever is not let in hears this once a day. */
const politeLine = 'I work for others here and cannot help you. Whoever runs me can add you to the whitelist.';
const slowDown = 'That is more than I may take from you in a minute. Say it again a little later.';

/** `answer`: a line that they get; undefined: nothing happens. */
export type Entrance =
  | { readonly isIn: true; readonly actor: Actor }
  | { readonly isIn: false; readonly answer?: string };

/** Lets people in, by what Discord says of them. */
export function peopleOf(needs: {
  readonly settings: DiscordSettings;
  readonly records: Records;
  readonly homes: Homes;
  readonly now: () => number;
}) {
  const { settings, records, homes, now } = needs;
  const allowances = new Map<string, AllowanceState>();
  let counting = Promise.resolve<unknown>(undefined);

  async function stranger(id: string, isToUs: boolean): Promise<string | undefined> {
    const counted = counting
      .catch(() => undefined) // Whoever counted that one heard of it.
      .then(async () => {
        const before = strangersSchema.safeParse(await records.recall(surface, strangersKey)).data;
        const { mayTell, counts } = nextStranger(before, id, new Date(now()));
        const told = mayTell && isToUs;
        await records.remember(surface, strangersKey, told ? counts : { ...counts, told: before?.told ?? [] });
        return told ? politeLine : undefined;
      });
    counting = counted;
    return counted;
  }

  function actorOf(author: Author): Actor {
    return {
      id: author.id,
      isApprover: isApprover(author, settings),
      isOwner: async (task: TaskId) => (await homes.of(task))?.personId === author.id,
    };
  }

  return {
    /**
     * @param isAsking it takes of what they may ask for in a minute
     * @param isToUs they spoke to us, and not to everybody in a channel: only then a stranger is told anything
     */
    async enter(author: Author, { isAsking, isToUs }: { isAsking: boolean; isToUs: boolean }): Promise<Entrance> {
      const verdict = admission(author, settings);
      if (verdict === 'ignored') return { isIn: false };
      if (verdict === 'stranger') {
        const answer = await stranger(author.id, isToUs);
        return { isIn: false, ...(answer === undefined ? {} : { answer }) };
      }
      if (isAsking) {
        const allowance = nextAllowance(allowances.get(author.id) ?? noAllowance, now(), settings.messagesPerMinute);
        allowances.set(author.id, allowance.state);
        if (allowance.verdict !== 'passes') {
          return { isIn: false, ...(allowance.verdict === 'told' ? { answer: slowDown } : {}) };
        }
      }
      return { isIn: true, actor: actorOf(author) };
    },
  };
}

export type People = ReturnType<typeof peopleOf>;

export function authorOfMessage(message: Message): Author {
  return {
    ...authorOf(message.author),
    roles: message.member ? [...message.member.roles.cache.keys()] : [],
    isWebhook: message.webhookId !== null,
  };
}

export function authorOfInteraction(interaction: Interaction): Author {
  const { member } = interaction;
  const roles = member === null ? [] : Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
  return { ...authorOf(interaction.user), roles };
}

/** @param roles of the server where they did it */
export function authorOf(user: User, roles: readonly string[] = []): Author {
  return { id: user.id, roles, isBot: user.bot, isWebhook: false, isSelf: user.id === user.client.user.id };
}
