/**
 * What exists in the stand-in Discord: one guild, its channels, members, roles, messages and threads, and the private
 * channels. Discord developer docs: "Resources". Everything that changes tells `news` (the gateway) and the waiting tests.
 */
import { randomBytes } from 'node:crypto';
import type {
  APIApplicationCommand,
  APIEmbed,
  APIMessageTopLevelComponent,
  ChannelType,
  GatewayDispatchEvents,
} from 'discord-api-types/v10';
import { type Clock, snowflakes } from './clock.ts';

export type User = { readonly id: string; readonly username: string; readonly bot: boolean };
export type Role = { readonly id: string; name: string; permissions: bigint; readonly position: number };
export type Member = { readonly user: User; roleIds: string[]; readonly joinedAt: number };

/** Of a role or a member in one channel. */
export type Overwrite = { readonly id: string; readonly type: 0 | 1; allow: bigint; deny: bigint };

export type Attachment = {
  readonly id: string;
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly description?: string;
  readonly url: string;
};

/** One state of a message: what a person saw from `at` on. */
export type MessageState = {
  readonly at: number;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly string[];
};

/** Whom a message really notified, after `allowed_mentions`. */
export type Pings = {
  readonly everyone: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
};

export type Message = {
  readonly id: string;
  readonly channel: Channel;
  /** For a webhook: its id, and the name that it gave for this message. */
  readonly author: User;
  readonly webhookId?: string;
  /** 0 a plain message, 18 "started a thread", 19 a reply, 20 the answer to a command. */
  readonly type: number;
  readonly createdAt: number;
  readonly nonce?: string | number;
  readonly replyTo?: string;
  /** Only this person sees it. */
  readonly ephemeralFor?: string;
  readonly interactionId?: string;
  content: string;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  attachments: Attachment[];
  /** Emoji -> ids of users, in the order in which they were added. */
  readonly reactions: Map<string, Set<string>>;
  flags: number;
  editedAt?: number;
  deletedAt?: number;
  thread?: Channel;
  pings: Pings;
  /** From the first state to the present one. */
  readonly history: MessageState[];
};

export type Channel = {
  readonly id: string;
  name: string;
  readonly type: ChannelType;
  readonly overwrites: Overwrite[];
  readonly parent?: Channel;
  readonly ownerId?: string;
  readonly createdAt: number;
  /** The two of a private channel, or the members of a thread. */
  readonly memberIds: Set<string>;
  archived: boolean;
  locked: boolean;
  autoArchiveMinutes: number;
  deletedAt?: number;
  /** What is there now, oldest first; ephemeral ones are in `ephemerals`. */
  readonly messages: Message[];
  readonly ephemerals: Message[];
  readonly deletedMessages: Message[];
  /** Times at which somebody was shown as typing. */
  readonly typing: number[];
};

export type Webhook = {
  readonly id: string;
  readonly token: string;
  readonly channel: Channel;
  readonly ownerId: string;
  name: string;
};

/** An event for the gateway; `data` depends on whether the session may read content. */
export type News = {
  readonly event: GatewayDispatchEvents | `${GatewayDispatchEvents}`;
  readonly channel?: Channel;
  readonly data: (view: { readonly content: boolean }) => unknown;
};

export type World = {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly token: string;
  readonly bot: User;
  readonly application: {
    readonly id: string;
    messageContent: boolean;
    guildMembers: boolean;
    presences: boolean;
  };
  readonly guild: { readonly id: string; readonly name: string; readonly ownerId: string };
  readonly users: Map<string, User>;
  readonly members: Map<string, Member>;
  readonly roles: Map<string, Role>;
  /** Threads, private channels and deleted ones too. */
  readonly channels: Map<string, Channel>;
  readonly webhooks: Map<string, Webhook>;
  readonly commands: { global: APIApplicationCommand[]; guild: APIApplicationCommand[] };
  /** Where attachments are downloaded: the address of the stand-in. */
  baseUrl: string;
  readonly tell: (news: News) => void;
  readonly onNews: (listener: (news: News) => void) => void;
  readonly changed: () => void;
  /** The answer removes the listener. */
  readonly onChange: (listener: () => void) => () => void;
};

export type WorldOptions = {
  readonly botName?: string;
  readonly token?: string;
  /** Privileged intents as switched in the developer portal. */
  readonly messageContent?: boolean;
  readonly guildMembers?: boolean;
  readonly presences?: boolean;
};

export function emptyWorld(clock: Clock, options: WorldOptions): World {
  const newId = snowflakes(clock.now);
  const bot: User = { id: newId(), username: options.botName ?? 'Spiral', bot: true };
  const listeners = new Set<() => void>();
  const newsListeners = new Set<(news: News) => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    clock,
    newId,
    bot,
    token:
      options.token ??
      `${Buffer.from(bot.id).toString('base64url')}.${randomBytes(4).toString('base64url')}.${randomBytes(27).toString('base64url')}`,
    application: {
      id: bot.id,
      messageContent: options.messageContent ?? true,
      guildMembers: options.guildMembers ?? false,
      presences: options.presences ?? false,
    },
    guild: { id: newId(), name: 'Workshop', ownerId: newId() },
    users: new Map([[bot.id, bot]]),
    members: new Map(),
    roles: new Map(),
    channels: new Map(),
    webhooks: new Map(),
    commands: { global: [], guild: [] },
    baseUrl: '',
    changed,
    tell: (news) => {
      for (const listener of newsListeners) listener(news);
      changed();
    },
    onNews: (listener) => newsListeners.add(listener),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function newChannel(
  world: World,
  name: string,
  type: ChannelType,
  more: Partial<Pick<Channel, 'overwrites' | 'parent' | 'ownerId' | 'autoArchiveMinutes'>> & { id?: string } = {},
): Channel {
  const channel: Channel = {
    id: more.id ?? world.newId(),
    name,
    type,
    overwrites: more.overwrites ?? [],
    ...(more.parent ? { parent: more.parent } : {}),
    ...(more.ownerId ? { ownerId: more.ownerId } : {}),
    createdAt: world.clock.now(),
    memberIds: new Set(),
    archived: false,
    locked: false,
    autoArchiveMinutes: more.autoArchiveMinutes ?? 4320,
    messages: [],
    ephemerals: [],
    deletedMessages: [],
    typing: [],
  };
  world.channels.set(channel.id, channel);
  return channel;
}

export function isThread(channel: Channel): boolean {
  return channel.parent !== undefined;
}

/** The private channel of a user with the bot; made when first needed. */
export function privateChannel(world: World, userId: string): Channel {
  const known = [...world.channels.values()].find(({ type, memberIds }) => type === 1 && memberIds.has(userId));
  if (known) return known;
  const channel = newChannel(world, '', 1);
  channel.memberIds.add(userId).add(world.bot.id);
  return channel;
}
