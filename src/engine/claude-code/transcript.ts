import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionId } from '../../domain/identifiers.ts';

/**
 * Renames the transcript of a session that cannot be resumed. Claude Code that was killed within its first moments leaves
 * one without a conversation: it finds none in it, and yet refuses a new session of the same id.
 *
 * @param environment what Claude Code was started with; says where it keeps its transcripts
 */
export async function setTranscriptAside(
  environment: Readonly<Record<string, string>>,
  sessionId: SessionId,
): Promise<void> {
  const home = environment['CLAUDE_CONFIG_DIR'] ?? join(environment['HOME'] ?? '', '.claude');
  const projects = join(home, 'projects');
  const folders = await readdir(projects).catch(() => []); // None yet: then there is no transcript either.
  for (const folder of folders) {
    const transcript = join(projects, folder, `${sessionId}.jsonl`);
    await rename(transcript, `${transcript}.lost`).catch(() => undefined); // Nearly always it is not there.
  }
}
