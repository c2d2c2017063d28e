import type { Tool } from './tool.ts';

const dayMs = 86_400_000;

/** Since when nobody has used a tool, and nobody has said that it is wanted all the same. */
export function unusedSince({
  lastUsedAt,
  wantedAt,
  publishedAt,
}: Pick<Tool, 'lastUsedAt' | 'wantedAt' | 'publishedAt'>): Date {
  return new Date(Math.max(publishedAt.getTime(), lastUsedAt?.getTime() ?? 0, wantedAt?.getTime() ?? 0));
}

/** Whether a person is to be asked whether a tool is still wanted. With 0 days nobody ever is. */
export function isIdle(
  tool: Pick<Tool, 'status' | 'lastUsedAt' | 'wantedAt' | 'publishedAt'>,
  days: number,
  now: number,
): boolean {
  return days > 0 && tool.status === 'active' && now - unusedSince(tool).getTime() >= days * dayMs;
}
