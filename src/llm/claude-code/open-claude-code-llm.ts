import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { failedBy } from '../ask-twice.ts';
import type { Llm } from '../llm.ts';
import { askSession } from './ask-session.ts';

/**
 * Questions by way of Claude Code without tools: for people who have a login that only Claude Code can use.
 *
 * @param folder of ours, absolute; each question gets an empty folder in it
 */
export function openClaudeCodeLlm({ engine, folder }: { readonly engine: Engine; readonly folder: string }): Llm {
  return {
    isMetered: engine.isMetered,
    async ask(question, signal) {
      let place: string | undefined;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        place = await realpath(await mkdtemp(join(folder, 'question-')));
        return await askSession(engine, { ...question, workspace: place, tools: 'none' }, signal);
      } catch (error) {
        return { ...failedBy(error), cost: { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 } };
      } finally {
        if (place !== undefined) await rm(place, { recursive: true, force: true }).catch(() => undefined); // It is empty.
      }
    },
  };
}
