/** What happens to messages, whoever does it: the bot, a webhook or a person. Discord developer docs: "Resources: Message". */
import type { APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import { type AllowedMentions, pingsOf } from './mentions.ts';
import type { UploadedFile } from './message-body.ts';
import { channelPayload, memberPayload, messageNews } from './payloads.ts';
import { refusals } from './refusal.ts';
import { type Attachment, type Channel, isThread, type Message, type User, type World } from './world.ts';

const hasThread = 32;
export const ephemeral = 64;
export const loading = 128;

export type Draft = {
  readonly channel: Channel;
  readonly author: User;
  readonly content?: string | undefined;
  readonly embeds?: APIEmbed[] | undefined;
  readonly components?: APIMessageTopLevelComponent[] | undefined;
  readonly files?: readonly (UploadedFile & { readonly description?: string })[];
  readonly allowedMentions?: AllowedMentions | undefined;
  readonly flags?: number;
  readonly type?: number;
  readonly nonce?: string | number | undefined;
  readonly replyTo?: Message | undefined;
  readonly webhookId?: string;
  readonly ephemeralFor?: string | undefined;
  readonly interactionId?: string;
};

export function postMessage(world: World, draft: Draft): Message {
  const { channel, author, content = '', replyTo } = draft;
  if (channel.archived) {
    channel.archived = false;
    tellThread(world, channel, 'THREAD_UPDATE');
  }
  const id = world.newId();
  const message: Message = {
    id,
    channel,
    author,
    type: draft.type ?? (replyTo ? 19 : 0),
    createdAt: world.clock.now(),
    content,
    embeds: draft.embeds ?? [],
    components: draft.components ?? [],
    attachments: (draft.files ?? []).map((file) => attachmentOf(world, channel, file)),
    reactions: new Map(),
    flags: (draft.flags ?? 0) | (draft.ephemeralFor ? ephemeral : 0),
    pings: draft.ephemeralFor
      ? { everyone: false, users: [], roles: [] }
      : pingsOf(world, content, draft.allowedMentions, replyTo?.author.id),
    history: [],
    ...(draft.nonce === undefined ? {} : { nonce: draft.nonce }),
    ...(replyTo ? { replyTo: replyTo.id } : {}),
    ...(draft.webhookId ? { webhookId: draft.webhookId } : {}),
    ...(draft.ephemeralFor ? { ephemeralFor: draft.ephemeralFor } : {}),
    ...(draft.interactionId ? { interactionId: draft.interactionId } : {}),
  };
  remember(world, message);
  if (isThread(channel)) channel.memberIds.add(author.id);
  (message.ephemeralFor ? channel.ephemerals : channel.messages).push(message);
  tellMessage(world, message, 'MESSAGE_CREATE');
  return message;
}

export type Change = {
  readonly content?: string | undefined;
  readonly embeds?: APIEmbed[] | undefined;
  readonly components?: APIMessageTopLevelComponent[] | undefined;
  readonly files?: readonly (UploadedFile & { readonly description?: string })[];
  readonly kept?: readonly string[] | undefined;
  readonly allowedMentions?: AllowedMentions | undefined;
};

/** Replaces what is named and leaves the rest; nothing changes when the result would be empty. */
export function editMessage(world: World, message: Message, change: Change): void {
  const files = (change.files ?? []).map((file) => attachmentOf(world, message.channel, file));
  const staying = message.attachments.filter(({ id }) => change.kept === undefined || change.kept.includes(id));
  const next = {
    content: change.content ?? message.content,
    embeds: change.embeds ?? message.embeds,
    components: change.components ?? message.components,
    attachments: [...staying, ...files],
  };
  if (!next.content && !next.embeds.length && !next.components.length && !next.attachments.length) {
    throw refusals.emptyMessage();
  }
  Object.assign(message, next, { editedAt: world.clock.now(), flags: message.flags & ~loading });
  remember(world, message);
  tellMessage(world, message, 'MESSAGE_UPDATE');
}

export function deleteMessage(world: World, message: Message): void {
  const { channel } = message;
  const list = message.ephemeralFor ? channel.ephemerals : channel.messages;
  const place = list.indexOf(message);
  if (place < 0) return;
  list.splice(place, 1);
  channel.deletedMessages.push(message);
  message.deletedAt = world.clock.now();
  if (message.ephemeralFor) {
    world.changed();
    return;
  }
  const data = { id: message.id, channel_id: channel.id, ...guildOf(world, channel) };
  world.tell({ event: 'MESSAGE_DELETE', channel, data: () => data });
}

export function addReaction(world: World, message: Message, user: User, emoji: string): void {
  const users = message.reactions.get(emoji) ?? new Set();
  if (users.has(user.id)) return;
  message.reactions.set(emoji, users.add(user.id));
  const member = world.members.get(user.id);
  const data = {
    ...reactionData(world, message, user, emoji),
    ...(member && message.channel.type !== 1 ? { member: memberPayload(member) } : {}),
    message_author_id: message.author.id,
  };
  world.tell({ event: 'MESSAGE_REACTION_ADD', channel: message.channel, data: () => data });
}

export function removeReaction(world: World, message: Message, user: User, emoji: string): void {
  const users = message.reactions.get(emoji);
  if (!users?.delete(user.id)) return;
  if (users.size === 0) message.reactions.delete(emoji);
  const data = reactionData(world, message, user, emoji);
  world.tell({ event: 'MESSAGE_REACTION_REMOVE', channel: message.channel, data: () => data });
}

function reactionData(world: World, message: Message, user: User, emoji: string): object {
  const { channel, id } = message;
  return {
    user_id: user.id,
    channel_id: channel.id,
    message_id: id,
    emoji: { id: null, name: emoji },
    burst: false,
    type: 0,
    ...guildOf(world, channel),
  };
}

export function attachThread(world: World, message: Message, thread: Channel): void {
  message.thread = thread;
  message.flags |= hasThread;
  tellThread(world, thread, 'THREAD_CREATE');
  tellMessage(world, message, 'MESSAGE_UPDATE');
}

export function tellThread(
  world: World,
  thread: Channel,
  event: 'THREAD_CREATE' | 'THREAD_UPDATE' | 'THREAD_DELETE',
): void {
  const data =
    event === 'THREAD_DELETE'
      ? { id: thread.id, guild_id: world.guild.id, parent_id: thread.parent?.id, type: thread.type }
      : { ...channelPayload(world, thread), ...(event === 'THREAD_CREATE' ? { newly_created: true } : {}) };
  world.tell({ event, channel: thread, data: () => data });
}

function tellMessage(world: World, message: Message, event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE'): void {
  if (message.ephemeralFor) {
    world.changed();
    return;
  }
  // Taken now: the message may have changed again when a session asks for it.
  const views = {
    true: messageNews(world, message, { content: true }),
    false: messageNews(world, message, { content: false }),
  };
  world.tell({ event, channel: message.channel, data: ({ content }) => views[`${content}`] });
}

function remember(world: World, message: Message): void {
  const { content, embeds, components, attachments } = message;
  message.history.push({
    at: world.clock.now(),
    content,
    embeds,
    components,
    attachments: attachments.map(({ filename }) => filename),
  });
}

function attachmentOf(
  world: World,
  channel: Channel,
  { filename, contentType, content, description }: UploadedFile & { readonly description?: string },
): Attachment {
  const id = world.newId();
  // Discord keeps these characters of a file's name and makes underscores of the others.
  const safe = filename.replace(/^.*[/\\]/, '').replace(/[^\w.-]/g, '_') || 'unknown';
  const url = `${world.baseUrl}/attachments/${channel.id}/${id}/${safe}`;
  return { id, filename: safe, contentType, content, url, ...(description ? { description } : {}) };
}

function guildOf(world: World, channel: Channel): { guild_id?: string } {
  return channel.type === 1 ? {} : { guild_id: world.guild.id };
}

export function foundChannel(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel || channel.deletedAt !== undefined) throw refusals.unknownChannel(channel !== undefined);
  return channel;
}

export function foundMessage(channel: Channel, id: string): Message {
  const message = channel.messages.find((candidate) => candidate.id === id);
  if (!message) throw refusals.unknownMessage(channel.deletedMessages.some((candidate) => candidate.id === id));
  return message;
}
