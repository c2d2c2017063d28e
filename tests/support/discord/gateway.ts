/** The gateway, version 10 with plain JSON. Discord developer docs: "Gateway" and "Opcodes and Status Codes". */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayIntentBits, GatewayOpcodes as Op } from 'discord-api-types/v10';
import { type WebSocket, WebSocketServer } from 'ws';
import { hears, refusalOfIntents } from './intents.ts';
import { guildPayload, memberPayload, userPayload } from './payloads.ts';
import { applicationFlags } from './rest/application.ts';
import type { News, World } from './world.ts';

export type GatewaySession = {
  readonly id: string;
  readonly intents: number;
  /** Everything that was sent, for who resumes. */
  readonly sent: { readonly s: number; readonly t: string; readonly d: unknown }[];
  socket: WebSocket | undefined;
  resumes: number;
};

export type Gateway = {
  readonly sessions: ReadonlyMap<string, GatewaySession>;
  /** Codes with which this side closed sockets, oldest first. */
  readonly closures: readonly number[];
  /** Sockets are cut without a word; sessions stay and can be resumed. */
  readonly drop: () => void;
  /** Sessions end: INVALID_SESSION to the living, and nothing to resume. */
  readonly invalidate: () => void;
  /** Asks all to reconnect and resume. */
  readonly askToReconnect: () => void;
  readonly close: () => void;
};

type Frame = { readonly op: number; readonly d?: unknown };

