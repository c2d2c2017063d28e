import { PermissionFlagsBits } from 'discord-api-types/v10';

/** What the bot asks a server for, with what it is for. */
const neededPermissions = {
  'View Channels': { bit: PermissionFlagsBits.ViewChannel, isOptional: false },
  'Send Messages': { bit: PermissionFlagsBits.SendMessages, isOptional: false },
  'Embed Links': { bit: PermissionFlagsBits.EmbedLinks, isOptional: false },
  'Read Message History': { bit: PermissionFlagsBits.ReadMessageHistory, isOptional: false },
  'Create Public Threads': { bit: PermissionFlagsBits.CreatePublicThreads, isOptional: true },
  'Send Messages in Threads': { bit: PermissionFlagsBits.SendMessagesInThreads, isOptional: true },
  'Attach Files': { bit: PermissionFlagsBits.AttachFiles, isOptional: true },
  'Add Reactions': { bit: PermissionFlagsBits.AddReactions, isOptional: true },
  'Manage Webhooks': { bit: PermissionFlagsBits.ManageWebhooks, isOptional: true },
} as const;

/** The names of what is not among them. */
export function missingPermissions(permissions: bigint): { readonly name: string; readonly isOptional: boolean }[] {
  if ((permissions & PermissionFlagsBits.Administrator) !== 0n) return [];
  return Object.entries(neededPermissions)
    .filter(([, { bit }]) => (permissions & bit) === 0n)
    .map(([name, { isOptional }]) => ({ name, isOptional }));
}

/** Where a person lets the bot into a server. */
export function inviteLink(applicationId: string): string {
  const bits = Object.values(neededPermissions).reduce((all, { bit }) => all | bit, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: bits.toString(),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}

/** Permissions of one member in one channel, as Discord computes them: the server, then overwrites of everybody, roles, the member. */
export function permissionsIn(given: {
  readonly guildId: string;
  /** Of everybody and of every role that the member has. */
  readonly roles: readonly { readonly id: string; readonly permissions: string }[];
  readonly overwrites: readonly { readonly id: string; readonly allow: string; readonly deny: string }[];
  readonly memberId: string;
}): bigint {
  const base = given.roles.reduce((all, { permissions }) => all | BigInt(permissions), 0n);
  if ((base & PermissionFlagsBits.Administrator) !== 0n) return base;
  const apply = (to: bigint, ids: readonly string[]) => {
    const found = given.overwrites.filter(({ id }) => ids.includes(id));
    const deny = found.reduce((all, overwrite) => all | BigInt(overwrite.deny), 0n);
    const allow = found.reduce((all, overwrite) => all | BigInt(overwrite.allow), 0n);
    return (to & ~deny) | allow;
  };
  const everybody = apply(base, [given.guildId]);
  const ofRoles = apply(
    everybody,
    given.roles.map(({ id }) => id).filter((id) => id !== given.guildId),
  );
  return apply(ofRoles, [given.memberId]);
}
