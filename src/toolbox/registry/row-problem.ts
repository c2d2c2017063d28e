import type { Tool } from '../../domain/tool.ts';
import { problemsOfListing } from '../gate/listing-problems.ts';

/**
 * Why a tool cannot be offered, in one line; undefined when it can. One that clients refuse takes all others with it, so it is
 * left out.
 */
export function problemOfRow({ manifest }: Pick<Tool, 'manifest'>): string | undefined {
  return problemsOfListing('inputSchema', manifest.inputSchema)[0];
}
