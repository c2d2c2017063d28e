/** Discord developer docs: "Interactions: Receiving and Responding", endpoints. */
import { acknowledge, answer, type Interaction, originalOf } from '../interactions.ts';
import { acceptedMessage } from '../message-body.ts';
import { deleteMessage, editMessage, loading } from '../messages.ts';
import { messagePayload } from '../payloads.ts';
import { refusals } from '../refusal.ts';
import type { Message } from '../world.ts';
import { type Answer, type Call, nothing, ok, type Route, route } from './route.ts';

const byToken = { auth: 'token', limit: 'webhooks' } as const;
const hook = '/webhooks/:webhook/:token';
const message = `${hook}/messages/:message`;

export const interactionRoutes: readonly Route[] = [
  route('POST', '/interactions/:interaction/:token/callback', callback, { auth: 'token', limit: 'none' }),
];

/** Called by the routes of webhooks when the webhook is that of the application. */
export const interactionWebhook = { followUp, get, edit, remove };

export const webhookPaths = { hook, message, byToken };

function callback({ world, interactions, param, body, files, query }: Call): Answer {
  const interaction = interactions.awaiting(param('interaction'), param('token'));
  acknowledge(world, interaction, body, files);
  if (query.get('with_response') !== 'true') return nothing;
  const { acknowledgement } = interaction;
  const reply = acknowledgement && 'message' in acknowledgement ? acknowledgement.message : undefined;
  return ok({
    interaction: { id: interaction.id, type: 2, ...(reply ? { response_message_id: reply.id } : {}) },
    ...(reply ? { resource: { type: 4, message: messagePayload(world, reply) } } : {}),
  });
}

function followUp({ world, interactions, param, body, files }: Call): Answer {
  const interaction = interactions.byToken(param('token'));
  const accepted = acceptedMessage('webhook', body, files);
  const { acknowledgement } = interaction;
  if (acknowledgement?.kind === 'deferred-reply' && acknowledgement.message.flags & loading) {
    // The first one after "is thinking" takes its place.
    editMessage(world, acknowledgement.message, accepted);
    return ok(messagePayload(world, acknowledgement.message));
  }
  const sent = answer(world, interaction, { ...accepted, flags: accepted.flags });
  interaction.followUps.push(sent);
  return ok(messagePayload(world, sent));
}

function get({ world, interactions, param }: Call): Answer {
  return ok(messagePayload(world, found(interactions.byToken(param('token')), param('message'))));
}

function edit({ world, interactions, param, body, files }: Call): Answer {
  const target = found(interactions.byToken(param('token')), param('message'));
  editMessage(world, target, acceptedMessage('edit', body, files));
  return ok(messagePayload(world, target));
}

function remove({ world, interactions, param }: Call): Answer {
  deleteMessage(world, found(interactions.byToken(param('token')), param('message')));
  return nothing;
}

function found(interaction: Interaction, id: string): Message {
  if (id === '@original') return originalOf(interaction);
  const candidates = [...interaction.followUps, ...(interaction.message ? [interaction.message] : [])];
  const target = candidates.find((candidate) => candidate.id === id) ?? originalOf(interaction);
  if (target.id !== id || target.deletedAt !== undefined) throw refusals.unknownMessage(target.deletedAt !== undefined);
  return target;
}
