/** The nouns of the world as Discord writes them on the wire. Discord developer docs: "Resources". */
import type { APIAttachment, APIGuildMember, APIMessage, APIRole, APIUser } from 'discord-api-types/v10';
import { mentionedIn } from './mentions.ts';
import { permissionsOf } from './permissions.ts';
import {
  type Attachment,
  type Channel,
  isThread,
  type Member,
  type Message,
  type Role,
  type User,
  type World,
} from './world.ts';

const noFlags = 0 as never;

export function userPayload({ id, username, bot }: User): APIUser {
  return {
    id,
    username,
    discriminator: bot ? '0001' : '0',
    global_name: bot ? null : username,
    avatar: null,
    ...(bot ? { bot: true } : {}),
  };
}

export function memberPayload({ user, roleIds, joinedAt }: Member): APIGuildMember {
  return { user: userPayload(user), ...memberWithoutUser(roleIds, joinedAt) };
}

function memberWithoutUser(roleIds: readonly string[], joinedAt: number): Omit<APIGuildMember, 'user'> {
  const joined = new Date(joinedAt).toISOString();
  return { nick: null, avatar: null, roles: [...roleIds], joined_at: joined, deaf: false, mute: false, flags: noFlags };
}

export function rolePayload({ id, name, permissions, position }: Role): APIRole {
  return {
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: true,
    flags: noFlags,
  };
}

export function channelPayload(world: World, channel: Channel): object {
  const last = channel.messages.at(-1)?.id ?? null;
  if (channel.type === 1) {
    const others = [...channel.memberIds].filter((id) => id !== world.bot.id);
    const recipients = others.flatMap((id) => world.users.get(id) ?? []).map(userPayload);
    return { id: channel.id, type: 1, last_message_id: last, recipients, flags: 0 };
  }
  const shared = { id: channel.id, type: channel.type, name: channel.name, guild_id: world.guild.id, flags: 0 };
  if (isThread(channel)) {
    const at = new Date(channel.createdAt).toISOString();
    const member = channel.memberIds.has(world.bot.id)
      ? { member: { id: channel.id, user_id: world.bot.id, join_timestamp: at, flags: 0 } }
      : {};
    return {
      ...shared,
      ...member,
      parent_id: channel.parent?.id,
      owner_id: channel.ownerId,
      last_message_id: last,
      message_count: channel.messages.length,
      total_message_sent: channel.messages.length + channel.deletedMessages.length,
      member_count: channel.memberIds.size,
      rate_limit_per_user: 0,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: channel.autoArchiveMinutes,
        archive_timestamp: at,
        create_timestamp: at,
      },
    };
  }
  return {
    ...shared,
    position: 0,
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    last_message_id: last,
    permission_overwrites: channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
  };
}

function attachmentPayload({ id, filename, contentType, content, description, url }: Attachment): APIAttachment {
  return {
    id,
    filename,
    size: content.length,
    url,
    proxy_url: url,
    content_type: contentType,
    ...(description ? { description } : {}),
  };
}

export function messagePayload(world: World, message: Message, depth = 0): APIMessage {
  const { channel, author } = message;
  const mentioned = mentionedIn(world, message.content);
  const users = [...new Set([...mentioned.users, ...message.pings.users])].flatMap((id) => world.users.get(id) ?? []);
  const repliedTo = depth === 0 ? channel.messages.find(({ id }) => id === message.replyTo) : undefined;
  return {
    id: message.id,
    type: message.type,
    channel_id: channel.id,
    author: userPayload(author),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt ? new Date(message.editedAt).toISOString() : null,
    tts: false,
    pinned: false,
    mention_everyone: message.pings.everyone,
    mentions: users.map(userPayload),
    mention_roles: mentioned.roles,
    attachments: message.attachments.map(attachmentPayload),
    embeds: message.embeds,
    components: message.components,
    flags: message.flags,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(message.webhookId ? { webhook_id: message.webhookId } : {}),
    ...(message.interactionId || message.webhookId === world.application.id
      ? { application_id: world.application.id }
      : {}),
    ...(message.reactions.size ? { reactions: reactionsOf(world, message) } : {}),
    ...(message.thread ? { thread: channelPayload(world, message.thread) } : {}),
    ...(message.replyTo
      ? {
          message_reference: { type: 0, message_id: message.replyTo, channel_id: channel.id },
          referenced_message: repliedTo ? messagePayload(world, repliedTo, depth + 1) : null,
        }
      : {}),
  } as APIMessage;
}

/** As the gateway sends it: with the guild, and without its substance for a session that may not read content. */
export function messageNews(world: World, message: Message, view: { readonly content: boolean }): object {
  const payload = messagePayload(world, message);
  const { channel, author } = message;
  const member = message.webhookId ? undefined : world.members.get(author.id);
  const placed = {
    ...payload,
    channel_type: channel.type,
    ...(channel.type === 1 ? {} : { guild_id: world.guild.id }),
    ...(member && channel.type !== 1 ? { member: memberWithoutUser(member.roleIds, member.joinedAt) } : {}),
  };
  const readable =
    view.content ||
    channel.type === 1 ||
    author.id === world.bot.id ||
    payload.mentions.some(({ id }) => id === world.bot.id);
  return readable ? placed : { ...placed, content: '', embeds: [], attachments: [], components: [] };
}

function reactionsOf(world: World, { reactions }: Message): object[] {
  return [...reactions].map(([emoji, users]) => ({
    emoji: { id: null, name: emoji },
    count: users.size,
    count_details: { burst: 0, normal: users.size },
    me: users.has(world.bot.id),
    me_burst: false,
    burst_colors: [],
  }));
}

export function guildPayload(world: World): object {
  const channels = [...world.channels.values()].filter(({ deletedAt, type }) => deletedAt === undefined && type !== 1);
  const visible = channels.filter((channel) => !isThread(channel) || permissionsOf(world, world.bot.id, channel) > 0n);
  const { id, name, ownerId } = world.guild;
  const own = world.members.get(world.bot.id);
  return {
    id,
    name,
    owner_id: ownerId,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    afk_channel_id: null,
    afk_timeout: 300,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    features: [],
    emojis: [],
    stickers: [],
    roles: [...world.roles.values()].map(rolePayload),
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: 'en-US',
    joined_at: new Date(own?.joinedAt ?? 0).toISOString(),
    large: false,
    unavailable: false,
    member_count: world.members.size,
    members: own ? [memberPayload(own)] : [],
    channels: visible.filter((channel) => !isThread(channel)).map((channel) => channelPayload(world, channel)),
    threads: visible
      .filter((channel) => isThread(channel) && !channel.archived)
      .map((thread) => channelPayload(world, thread)),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
