/**
 * A strict stand-in Discord on 127.0.0.1 for the real discord.js: REST and gateway over real sockets. It refuses what
 * Discord refuses, with Discord's codes, and remembers every refusal. Rules: Discord developer docs, version 10.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, openClock } from './clock.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { type Interactions, openInteractions } from './interactions.ts';
import { deleteMessage } from './messages.ts';
import { channelPayload, memberPayload, rolePayload } from './payloads.ts';
import { bitsOf, ofEverybody, type Permission } from './permissions.ts';
import { type Person, personAt } from './person.ts';
import { type Limits, limitsOfDiscord, rateLimits } from './rate-limits.ts';
import { deleteChannel } from './rest/channels.ts';
import { openRest, type RequestRecord, type Violation } from './rest/rest.ts';
import { transcript, wholeTranscript } from './transcript.ts';
import { type Failure, openTroubles } from './troubles.ts';
import { type Until, untilIn } from './until.ts';
import {
  type Channel,
  emptyWorld,
  type Message,
  newChannel,
  type Role,
  type World,
  type WorldOptions,
} from './world.ts';

export type DiscordOptions = WorldOptions & {
  /** Replaces single limits, to shrink periods. */
  readonly limits?: Partial<Limits>;
  /** Discord gives 3 seconds. */
  readonly acknowledgeWithinMs?: number;
  readonly heartbeatMs?: number;
};

