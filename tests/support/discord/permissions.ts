/** Who may do what, computed as in the Discord developer docs: "Permissions: Permission Overwrites". */
import { PermissionFlagsBits as Flag } from 'discord-api-types/v10';
import { refusals } from './refusal.ts';
import { type Channel, isThread, type World } from './world.ts';

export type Permission = keyof typeof Flag;

const all = Object.values(Flag).reduce((sum, bit) => sum | bit, 0n);

export function bitsOf(...names: readonly Permission[]): bigint {
  return names.reduce((sum, name) => sum | Flag[name], 0n);
}

export const ofEverybody = bitsOf(
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'EmbedLinks',
  'AttachFiles',
  'AddReactions',
  'ReadMessageHistory',
  'UseApplicationCommands',
);

export function permissionsOf(world: World, userId: string, channel: Channel): bigint {
  if (channel.type === 1) return channel.memberIds.has(userId) ? all : 0n;
  if (userId === world.guild.ownerId) return all;
  const member = world.members.get(userId);
  if (!member) return 0n;
  const base = [world.guild.id, ...member.roleIds].reduce(
    (sum, id) => sum | (world.roles.get(id)?.permissions ?? 0n),
    0n,
  );
  if (base & Flag.Administrator) return all;
  const overwrites = (channel.parent ?? channel).overwrites;
  const apply = (bits: bigint, ids: readonly string[]) => {
    const matching = overwrites.filter(({ id }) => ids.includes(id));
    const deny = matching.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
    return matching.reduce((sum, overwrite) => sum | overwrite.allow, bits & ~deny);
  };
  const bits = apply(apply(apply(base, [world.guild.id]), member.roleIds), [userId]);
  return bits & Flag.ViewChannel ? bits : 0n;
}

export function may(world: World, userId: string, channel: Channel, permission: Permission): boolean {
  return (permissionsOf(world, userId, channel) & Flag[permission]) !== 0n;
}

/** 50001 without the view of the channel, 50013 without any other of them. */
export function demand(world: World, channel: Channel, ...permissions: readonly Permission[]): void {
  if (!may(world, world.bot.id, channel, 'ViewChannel')) throw refusals.missingAccess();
  for (const permission of permissions) {
    if (!may(world, world.bot.id, channel, permission)) throw refusals.missingPermissions();
  }
}

export function sendingIn(channel: Channel): Permission {
  return isThread(channel) ? 'SendMessagesInThreads' : 'SendMessages';
}
