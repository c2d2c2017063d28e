/** The bot itself, its guild and its commands. Discord developer docs: "Resources: Application, User, Guild", "Application Commands". */
import { z } from 'zod';
import { acceptedCommands } from '../command-body.ts';
import { channelPayload, guildPayload, memberPayload, rolePayload, userPayload } from '../payloads.ts';
import { accepted, refusals } from '../refusal.ts';
import { isThread, type World } from '../world.ts';
import { type Call, ok, type Route, route } from './route.ts';

const commandsOfAll = '/applications/:application/commands';
const commandsOfGuild = '/applications/:application/guilds/:guild/commands';

export const applicationRoutes: readonly Route[] = [
  route('GET', '/gateway/bot', ({ world }) =>
    ok({
      url: `${world.baseUrl.replace('http', 'ws')}/gateway`,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 },
    }),
  ),
  route('GET', '/users/@me', ({ world }) =>
    ok({ ...userPayload(world.bot), mfa_enabled: false, verified: true, email: null, flags: 0, locale: 'en-US' }),
  ),
  route('GET', '/users/@me/guilds', ({ world }) =>
    ok([{ id: world.guild.id, name: world.guild.name, icon: null, owner: false, permissions: '0', features: [] }]),
  ),
  route('GET', '/users/:user', ({ world, param }) => {
    const user = world.users.get(param('user'));
    if (!user) throw refusals.unknownUser();
    return ok(userPayload(user));
  }),
  route('GET', '/applications/@me', ({ world }) => ok(applicationPayload(world))),
  route('GET', '/oauth2/applications/@me', ({ world }) => ok(applicationPayload(world))),
  route('GET', '/guilds/:guild', (call) => ok(guildPayload(ofGuild(call)))),
  route('GET', '/guilds/:guild/channels', (call) => {
    const channels = [...ofGuild(call).channels.values()].filter(
      (channel) => channel.deletedAt === undefined && channel.type !== 1 && !isThread(channel),
    );
    return ok(channels.map((channel) => channelPayload(call.world, channel)));
  }),
  route('GET', '/guilds/:guild/roles', (call) => ok([...ofGuild(call).roles.values()].map(rolePayload))),
  route('GET', '/guilds/:guild/members', (call) => {
    const { members, application } = ofGuild(call);
    if (!application.guildMembers) throw refusals.missingAccess();
    return ok([...members.values()].map(memberPayload));
  }),
  route('GET', '/guilds/:guild/members/:user', (call) => {
    const member = ofGuild(call).members.get(call.param('user'));
    if (!member) throw refusals.unknownMember();
    return ok(memberPayload(member));
  }),
  route('GET', commandsOfAll, ({ world }) => ok(world.commands.global)),
  route('GET', commandsOfGuild, ({ world }) => ok(world.commands.guild)),
  route('PUT', commandsOfAll, (call) => {
    ofApplication(call).commands.global = acceptedCommands(call.world, call.body, undefined);
    call.world.changed();
    return ok(call.world.commands.global);
  }),
  route('PUT', commandsOfGuild, (call) => {
    ofGuild(call);
    ofApplication(call).commands.guild = acceptedCommands(call.world, call.body, call.world.guild.id);
    call.world.changed();
    return ok(call.world.commands.guild);
  }),
  route('PATCH', '/users/@me', ({ world, body }) => {
    accepted(z.strictObject({ avatar: z.string().nullish() }), body);
    return ok(userPayload(world.bot));
  }),
];

function ofGuild({ world, param }: Call): World {
  if (param('guild') !== world.guild.id) throw refusals.unknownGuild();
  return world;
}

function ofApplication({ world, param }: Call): World {
  if (param('application') !== world.application.id) throw refusals.missingAccess();
  return world;
}

/** Bits of privileged intents for a bot in fewer than 100 guilds ("Resources: Application Flags"). */
export function applicationFlags({ application }: World): number {
  return (
    (application.presences ? 1 << 13 : 0) |
    (application.guildMembers ? 1 << 15 : 0) |
    (application.messageContent ? 1 << 19 : 0)
  );
}

function applicationPayload(world: World): object {
  const { id } = world.application;
  return {
    id,
    name: world.bot.username,
    icon: null,
    description: '',
    summary: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: applicationFlags(world),
    bot: userPayload(world.bot),
    owner: userPayload({ id: world.guild.ownerId, username: 'owner', bot: false }),
    team: null,
    approximate_guild_count: 1,
    tags: [],
  };
}
