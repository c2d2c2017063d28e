import type { DiscordSettings } from '../../spiral/surface.ts';

/** Whoever wrote or pressed something, as Discord itself says; nothing that they write changes it. */
export type Author = {
  readonly id: string;
  /** Ids of their roles in the server; empty in a direct message. */
  readonly roles: readonly string[];
  readonly isBot: boolean;
  readonly isWebhook: boolean;
  /** Our own account. */
  readonly isSelf: boolean;
};

type Lists = Pick<DiscordSettings, 'whitelist' | 'roles' | 'approvers'>;

/** `ignored`: a program, which never gets an answer; `stranger`: a person who is on no list. */
export type Admission = 'admitted' | 'stranger' | 'ignored';

export function admission(author: Author, { whitelist, roles }: Lists): Admission {
  if (author.isBot || author.isWebhook || author.isSelf) return 'ignored';
  const isListed = whitelist.includes(author.id) || author.roles.some((role) => roles.includes(role));
  return isListed ? 'admitted' : 'stranger';
}

/** Whether somebody decides, grants, adopts, merges and stops everything: whoever is named, of those who may talk at all. */
export function isApprover(author: Author, lists: Lists): boolean {
  if (admission(author, lists) !== 'admitted') return false;
  const { approvers } = lists;
  return approvers === undefined || approvers.includes(author.id);
}
