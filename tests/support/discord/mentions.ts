/** Whom a message notifies. Discord developer docs: "Message: Allowed Mentions Object". */
import { z } from 'zod';
import { invalid } from './refusal.ts';
import type { Pings, World } from './world.ts';

export const allowedMentionsSchema = z.strictObject({
  parse: z.array(z.enum(['roles', 'users', 'everyone'])).optional(),
  roles: z.array(z.string()).max(100).optional(),
  users: z.array(z.string()).max(100).optional(),
  replied_user: z.boolean().optional(),
});
export type AllowedMentions = z.infer<typeof allowedMentionsSchema>;

export function checkAllowedMentions(allowed: AllowedMentions | undefined): void {
  for (const kind of ['users', 'roles'] as const) {
    if (allowed?.parse?.includes(kind) && allowed[kind]?.length) {
      throw invalid(
        `allowed_mentions.parse`,
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    }
  }
}

/** Ids that stand in the text, whether they notify or not; those inside code count too, to be on the strict side. */
export function mentionedIn(world: World, content: string): { users: string[]; roles: string[]; everyone: boolean } {
  const ids = (pattern: RegExp) => [...new Set([...content.matchAll(pattern)].map((match) => match[1] ?? ''))];
  return {
    users: ids(/<@!?(\d+)>/g).filter((id) => world.users.has(id)),
    roles: ids(/<@&(\d+)>/g).filter((id) => world.roles.has(id)),
    everyone: /@(everyone|here)\b/.test(content),
  };
}

export function pingsOf(
  world: World,
  content: string,
  allowed: AllowedMentions | undefined,
  repliedTo: string | undefined,
): Pings {
  const found = mentionedIn(world, content);
  const replied = repliedTo && (allowed?.replied_user ?? allowed === undefined) ? [repliedTo] : [];
  const pick = (kind: 'users' | 'roles') =>
    found[kind].filter((id) => !allowed || allowed.parse?.includes(kind) || allowed[kind]?.includes(id));
  return {
    everyone: found.everyone && (!allowed || (allowed.parse?.includes('everyone') ?? false)),
    users: [...new Set([...pick('users'), ...replied])],
    roles: pick('roles'),
  };
}

export function pingsAnyone(pings: Pings): boolean {
  return pings.everyone || pings.users.length > 0 || pings.roles.length > 0;
}
