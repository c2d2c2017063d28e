import { PermissionFlagsBits as Bits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { inviteLink, missingPermissions, permissionsIn } from './permissions.ts';

const all = [
  Bits.ViewChannel,
  Bits.SendMessages,
  Bits.EmbedLinks,
  Bits.ReadMessageHistory,
  Bits.CreatePublicThreads,
  Bits.SendMessagesInThreads,
  Bits.AttachFiles,
  Bits.AddReactions,
  Bits.ManageWebhooks,
].reduce((bits, bit) => bits | bit, 0n);

test('the invitation asks for exactly what is needed', () => {
  const link = new URL(inviteLink('42'));
  expect(link.searchParams.get('client_id')).toBe('42');
  expect(BigInt(link.searchParams.get('permissions') ?? 0)).toBe(all);
  expect(missingPermissions(all)).toEqual([]);
});

test('what is missing is named, and whether it can be done without', () => {
  expect(missingPermissions(all & ~Bits.SendMessages & ~Bits.ManageWebhooks)).toEqual([
    { name: 'Send Messages', isOptional: false },
    { name: 'Manage Webhooks', isOptional: true },
  ]);
  expect(missingPermissions(Bits.Administrator)).toEqual([]);
});

test('in a channel everybody comes first, then the roles, then the member', () => {
  const roles = [
    { id: 'guild', permissions: `${Bits.ViewChannel | Bits.SendMessages}` },
    { id: 'bots', permissions: '0' },
  ];
  const overwrites = [
    { id: 'guild', allow: '0', deny: `${Bits.SendMessages}` },
    { id: 'bots', allow: `${Bits.SendMessages}`, deny: `${Bits.ViewChannel}` },
    { id: 'me', allow: `${Bits.ViewChannel}`, deny: '0' },
  ];
  const given = { guildId: 'guild', memberId: 'me', roles };
  expect(permissionsIn({ ...given, overwrites: overwrites.slice(0, 1) })).toBe(Bits.ViewChannel);
  expect(permissionsIn({ ...given, overwrites: overwrites.slice(0, 2) })).toBe(Bits.SendMessages);
  expect(permissionsIn({ ...given, overwrites })).toBe(Bits.SendMessages | Bits.ViewChannel);
});