export function openGateway(server: Server, world: World, heartbeatMs: number): Gateway {
  const sessions = new Map<string, GatewaySession>();
  const closures: number[] = [];
  const sockets = new WebSocketServer({ noServer: true });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    sockets.handleUpgrade(request, stream, head, (socket) => welcome(socket, request));
  });
  world.onNews((news) => {
    for (const session of sessions.values()) tell(session, news);
  });

  function refuse(socket: WebSocket, code: number, reason: string): void {
    closures.push(code);
    socket.close(code, reason);
    world.changed();
  }

  function welcome(socket: WebSocket, request: IncomingMessage): void {
    const query = new URL(request.url ?? '/', world.baseUrl).searchParams;
    if (query.get('v') !== '10' || query.get('encoding') !== 'json' || query.has('compress')) {
      refuse(socket, 4012, 'Invalid API version, or an encoding that the stand-in does not speak');
      return;
    }
    let session: GatewaySession | undefined;
    send(socket, { op: Op.Hello, d: { heartbeat_interval: heartbeatMs } });
    socket.on('message', (data) => {
      const frame = frameOf(String(data));
      if (!frame) return refuse(socket, 4002, 'Decode error');
      switch (frame.op) {
        case Op.Heartbeat:
          return send(socket, { op: Op.HeartbeatAck });
        case Op.Identify:
          if (session) return refuse(socket, 4005, 'Already authenticated');
          session = identify(socket, frame.d);
          return;
        case Op.Resume:
          session = resume(socket, frame.d);
          return;
        case Op.PresenceUpdate:
        case Op.VoiceStateUpdate:
          return session ? undefined : refuse(socket, 4003, 'Not authenticated');
        case Op.RequestGuildMembers:
          return session ? members(session, frame.d) : refuse(socket, 4003, 'Not authenticated');
        default:
          return refuse(socket, 4001, 'Unknown opcode');
      }
    });
    socket.on('close', (code) => {
      if (!session || session.socket !== socket) return;
      session.socket = undefined;
      // Who leaves with these codes says that the session is over.
      if (code === 1000 || code === 1001) sessions.delete(session.id);
      world.changed();
    });
    // A cut socket is what some tests are about; its end is seen by "close".
    socket.on('error', () => socket.terminate());
  }

  function identify(socket: WebSocket, data: unknown): GatewaySession | undefined {
    const { token, intents } = (data ?? {}) as { token?: unknown; intents?: unknown };
    if (token !== world.token) {
      refuse(socket, 4004, 'Authentication failed');
      return undefined;
    }
    const refusal = refusalOfIntents(world, intents);
    if (refusal !== undefined || typeof intents !== 'number') {
      refuse(socket, refusal ?? 4013, refusal === 4014 ? 'Disallowed intent(s).' : 'Invalid intent(s).');
      return undefined;
    }
    const session: GatewaySession = { id: randomBytes(16).toString('hex'), intents, sent: [], socket, resumes: 0 };
    sessions.set(session.id, session);
    dispatch(session, 'READY', {
      v: 10,
      user: { ...userPayload(world.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: [{ id: world.guild.id, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: `${world.baseUrl.replace('http', 'ws')}/resume`,
      application: { id: world.application.id, flags: applicationFlags(world) },
      shard: [0, 1],
    });
    if (intents & GatewayIntentBits.Guilds) dispatch(session, 'GUILD_CREATE', guildPayload(world));
    world.changed();
    return session;
  }

  function resume(socket: WebSocket, data: unknown): GatewaySession | undefined {
    const { token, session_id, seq } = (data ?? {}) as { token?: unknown; session_id?: unknown; seq?: unknown };
    const session = typeof session_id === 'string' ? sessions.get(session_id) : undefined;
    if (token !== world.token) refuse(socket, 4004, 'Authentication failed');
    else if (!session) send(socket, { op: Op.InvalidSession, d: false });
    else if (typeof seq !== 'number' || seq > session.sent.length) refuse(socket, 4007, 'Invalid seq');
    else {
      session.socket = socket;
      session.resumes += 1;
      for (const event of session.sent.slice(seq)) send(socket, { op: Op.Dispatch, ...event });
      dispatch(session, 'RESUMED', {});
      world.changed();
      return session;
    }
    return undefined;
  }

  function tell(session: GatewaySession, news: News): void {
    if (!hears(world, session.intents, news)) return;
    dispatch(session, news.event, news.data({ content: (session.intents & GatewayIntentBits.MessageContent) !== 0 }));
  }

  function members(session: GatewaySession, data: unknown): void {
    const {
      user_ids = [],
      nonce,
      query,
    } = (data ?? {}) as { user_ids?: string | string[]; nonce?: string; query?: string };
    const all = session.intents & GatewayIntentBits.GuildMembers && query === '';
    const ids = [user_ids].flat();
    const found = [...world.members.values()].filter(
      ({ user }) => all || ids.includes(user.id) || (query && user.username.startsWith(query)),
    );
    const chunk = {
      guild_id: world.guild.id,
      chunk_index: 0,
      chunk_count: 1,
      not_found: [],
      ...(nonce ? { nonce } : {}),
    };
    dispatch(session, 'GUILD_MEMBERS_CHUNK', { ...chunk, members: found.map(memberPayload) });
  }

  function cut(): void {
    for (const socket of sockets.clients) socket.terminate();
  }

  return {
    sessions,
    closures,
    drop: cut,
    invalidate: () => {
      const living = [...sessions.values()];
      sessions.clear();
      for (const { socket } of living) if (socket) send(socket, { op: Op.InvalidSession, d: false });
      world.changed();
    },
    askToReconnect: () => {
      for (const { socket } of sessions.values()) if (socket) send(socket, { op: Op.Reconnect, d: null });
    },
    close: () => {
      cut();
      sockets.close();
    },
  };
}

function dispatch(session: GatewaySession, t: string, d: unknown): void {
  const event = { s: session.sent.length + 1, t, d };
  session.sent.push(event);
  if (session.socket) send(session.socket, { op: Op.Dispatch, ...event });
}

function send(socket: WebSocket, frame: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}

function frameOf(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && 'op' in frame ? (frame as Frame) : undefined;
  } catch {
    // The gateway closes on what is not JSON; the caller does that.
    return undefined;
  }
}
