/** Channels, threads and private channels. Discord developer docs: "Resources: Channel" and "Topics: Threads". */
import { z } from 'zod';
import { attachThread, foundChannel, foundMessage, postMessage, tellThread } from '../messages.ts';
import { channelPayload } from '../payloads.ts';
import { demand, may } from '../permissions.ts';
import { accepted, invalid, refusals } from '../refusal.ts';
import { type Channel, isThread, newChannel, privateChannel, type World } from '../world.ts';
import { type Answer, type Call, created, nothing, ok, type Route, route } from './route.ts';

const name = z.string().trim().min(1).max(100);
const archiveMinutes = z.union([z.literal(60), z.literal(1440), z.literal(4320), z.literal(10080)]);
const threadFields = {
  name,
  auto_archive_duration: archiveMinutes.optional(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
};
/** discord.js names a type where the message decides it. */
const threadOfMessageSchema = z.strictObject({ ...threadFields, type: z.int().optional() });
const threadWithoutMessageSchema = z.strictObject({
  ...threadFields,
  type: z.int().optional(),
  invitable: z.boolean().optional(),
});
const patchSchema = z.strictObject({
  name: name.optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: archiveMinutes.optional(),
  invitable: z.boolean().optional(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
  topic: z.string().max(1024).nullish(),
  flags: z.int().optional(),
});

export const channelRoutes: readonly Route[] = [
  route('GET', '/channels/:channel', ({ world, param }) => {
    const channel = foundChannel(world, param('channel'));
    demand(world, channel);
    return ok(channelPayload(world, channel));
  }),
  route('PATCH', '/channels/:channel', change),
  route('DELETE', '/channels/:channel', remove),
  route('POST', '/channels/:channel/typing', ({ world, param }) => {
    const channel = foundChannel(world, param('channel'));
    demand(world, channel);
    channel.typing.push(world.clock.now());
    world.changed();
    return nothing;
  }),
  route('POST', '/channels/:channel/messages/:message/threads', threadOfMessage),
  route('POST', '/channels/:channel/threads', threadWithoutMessage),
  route('GET', '/channels/:channel/thread-members', ({ world, param }) => ok(membersOf(thread(world, param)))),
  route('PUT', '/channels/:channel/thread-members/:user', (call) => member(call, 'add')),
  route('DELETE', '/channels/:channel/thread-members/:user', (call) => member(call, 'delete')),
  route('GET', '/guilds/:guild/threads/active', ({ world }) => {
    const threads = [...world.channels.values()].filter(
      (channel) => isThread(channel) && !channel.archived && channel.deletedAt === undefined,
    );
    return ok({ threads: threads.map((channel) => channelPayload(world, channel)), members: [] });
  }),
  route('POST', '/users/@me/channels', ({ world, body }) => {
    const { recipient_id: id } = accepted(z.strictObject({ recipient_id: z.string() }), body);
    if (!world.users.has(id)) throw refusals.unknownUser();
    return ok(channelPayload(world, privateChannel(world, id)));
  }),
];

function threadOfMessage({ world, param, body }: Call): Answer {
  const parent = foundChannel(world, param('channel'));
  demand(world, parent, 'CreatePublicThreads');
  const message = foundMessage(parent, param('message'));
  if (message.thread) throw refusals.threadExists();
  if (isThread(parent) || parent.type === 1) throw invalid('channel', 'CHANNEL_TYPE', 'No thread can be made here.');
  const given = accepted(threadOfMessageSchema, body);
  const made = newThread(world, parent, given.name, 11, given.auto_archive_duration, message.id);
  attachThread(world, message, made);
  return created(channelPayload(world, made));
}

function threadWithoutMessage({ world, param, body }: Call): Answer {
  const parent = foundChannel(world, param('channel'));
  const given = accepted(threadWithoutMessageSchema, body);
  // Discord makes a private thread when no type is named.
  const type = given.type ?? 12;
  if (type !== 11 && type !== 12) throw invalid('type', 'BASE_TYPE_CHOICES', 'Value must be one of {11, 12}.');
  demand(world, parent, type === 11 ? 'CreatePublicThreads' : 'CreatePrivateThreads');
  if (isThread(parent) || parent.type === 1) throw invalid('channel', 'CHANNEL_TYPE', 'No thread can be made here.');
  const made = newThread(world, parent, given.name, type, given.auto_archive_duration);
  tellThread(world, made, 'THREAD_CREATE');
  if (type === 11) postMessage(world, { channel: parent, author: world.bot, content: given.name, type: 18 });
  return created(channelPayload(world, made));
}

function newThread(world: World, parent: Channel, title: string, type: 11 | 12, minutes = 4320, id?: string): Channel {
  const made = newChannel(world, title, type, {
    parent,
    ownerId: world.bot.id,
    autoArchiveMinutes: minutes,
    ...(id ? { id } : {}),
  });
  made.memberIds.add(world.bot.id);
  return made;
}

function change({ world, param, body }: Call): Answer {
  const channel = foundChannel(world, param('channel'));
  const given = accepted(patchSchema, body);
  if (isThread(channel)) {
    demand(world, channel);
    const own = channel.ownerId === world.bot.id && !channel.locked && given.locked === undefined;
    const reopens = given.archived === false && Object.keys(given).length === 1 && !channel.locked;
    if (!own && !reopens) demand(world, channel, 'ManageThreads');
    if (channel.archived && given.archived !== false && given.name !== undefined) throw refusals.archivedThread();
  } else {
    demand(world, channel, 'ManageChannels');
    if (given.archived !== undefined || given.locked !== undefined) {
      throw invalid('archived', 'UNKNOWN_FIELD', 'Only threads are archived.');
    }
  }
  channel.name = given.name ?? channel.name;
  channel.archived = given.archived ?? channel.archived;
  channel.locked = given.locked ?? channel.locked;
  channel.autoArchiveMinutes = given.auto_archive_duration ?? channel.autoArchiveMinutes;
  const data = channelPayload(world, channel);
  world.tell({ event: isThread(channel) ? 'THREAD_UPDATE' : 'CHANNEL_UPDATE', channel, data: () => data });
  return ok(data);
}

function remove({ world, param }: Call): Answer {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel, isThread(channel) ? 'ManageThreads' : 'ManageChannels');
  const data = channelPayload(world, channel);
  deleteChannel(world, channel);
  return ok(data);
}

/** Also what a person does to the bot's channels. */
export function deleteChannel(world: World, channel: Channel): void {
  const threads = [...world.channels.values()].filter(({ parent }) => parent === channel);
  for (const inside of threads) if (inside.deletedAt === undefined) deleteChannel(world, inside);
  const data = channelPayload(world, channel);
  if (isThread(channel)) tellThread(world, channel, 'THREAD_DELETE');
  else world.tell({ event: 'CHANNEL_DELETE', channel, data: () => data });
  channel.deletedAt = world.clock.now();
  world.changed();
}

function thread(world: World, param: Call['param']): Channel {
  const channel = foundChannel(world, param('channel'));
  demand(world, channel);
  if (!isThread(channel)) throw refusals.unknownChannel();
  return channel;
}

function member({ world, param }: Call, act: 'add' | 'delete'): Answer {
  const channel = thread(world, param);
  if (channel.archived) throw refusals.archivedThread();
  const id = param('user') === '@me' ? world.bot.id : param('user');
  if (!world.members.has(id)) throw refusals.unknownUser();
  if (act === 'delete' && id !== world.bot.id && !may(world, world.bot.id, channel, 'ManageThreads')) {
    throw refusals.missingPermissions();
  }
  channel.memberIds[act](id);
  world.changed();
  return nothing;
}

function membersOf(channel: Channel): object[] {
  const at = new Date(channel.createdAt).toISOString();
  return [...channel.memberIds].map((id) => ({ id: channel.id, user_id: id, join_timestamp: at, flags: 0 }));
}
