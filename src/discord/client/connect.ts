import { Client, Events, GatewayIntentBits, Options, Partials } from 'discord.js';
import type { DiscordSettings } from '../../spiral/surface.ts';
import { reasonOf } from '../outbox/failure.ts';

/** A mistake of the set-up that no waiting mends. */
export type ConnectProblem = { readonly problem: string; readonly cure: string };

export type Connected = { readonly client: Client<true> };

/** For the login and the first news of the servers. */
const loginWithinMs = 30_000;
const firstRetryMs = 2_000;
const lastRetryMs = 60_000;
/** Per channel; more are fetched when they are needed. */
const keptMessages = 25;

/** Close codes of the gateway. */
const disallowedIntents = 4014;

const tokenProblem: ConnectProblem = {
  problem: 'Discord does not take the bot token.',
  cure: 'Copy it again: discord.com/developers, your application, Bot, Reset Token; then DISCORD_BOT_TOKEN or discord.bot_token.',
};

const intentProblem: ConnectProblem = {
  problem: 'The bot may not read messages: the Message Content intent is off.',
  cure: 'Switch it on: discord.com/developers, your application, Bot, Message Content Intent.',
};

/** A client that is not connected yet. */
function openClient({ apiBase }: Pick<DiscordSettings, 'apiBase'>): Client {
  return new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.MessageContent,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessages,
      GatewayIntentBits.DirectMessageReactions,
    ],
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    allowedMentions: { parse: [] },
    rest: {
      version: '10',
      timeout: 15_000,
      retries: 2,
      ...(apiBase === undefined ? {} : { api: `${apiBase}/api`, cdn: apiBase, mediaProxy: apiBase }),
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: keptMessages,
      PresenceManager: 0,
      ReactionUserManager: 0,
      GuildInviteManager: 0,
      GuildStickerManager: 0,
      GuildScheduledEventManager: 0,
      VoiceStateManager: 0,
    }),
  });
}

/**
 * Logs in. Discord that cannot be reached is tried again until the signal aborts; a mistake of the set-up is given back at once.
 * Undefined when it was aborted.
 */
export async function connect(
  settings: DiscordSettings,
  signal: AbortSignal,
  report: (problem: string) => void,
): Promise<Connected | ConnectProblem | undefined> {
  for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, lastRetryMs)) {
    const client = openClient(settings);
    client.on(Events.Error, (error) => report(`The connection to Discord has a problem: ${reasonOf(error)}`));
    try {
      await loggedIn(client, settings.token, signal);
      if (client.isReady()) return { client };
    } catch (error) {
      await client.destroy();
      const problem = problemOf(error);
      if (problem) return problem;
      if (signal.aborted) return undefined;
      if (retryMs === firstRetryMs) {
        report(`Discord cannot be reached (${reasonOf(error)}). It is tried again; everything else goes on.`);
      }
      await waited(retryMs, signal);
    }
  }
  return undefined;
}

function loggedIn(client: Client, token: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${loginWithinMs / 1000} s`)), loginWithinMs);
    const end = (deed: () => void) => () => {
      clearTimeout(timer);
      deed();
    };
    client.once(Events.ClientReady, end(resolve));
    client.once(Events.ShardDisconnect, ({ code }) => end(() => reject(new ClosedByDiscord(code)))());
    signal.addEventListener(
      'abort',
      end(() => reject(new Error('it was stopped'))),
      { once: true },
    );
    client.login(token).catch((error: unknown) => end(() => reject(error))());
  });
}

class ClosedByDiscord extends Error {
  override readonly name = 'ClosedByDiscord';
  readonly closeCode: number;

  constructor(closeCode: number) {
    super(`the connection was closed with ${closeCode}`);
    this.closeCode = closeCode;
  }
}

/** What a person has to mend; undefined for what may mend itself. */
export function problemOf(error: unknown): ConnectProblem | undefined {
  if (error instanceof ClosedByDiscord) return problemOfClose(error.closeCode);
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'TokenInvalid' || ('status' in error && error.status === 401)) return tokenProblem;
  if (code === 'DisallowedIntents' || /disallowed intent/i.test(error.message)) return intentProblem;
  return undefined;
}

/** @param code of a close of the gateway */
export function problemOfClose(code: number): ConnectProblem | undefined {
  if (code === 4004) return tokenProblem;
  return code === disallowedIntents || code === 4013 ? intentProblem : undefined;
}

function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
