/** Discord developer docs: "Resources: Webhook". The webhook of the application itself belongs to interactions. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { acceptedMessage } from '../message-body.ts';
import { deleteMessage, editMessage, foundChannel, foundMessage, postMessage } from '../messages.ts';
import { messagePayload, userPayload } from '../payloads.ts';
import { demand } from '../permissions.ts';
import { accepted, invalid, Refusal, refusals } from '../refusal.ts';
import type { Channel, Message, Webhook, World } from '../world.ts';
import { interactionWebhook, webhookPaths } from './interactions.ts';
import { type Answer, type Call, nothing, ok, type Route, route } from './route.ts';

const mostWebhooksOfChannel = 15;
const { hook, message, byToken } = webhookPaths;
const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((name) => !/discord|clyde/i.test(name), 'Username cannot contain "discord" or "clyde"');

export const webhookRoutes: readonly Route[] = [
  route('POST', '/channels/:channel/webhooks', create),
  route('GET', '/channels/:channel/webhooks', ({ world, param }) => {
    const channel = foundChannel(world, param('channel'));
    demand(world, channel, 'ManageWebhooks');
    const own = [...world.webhooks.values()].filter((webhook) => webhook.channel === channel);
    return ok(own.map((webhook) => webhookPayload(world, webhook)));
  }),
  route('GET', '/guilds/:guild/webhooks', ({ world }) =>
    ok([...world.webhooks.values()].map((webhook) => webhookPayload(world, webhook))),
  ),
  route('GET', '/webhooks/:webhook', ({ world, param }) => ok(webhookPayload(world, ofBot(world, param('webhook'))))),
  route('DELETE', '/webhooks/:webhook', ({ world, param }) => {
    world.webhooks.delete(ofBot(world, param('webhook')).id);
    world.changed();
    return nothing;
  }),
  route('POST', hook, (call) => (isOfApplication(call) ? interactionWebhook.followUp(call) : execute(call)), byToken),
  route('GET', message, (call) => (isOfApplication(call) ? interactionWebhook.get(call) : get(call)), byToken),
  route('PATCH', message, (call) => (isOfApplication(call) ? interactionWebhook.edit(call) : edit(call)), byToken),
  route('DELETE', message, (call) => (isOfApplication(call) ? interactionWebhook.remove(call) : remove(call)), byToken),
];

function isOfApplication({ world, param }: Call): boolean {
  return param('webhook') === world.application.id;
}

function create({ world, param, body }: Call): Answer {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel, 'ManageWebhooks');
  if (channel.parent) throw refusals.unknownChannel();
  const { name } = accepted(z.strictObject({ name: nameSchema, avatar: z.string().nullish() }), body);
  if ([...world.webhooks.values()].filter((webhook) => webhook.channel === channel).length >= mostWebhooksOfChannel) {
    throw new Refusal(400, 30007, 'Maximum number of webhooks reached (15)');
  }
  const webhook = {
    id: world.newId(),
    token: randomBytes(51).toString('base64url'),
    channel,
    ownerId: world.bot.id,
    name,
  };
  world.webhooks.set(webhook.id, webhook);
  world.changed();
  return ok(webhookPayload(world, webhook));
}

function execute(call: Call): Answer {
  const { world, body, files, query, param } = call;
  const webhook = authorized(world, param('webhook'), param('token'));
  const channel = targetOf(call, webhook);
  if (channel.archived && channel.locked) throw refusals.archivedThread();
  const accepted = acceptedMessage('webhook', body, files);
  if (accepted.flags & 64)
    throw invalid('flags', 'MESSAGE_FLAGS_INVALID', 'Only interactions have ephemeral messages.');
  const author = { id: webhook.id, username: accepted.given.username ?? webhook.name, bot: true };
  const sent = postMessage(world, { ...accepted, channel, author, webhookId: webhook.id });
  return query.get('wait') === 'true' ? ok(messagePayload(world, sent)) : nothing;
}

function get(call: Call): Answer {
  return ok(messagePayload(call.world, ownMessage(call)));
}

function edit(call: Call): Answer {
  const target = ownMessage(call);
  if (target.channel.archived) throw refusals.archivedThread();
  editMessage(call.world, target, acceptedMessage('edit', call.body, call.files));
  return ok(messagePayload(call.world, target));
}

function remove(call: Call): Answer {
  deleteMessage(call.world, ownMessage(call));
  return nothing;
}

function ownMessage(call: Call): Message {
  const webhook = authorized(call.world, call.param('webhook'), call.param('token'));
  const target = foundMessage(targetOf(call, webhook), call.param('message'));
  if (target.webhookId !== webhook.id) throw refusals.unknownMessage();
  return target;
}

function targetOf({ world, query }: Call, webhook: Webhook): Channel {
  const threadId = query.get('thread_id');
  const channel = foundChannel(world, threadId ?? webhook.channel.id);
  if (threadId && channel.parent !== webhook.channel) throw refusals.unknownChannel();
  return channel;
}

function authorized(world: World, id: string, token: string): Webhook {
  const webhook = world.webhooks.get(id);
  if (!webhook || webhook.channel.deletedAt !== undefined) throw refusals.unknownWebhook();
  if (webhook.token !== token) throw refusals.invalidWebhookToken();
  return webhook;
}

function ofBot(world: World, id: string): Webhook {
  const webhook = world.webhooks.get(id);
  if (!webhook) throw refusals.unknownWebhook();
  demand(world, webhook.channel, 'ManageWebhooks');
  return webhook;
}

function webhookPayload(world: World, { id, token, channel, name }: Webhook): object {
  return {
    id,
    type: 1,
    token,
    name,
    avatar: null,
    channel_id: channel.id,
    guild_id: world.guild.id,
    application_id: world.application.id,
    user: userPayload(world.bot),
    url: `${world.baseUrl}/api/webhooks/${id}/${token}`,
  };
}
