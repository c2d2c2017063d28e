import type { REST } from 'discord.js';
import {
  type APIMessage,
  type APIWebhook,
  type RESTPatchAPIChannelMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
  type RESTPostAPIWebhookWithTokenJSONBody,
  Routes,
} from 'discord-api-types/v10';
import { type AgentRole, agentRoles } from '../../domain/agent.ts';
import { failureOf } from '../outbox/failure.ts';
import { looksOf } from '../outbox/looks.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import type { Placed, Wire } from '../outbox/wire.ts';
import { voices } from '../render/voices.ts';

/** Milliseconds between 1970 and the first moment that Discord's ids count from. */
const firstMoment = 1_420_070_400_000n;

/** Messages that were sent while a process ended are looked for among so many. */
const searched = 100;

const webhookName = 'Spiral';

/**
 * Messages over the REST interface of Discord. An agent speaks under its own name through a webhook of the channel where the bot
 * may manage those, and otherwise with its name before the text.
 *
 * @param parentOf the channel that a thread hangs in, which is where webhooks belong; the same for any other channel
 */
export function restWire(
  rest: REST,
  { applicationId, botId }: { readonly applicationId: string; readonly botId: string },
  parentOf: (channelId: string) => Promise<string>,
): Wire {
  /** Per channel; undefined where the bot may have none. */
  const webhooks = new Map<string, Promise<NonNullable<Placed['webhook']> | undefined>>();

  async function webhookFor(parent: string) {
    const known = webhooks.get(parent);
    if (known) return known;
    const found = findWebhook(parent);
    webhooks.set(parent, found);
    found.then(
      (webhook) => webhook ?? setTimeout(() => webhooks.delete(parent), 10 * 60_000).unref(),
      () => webhooks.delete(parent),
    );
    return found;
  }

  async function findWebhook(parent: string): Promise<NonNullable<Placed['webhook']> | undefined> {
    try {
      const all = (await rest.get(Routes.channelWebhooks(parent))) as APIWebhook[];
      const ours = all.find(({ application_id, token }) => application_id === applicationId && token !== undefined);
      const webhook =
        ours ?? ((await rest.post(Routes.channelWebhooks(parent), { body: { name: webhookName } })) as APIWebhook);
      return webhook.token === undefined ? undefined : { id: webhook.id, token: webhook.token };
    } catch (error) {
      if (failureOf(error) === 'later') throw error;
      return undefined; // Without the permission the name of the agent stands in the text.
    }
  }

  async function speak(channelId: string, message: Outgoing, voice: AgentRole): Promise<Placed | undefined> {
    const parent = await parentOf(channelId);
    const webhook = await webhookFor(parent);
    if (!webhook) return undefined;
    const { files, ...rawBody } = requestOf(message);
    const body: RESTPostAPIWebhookWithTokenJSONBody = {
      ...(rawBody.body as RESTPostAPIWebhookWithTokenJSONBody),
      username: nameOf(voice),
    };
    const query = new URLSearchParams({ wait: 'true', ...(parent === channelId ? {} : { thread_id: channelId }) });
    try {
      const sent = (await rest.post(Routes.webhook(webhook.id, webhook.token), {
        body,
        query,
        auth: false,
        ...(files ? { files } : {}),
      })) as APIMessage;
      return { channelId, messageId: sent.id, webhook };
    } catch (error) {
      if (failureOf(error) !== 'gone') throw error;
      webhooks.delete(parent); // Somebody deleted the webhook.
      return undefined;
    }
  }

  return {
    async post(channelId, message, nonce) {
      const spoken = message.voice && (await speak(channelId, message, message.voice));
      if (spoken) return spoken;
      const { body, files } = requestOf(message.voice ? withName(message, message.voice) : message);
      const post: RESTPostAPIChannelMessageJSONBody = { ...body, nonce, enforce_nonce: true };
      const sent = (await rest.post(Routes.channelMessages(channelId), {
        body: post,
        ...(files ? { files } : {}),
      })) as APIMessage;
      return { channelId, messageId: sent.id };
    },

    async edit({ channelId, messageId, webhook }, message) {
      const { body, files } = requestOf(message.voice && !webhook ? withName(message, message.voice) : message);
      // Files come in place of those that were there; without any, those stay.
      const attachments = files?.map(({ name: filename }, id) => ({ id: `${id}`, filename }));
      const request = {
        body: { ...emptyLook, ...body, ...(attachments ? { attachments } : {}) },
        ...(files ? { files } : {}),
      };
      if (!webhook) {
        await rest.patch(Routes.channelMessage(channelId, messageId), request);
        return;
      }
      const isThread = (await parentOf(channelId)) !== channelId;
      await rest.patch(Routes.webhookMessage(webhook.id, webhook.token, messageId), {
        ...request,
        auth: false,
        ...(isThread ? { query: new URLSearchParams({ thread_id: channelId }) } : {}),
      });
    },

    async react({ channelId, messageId }, sign) {
      await rest.put(Routes.channelMessageOwnReaction(channelId, messageId, encodeURIComponent(sign)));
    },

    async find(channelId, looks, since) {
      // Clocks differ: a minute before is early enough.
      const after = ((BigInt(since.getTime() - 60_000) - firstMoment) << 22n).toString();
      const query = new URLSearchParams({ after, limit: `${searched}` });
      const messages = (await rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
      const alike = messages.filter((message) =>
        [message, withoutName(message)].some((seen) => looksOf(seen) === looks),
      );
      const own = alike.find(({ author, webhook_id }) => webhook_id === undefined && author.id === botId);
      if (own) return { channelId, messageId: own.id };
      if (!alike.some(({ webhook_id }) => webhook_id !== undefined)) return undefined;
      const webhook = await webhookFor(await parentOf(channelId));
      const spoken = webhook && alike.find(({ webhook_id }) => webhook_id === webhook.id);
      return spoken && { channelId, messageId: spoken.id, webhook };
    },
  };
}

/** What a message that says less than before has to be told to lose. */
const emptyLook = { content: '', embeds: [], components: [] };

function requestOf({ content, embeds, components, files }: Outgoing) {
  return {
    body: {
      ...(content === undefined ? {} : { content }),
      ...(embeds === undefined ? {} : { embeds: [...embeds] }),
      ...(components === undefined ? {} : { components: [...components] }),
      allowed_mentions: { parse: [] },
    } satisfies RESTPatchAPIChannelMessageJSONBody,
    ...(files === undefined || files.length === 0
      ? {}
      : { files: files.map(({ name, content: data }) => ({ name, data: Buffer.from(data) })) }),
  };
}

function nameOf(voice: AgentRole): string {
  return `${voices[voice].sign} ${voices[voice].name}`;
}

function withName({ content, ...message }: Outgoing, voice: AgentRole): Outgoing {
  const name = `**${nameOf(voice)}**`;
  return { ...message, content: content === undefined || content === '' ? name : `${name}\n${content}` };
}

/** A message without the name that stands before its text where an agent has no name of its own. */
function withoutName<Message extends { readonly content: string }>(message: Message): Message {
  const name = agentRoles.map((role) => `**${nameOf(role)}**`).find((before) => message.content.startsWith(before));
  return name === undefined ? message : { ...message, content: message.content.slice(name.length) };
}
