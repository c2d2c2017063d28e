import { randomBytes } from 'node:crypto';
import { madeOnce } from './made-once.ts';
import type { Place } from './place.ts';

const bytes = 24;

/** The password of the server, made when there is none. */
export async function passwordOf({ password }: Pick<Place, 'password'>): Promise<string> {
  return madeOnce(password, () => randomBytes(bytes).toString('base64url'));
}
