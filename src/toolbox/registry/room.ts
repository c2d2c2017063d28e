import type { Tool } from '../../domain/tool.ts';

/** How much of what is offered stands in every request of a session, where it is paid for each time. */
export type Room = {
  readonly tools: number;
  /** Of names, descriptions and input schemas together. */
  readonly bytes: number;
};

/** A handful of tools with usual schemas, about what Claude Code's own tools for reading take. */
export const roomInSession: Room = { tools: 10, bytes: 12_000 };

/**
 * Which tools are listed, and which only reached. What was listed to a session before stays so as long as it can; then those
 * that were used or published last come first, so that what was built just now is there.
 */
export function withinRoom(
  tools: readonly Tool[],
  room: Room,
  listedBefore: ReadonlySet<string>,
): { readonly listed: readonly Tool[]; readonly others: readonly Tool[] } {
  const rank = (tool: Tool) => (listedBefore.has(tool.manifest.name) ? Number.POSITIVE_INFINITY : lastSeen(tool));
  const chosen = new Set<Tool>();
  let bytes = 0;
  for (const tool of tools.toSorted((one, other) => compare(rank(other), rank(one)))) {
    const size = sizeOf(tool);
    if (chosen.size >= room.tools || bytes + size > room.bytes) continue;
    chosen.add(tool);
    bytes += size;
  }
  return {
    listed: tools.filter((tool) => chosen.has(tool)),
    others: tools.filter((tool) => !chosen.has(tool)),
  };
}

function lastSeen({ lastUsedAt, publishedAt }: Tool): number {
  return Math.max(lastUsedAt?.getTime() ?? 0, publishedAt.getTime());
}

/** Two that are equal keep their order; the difference of two infinities would say nothing. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function sizeOf({ manifest: { name, description, inputSchema } }: Tool): number {
  return Buffer.byteLength(JSON.stringify({ name, description, inputSchema }));
}
