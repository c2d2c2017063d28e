import * as z from 'zod';

/*
 * What the answers of agents are made of. Everything is bounded: an answer is shown to people, kept, and told to other agents.
 */

const longestLine = 2000;

/** Words in one paragraph. */
export const line = z.string().trim().min(1).max(longestLine);

export function lines(least: number, most: number) {
  return z.array(line).min(least).max(most);
}

/** 1 is low and 10 is high. */
export const score = z.number().int().min(1).max(10);