export type Discord = {
  /** For `discord.api_base`: discord.js gets `rest.api = apiBase + '/api'`. */
  readonly apiBase: string;
  readonly token: string;
  readonly botId: string;
  readonly guildId: string;
  readonly world: World;
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly interactions: Interactions;
  readonly requests: readonly RequestRecord[];
  /** What a correct bot would never have asked for: a good journey ends with none. */
  readonly violations: readonly Violation[];
  /** All refusals, also for want of a permission or because something was deleted. */
  readonly refused: readonly Violation[];
  readonly until: Until;
  /** By name: `general`, `tasks`, `closed` (the bot sees nothing there), `read-only`, or one that was added. */
  readonly channel: (name: string) => Channel;
  readonly addChannel: (name: string) => Channel;
  readonly addRole: (name: string, ...permissions: Permission[]) => Role;
  /** A member of the guild; the same name gives the same person. */
  readonly person: (name: string, more?: { id?: string; roles?: readonly Role[]; isBot?: boolean }) => Person;
  readonly transcript: (channel?: Channel) => string;
  /** Everywhere, or in one channel. */
  readonly revokePermission: (permission: Permission, channel?: Channel) => void;
  readonly grantPermission: (permission: Permission, channel?: Channel) => void;
  readonly deleteChannel: (channel: Channel) => void;
  readonly deleteMessage: (message: Message) => void;
  readonly dropGateways: () => void;
  readonly invalidateSessions: () => void;
  readonly askToReconnect: () => void;
  readonly fail: (failure: Failure) => void;
  /** Every answer comes this much later. */
  readonly slow: (milliseconds: number) => void;
  /** Connections are refused until `comeBack`, on the same port. */
  readonly goDown: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const clock = openClock();
  const world = emptyWorld(clock, options);
  furnish(world);
  const until = untilIn(world);
  const interactions = openInteractions(world, options.acknowledgeWithinMs ?? 3_000);
  const troubles = openTroubles();
  const rest = openRest(
    world,
    interactions,
    rateLimits({ ...limitsOfDiscord, ...options.limits }, clock.now),
    troubles,
  );
  const sockets = new Set<Socket>();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    rest.answer(request, response).catch((error: unknown) => {
      // A client that hangs up in the middle of its request is its own affair.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const gateway = openGateway(server, world, options.heartbeatMs ?? 41_250);
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  world.baseUrl = `http://127.0.0.1:${port}`;

  async function goDown(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const persons = new Map<string, Person>();
  return {
    apiBase: world.baseUrl,
    token: world.token,
    botId: world.bot.id,
    guildId: world.guild.id,
    world,
    clock,
    gateway,
    interactions,
    requests: rest.requests,
    violations: rest.violations,
    refused: rest.refused,
    until,
    channel: (name) => {
      const found = [...world.channels.values()].find((channel) => channel.name === name);
      if (!found) throw new Error(`The stand-in has no channel "${name}".`);
      return found;
    },
    addChannel: (name) => {
      const channel = newChannel(world, name, 0);
      const data = channelPayload(world, channel);
      world.tell({ event: 'CHANNEL_CREATE', channel, data: () => data });
      return channel;
    },
    addRole: (name, ...permissions) => addRole(world, name, bitsOf(...permissions)),
    person: (name, { id = world.newId(), roles = [], isBot = false } = {}) => {
      const known = persons.get(name);
      if (known) return known;
      const user = { id, username: name, bot: isBot };
      const member = { user, roleIds: roles.map((role) => role.id), joinedAt: clock.now() };
      world.users.set(id, user);
      world.members.set(id, member);
      world.tell({ event: 'GUILD_MEMBER_ADD', data: () => ({ ...memberPayload(member), guild_id: world.guild.id }) });
      const person = personAt(world, interactions, until, user);
      persons.set(name, person);
      return person;
    },
    transcript: (channel) => (channel ? transcript(channel) : wholeTranscript(world)),
    revokePermission: (permission, channel) => permit(world, permission, false, channel),
    grantPermission: (permission, channel) => permit(world, permission, true, channel),
    deleteChannel: (channel) => deleteChannel(world, channel),
    deleteMessage: (message) => deleteMessage(world, message),
    dropGateways: gateway.drop,
    invalidateSessions: gateway.invalidate,
    askToReconnect: gateway.askToReconnect,
    fail: troubles.add,
    slow: (milliseconds) => {
      troubles.slowMs = milliseconds;
    },
    goDown,
    comeBack: () => listen(port),
    close: async () => {
      gateway.close();
      await goDown();
      clock.close();
    },
  };
}

/** The bot has a role of its own; nobody sees anything special without one. */
function furnish(world: World): void {
  const { bot, guild, roles, members } = world;
  roles.set(guild.id, { id: guild.id, name: '@everyone', permissions: ofEverybody, position: 0 });
  const own = addRole(world, bot.username, bitsOf('ManageWebhooks'));
  members.set(bot.id, { user: bot, roleIds: [own.id], joinedAt: world.clock.now() });
  newChannel(world, 'general', 0);
  newChannel(world, 'tasks', 0);
  const deny = (permission: Permission) => ({ id: own.id, type: 0 as const, allow: 0n, deny: bitsOf(permission) });
  newChannel(world, 'closed', 0, { overwrites: [deny('ViewChannel')] });
  newChannel(world, 'read-only', 0, { overwrites: [deny('SendMessages')] });
}

function addRole(world: World, name: string, permissions: bigint): Role {
  const role = { id: world.newId(), name, permissions, position: world.roles.size };
  world.roles.set(role.id, role);
  const data = { guild_id: world.guild.id, role: rolePayload(role) };
  world.tell({ event: 'GUILD_ROLE_CREATE', data: () => data });
  return role;
}

/** In a channel by an overwrite for the bot itself; everywhere by its roles, that of everybody included. */
function permit(world: World, permission: Permission, granted: boolean, channel?: Channel): void {
  const bits = bitsOf(permission);
  const change = (from: bigint, add: boolean) => (add ? from | bits : from & ~bits);
  if (channel) {
    const place = channel.parent ?? channel;
    const known = place.overwrites.find(({ id }) => id === world.bot.id);
    const overwrite = known ?? { id: world.bot.id, type: 1, allow: 0n, deny: 0n };
    if (!known) place.overwrites.push(overwrite);
    overwrite.allow = change(overwrite.allow, granted);
    overwrite.deny = change(overwrite.deny, !granted);
    const data = channelPayload(world, place);
    world.tell({ event: 'CHANNEL_UPDATE', channel: place, data: () => data });
    return;
  }
  for (const id of [world.guild.id, ...(world.members.get(world.bot.id)?.roleIds ?? [])]) {
    const role = world.roles.get(id);
    if (!role) continue;
    role.permissions = change(role.permissions, granted);
    const data = { guild_id: world.guild.id, role: rolePayload(role) };
    world.tell({ event: 'GUILD_ROLE_UPDATE', data: () => data });
  }
}
