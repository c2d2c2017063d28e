import { resolve } from 'node:path';
import type { Tool, ToolFiles, ToolVersion } from '../../domain/tool.ts';
import { digestOf } from '../../domain/tool-digest.ts';
import { ToolRowDamaged, type ToolStore } from '../../store/tools.ts';
import { type LoadedTool, type Registry, ToolNotLoadable } from '../registry.ts';
import { atRevision } from './at-revision.ts';
import { openChanges } from './changes.ts';
import { problemOfRow } from './row-problem.ts';
import { indexOf } from './search.ts';
import { folderOf } from './tool-folders.ts';

export type RegistrySetting = {
  /** Where the folders of all tools lie. */
  readonly folder: string;
  readonly tools: ToolStore;
  /** Told in one line what was found wrong and mended. */
  readonly onProblem: (problem: string) => void;
  /** How often it is asked whether something has changed, while somebody listens. */
  readonly lookEveryMs?: number;
};

const lookEvery = 1_000;

export function openRegistry({ folder, tools, onProblem, lookEveryMs = lookEvery }: RegistrySetting): Registry {
  const root = resolve(folder);
  const revision = () => tools.revision();
  const changes = openChanges(revision, lookEveryMs, onProblem);
  const active = atRevision(revision, () => offeredBy(tools, onProblem));
  const index = atRevision(revision, async () => indexOf((await active()).made));
  const loading = new Map<string, Promise<LoadedTool | undefined>>();

  async function load(name: string): Promise<LoadedTool | undefined> {
    const tool = await rowOf(tools, name);
    if (tool?.status !== 'active') return undefined;
    const problem = problemOfRow(tool);
    if (problem !== undefined) throw new ToolNotLoadable(name, tool.manifest.version, problem, cureOfRows);
    return { tool, folder: await folderOf(root, tool, () => filesOf(tools, tool), onProblem) };
  }

  return {
    async active() {
      const { made, revision: seen } = await active();
      changes.seen(seen);
      return made;
    },
    load(name) {
      // Of calls at the same time one looks for all.
      const underway = loading.get(name);
      if (underway) return underway;
      const loaded = load(name).finally(() => loading.delete(name));
      loading.set(name, loaded);
      return loaded;
    },
    async search(text, limit) {
      const { made: find } = await index();
      return find(text, limit);
    },
    onChange: changes.listen,
    async close() {
      await changes.close();
      await Promise.allSettled(loading.values());
    },
  };
}

const cureOfRows = 'Restore the database from a backup, or serve another version of it.';

/**
 * What is active, without what is damaged, of which it is told once for every change of what is offered; the version before is
 * not served in its place, which nobody decided.
 */
async function offeredBy(
  tools: Pick<ToolStore, 'list' | 'damaged'>,
  onProblem: RegistrySetting['onProblem'],
): Promise<readonly Tool[]> {
  const [all, rows] = await Promise.all([tools.list('active'), tools.damaged()]);
  const damaged = new Map(rows.filter(({ status }) => status === 'active').map(({ name, problem }) => [name, problem]));
  for (const tool of all) {
    const problem = problemOfRow(tool);
    if (problem !== undefined) damaged.set(tool.manifest.name, problem);
  }
  for (const [name, problem] of damaged) onProblem(`the tool ${name} is not offered: ${problem}. ${cureOfRows}`);
  return all.filter(({ manifest }) => !damaged.has(manifest.name));
}

async function rowOf(tools: Pick<ToolStore, 'get'>, name: string): Promise<Tool | undefined> {
  try {
    return await tools.get(name);
  } catch (error) {
    if (!(error instanceof ToolRowDamaged)) throw error;
    throw new ToolNotLoadable(name, error.version, error.problem, cureOfRows, { cause: error });
  }
}

async function filesOf(tools: ToolStore, { manifest, digest }: ToolVersion): Promise<ToolFiles> {
  const { name, version } = manifest;
  const files = await tools.files(name, version);
  if (files && digestOf(files) === digest) return files;
  throw new ToolNotLoadable(name, version, 'what the database has of it is not what was adopted', cureOfRows);
}
