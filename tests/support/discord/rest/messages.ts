/** Messages and reactions of the bot. Discord developer docs: "Resources: Message". */
import { isUnicodeEmoji } from '../emoji.ts';
import { acceptedMessage } from '../message-body.ts';
import {
  addReaction,
  deleteMessage,
  editMessage,
  foundChannel,
  foundMessage,
  postMessage,
  removeReaction,
} from '../messages.ts';
import { messagePayload, userPayload } from '../payloads.ts';
import { demand, may, sendingIn } from '../permissions.ts';
import { invalid, Refusal, refusals } from '../refusal.ts';
import type { Channel, Message, World } from '../world.ts';
import { type Answer, type Call, nothing, ok, type Route, route } from './route.ts';

const nonceCountsForMs = 5 * 60_000;
const message = '/channels/:channel/messages/:message';

export const messageRoutes: readonly Route[] = [
  route('POST', '/channels/:channel/messages', create, { limit: 'messages' }),
  route('GET', '/channels/:channel/messages', list),
  route('GET', message, (call) => {
    const channel = readable(call);
    return ok(messagePayload(call.world, foundMessage(channel, call.param('message'))));
  }),
  route('PATCH', message, edit, { limit: 'edits' }),
  route('DELETE', message, remove, { limit: 'deletes' }),
  route('PUT', `${message}/reactions/:emoji/@me`, react, { limit: 'reactions' }),
  route('DELETE', `${message}/reactions/:emoji/:user`, unreact, { limit: 'reactions' }),
  route('DELETE', `${message}/reactions`, clear, { limit: 'reactions' }),
  route('DELETE', `${message}/reactions/:emoji`, clear, { limit: 'reactions' }),
  route('GET', `${message}/reactions/:emoji`, (call) => {
    const users = foundMessage(readable(call), call.param('message')).reactions.get(call.param('emoji')) ?? [];
    return ok([...users].flatMap((id) => call.world.users.get(id) ?? []).map(userPayload));
  }),
];

function readable({ world, param }: Call): Channel {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel, 'ReadMessageHistory');
  return channel;
}

function create({ world, param, body, files }: Call): Answer {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel, sendingIn(channel));
  if (channel.archived && channel.locked) throw refusals.archivedThread();
  const accepted = acceptedMessage('create', body, files);
  if (accepted.embeds?.length) demand(world, channel, 'EmbedLinks');
  if (accepted.files.length) demand(world, channel, 'AttachFiles');
  const { nonce, enforce_nonce, message_reference: reference } = accepted.given;
  if (enforce_nonce && nonce !== undefined) {
    const since = world.clock.now() - nonceCountsForMs;
    const known = channel.messages.find(
      (candidate) => candidate.author.id === world.bot.id && candidate.nonce === nonce && candidate.createdAt > since,
    );
    if (known) return ok(messagePayload(world, known));
  }
  const replyTo = reference && channel.messages.find(({ id }) => id === reference.message_id);
  if (reference && !may(world, world.bot.id, channel, 'ReadMessageHistory')) throw refusals.replyNeedsHistory();
  if (reference && !replyTo && (reference.fail_if_not_exists ?? true))
    throw unknownReply(channel, reference.message_id);
  return ok(messagePayload(world, postMessage(world, { ...accepted, channel, author: world.bot, nonce, replyTo })));
}

function unknownReply(channel: Channel, id: string): Refusal {
  const {
    status,
    code,
    message: text,
    errors,
  } = invalid('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  const gone = channel.deletedMessages.some((candidate) => candidate.id === id);
  return new Refusal(status, code, text, { ...(errors ? { errors } : {}), ownFault: !gone });
}

function list(call: Call): Answer {
  const channel = readable(call);
  const { query, world } = call;
  const limit = Number(query.get('limit') ?? 50);
  if (!(limit >= 1 && limit <= 100))
    throw invalid('limit', 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  const bound = (name: string) => BigInt(query.get(name) ?? 0);
  const [before, after] = [bound('before'), bound('after')];
  const matching = channel.messages.filter(
    ({ id }) => (before === 0n || BigInt(id) < before) && (after === 0n || BigInt(id) > after),
  );
  const chosen = after === 0n ? matching.slice(-limit) : matching.slice(0, limit);
  return ok(chosen.toReversed().map((found) => messagePayload(world, found)));
}

function edit({ world, param, body, files }: Call): Answer {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel);
  const found = foundMessage(channel, param('message'));
  if (found.author.id !== world.bot.id || found.webhookId) throw refusals.notYourMessage();
  if (found.type === 18) throw refusals.systemMessage();
  if (channel.archived) throw refusals.archivedThread();
  const accepted = acceptedMessage('edit', body, files);
  if (accepted.embeds?.length) demand(world, channel, 'EmbedLinks');
  if (accepted.files.length) demand(world, channel, 'AttachFiles');
  editMessage(world, found, { ...accepted, kept: accepted.kept });
  return ok(messagePayload(world, found));
}

function remove({ world, param }: Call): Answer {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel);
  const found = foundMessage(channel, param('message'));
  if (found.author.id !== world.bot.id || found.webhookId) demand(world, channel, 'ManageMessages');
  deleteMessage(world, found);
  return nothing;
}

function react({ world, param }: Call): Answer {
  const { channel, found } = reactable(world, param);
  const emoji = param('emoji');
  if (!isUnicodeEmoji(emoji)) throw refusals.unknownEmoji();
  if (!found.reactions.has(emoji)) {
    demand(world, channel, 'AddReactions');
    if (found.reactions.size >= 20) throw refusals.maximumReactions();
  }
  addReaction(world, found, world.bot, emoji);
  return nothing;
}

function unreact({ world, param }: Call): Answer {
  const { channel, found } = reactable(world, param);
  const userId = param('user') === '@me' ? world.bot.id : param('user');
  if (userId !== world.bot.id) demand(world, channel, 'ManageMessages');
  const user = world.users.get(userId);
  if (!user) throw refusals.unknownUser();
  removeReaction(world, found, user, param('emoji'));
  return nothing;
}

function clear({ world, param }: Call): Answer {
  const { channel, found } = reactable(world, param);
  demand(world, channel, 'ManageMessages');
  const only = param('emoji');
  for (const [emoji, users] of [...found.reactions]) {
    if (only !== '' && only !== emoji) continue;
    for (const id of [...users]) {
      const user = world.users.get(id);
      if (user) removeReaction(world, found, user, emoji);
    }
  }
  return nothing;
}

function reactable(world: World, param: Call['param']): { channel: Channel; found: Message } {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel, 'ReadMessageHistory');
  if (channel.archived) throw refusals.archivedThread();
  return { channel, found: foundMessage(channel, param('message')) };
}
