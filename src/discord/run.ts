import { setInterval } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, Events } from 'discord.js';
import { counted } from '../domain/amounts.ts';
import type { DiscordSettings, DiscordSurface } from '../spiral/surface.ts';
import type { Spiral } from '../spiral.ts';
import { channelNamed, parentOf } from './client/channels.ts';
import { connect, problemOfClose } from './client/connect.ts';
import { registerCommands } from './client/register-commands.ts';
import { restWire } from './client/rest-wire.ts';
import { follow } from './follow/follow.ts';
import { homesOf } from './follow/homes.ts';
import { forgetOldRecords } from './follow/old-records.ts';
import { placesOf } from './follow/places.ts';
import { askedIn } from './follow/questions.ts';
import { listen } from './listen/listen.ts';
import { reasonOf } from './outbox/failure.ts';
import { openOutbox } from './outbox/outbox.ts';
import { postsOf } from './outbox/posts.ts';

const remindEveryMs = 60_000;
const againAfterMs = 5_000;

/** Connects, listens and tells until the signal aborts; after an error of ours it begins anew, from what is saved. */
export const run: DiscordSurface['run'] = async (spiral, settings, tell, signal) => {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const connected = await connect(settings, signal, tell);
    if (connected === undefined) return;
    if ('problem' in connected) {
      tell(`${connected.problem} ${connected.cure} Everything else goes on.`);
      return;
    }
    const { client } = connected;
    try {
      if (isFirst) {
        const servers = counted(client.guilds.cache.size, 'server');
        tell(`Discord: ${client.user.tag} is there, in ${servers}. ${whoMay(settings)}`);
      }
      if ((await live(client, spiral, settings, tell, signal)) === 'closed') return;
    } catch (error) {
      tell(`Discord had to be left for a moment: ${reasonOf(error)}`);
      await pause(againAfterMs, undefined, { signal }).catch(() => undefined); // Seen above.
    } finally {
      await client.destroy();
    }
  }
};

async function live(
  client: Client<true>,
  spiral: Spiral,
  settings: DiscordSettings,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<'closed' | 'ended'> {
  // Ended by the caller, or by Discord for good.
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) return 'ended';
  let isClosed = false;
  signal.addEventListener('abort', end, { once: true });
  client.on(Events.ShardDisconnect, ({ code }) => {
    const problem = problemOfClose(code);
    tell(problem ? `${problem.problem} ${problem.cure}` : `Discord closed the connection for good (${code}).`);
    isClosed = true;
    end();
  });

  const posts = postsOf(spiral);
  const outbox = openOutbox({
    wire: restWire(client.rest, { applicationId: client.application.id, botId: client.user.id }, (channelId) =>
      parentOf(client, channelId),
    ),
    posts,
    report: tell,
    now: Date.now,
  });
  const homes = homesOf(spiral);
  const places = placesOf(spiral, homes);
  const asked = askedIn({ spiral, records: spiral, outbox, now: Date.now });
  const { notificationChannel: wanted } = settings;
  const notificationChannel = async () => (wanted === undefined ? undefined : channelNamed(client, wanted));
  if (wanted !== undefined && (await notificationChannel()) === undefined) {
    tell(`Discord has no channel ${wanted} that the bot sees: name another one in discord.notification_channel.`);
  }
  const listening = await listen({
    client,
    spiral,
    settings,
    outbox,
    posts,
    homes,
    places,
    asked,
    records: spiral,
    tell,
    now: Date.now,
  });
  void listening.resume();
  forgetOldRecords({ records: spiral, spiral }, new Date()).catch((error: unknown) =>
    tell(`Old records were not forgotten: ${reasonOf(error)}`),
  );
  await registerCommands(client).catch((error: unknown) => tell(`Slash commands are not there: ${reasonOf(error)}`));
  const reminding =
    settings.remindAfterSeconds === 0
      ? undefined
      : setInterval(() => {
          asked
            .remind(settings.remindAfterSeconds)
            .catch((error: unknown) => tell(`Reminding failed: ${reasonOf(error)}`));
        }, remindEveryMs);
  try {
    await follow(
      {
        spiral,
        records: spiral,
        outbox,
        homes,
        places,
        asked,
        notificationChannel,
        settled: listening.settled,
        isOver: listening.taskIsOver,
        report: tell,
      },
      ending.signal,
    );
  } finally {
    clearInterval(reminding);
    await listening.close();
    await outbox.close();
    signal.removeEventListener('abort', end);
  }
  return isClosed ? 'closed' : 'ended';
}

function whoMay({ whitelist, roles, approvers }: DiscordSettings): string {
  if (whitelist.length + roles.length === 0) return 'discord.whitelist is empty: it answers nobody.';
  const people = [
    ...(whitelist.length > 0 ? [counted(whitelist.length, 'person', 'people')] : []),
    ...(roles.length > 0 ? [counted(roles.length, 'role')] : []),
  ].join(' and ');
  const who =
    approvers === undefined ? 'all of them decide' : `${counted(approvers.length, 'person', 'people')} of them decide`;
  return `It listens to ${people}; ${who}.`;
}
