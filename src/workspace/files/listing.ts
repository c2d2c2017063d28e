import { filesOf } from './walk.ts';

/** The first files of a workspace by name, and how many there are. */
export async function listingOf(
  workspace: string,
  limit: number,
): Promise<{ readonly paths: readonly string[]; readonly files: number }> {
  const files = await filesOf(workspace);
  return { paths: files.slice(0, Math.max(0, limit)), files: files.length };
}
