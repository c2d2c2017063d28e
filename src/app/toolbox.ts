import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../domain/task.ts';
import type { ToolUse } from '../domain/tool.ts';
import type { ToolCells } from '../sandbox/cells.ts';
import type { Store } from '../store/store.ts';
import { candidateFiles, layOut } from '../toolbox/candidate-files.ts';
import type { Gate } from '../toolbox/gate.ts';
import { offeredTo } from '../toolbox/registry/built-tools.ts';
import { roomInSession } from '../toolbox/registry/room.ts';
import type { LoadedTool, Registry } from '../toolbox/registry.ts';
import type { OwnTool, ToolSource } from '../toolbox/toolbox.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import { lazily } from './lazily.ts';

export type ToolboxSetting = {
  /** Of the state, absolute and without links. */
  readonly root: string;
  readonly store: () => Promise<Store>;
  readonly cells: ToolCells;
  /** What the variables are looked up in that a tool may have. */
  readonly environment: Readonly<Record<string, string>>;
  readonly report: (problem: string) => void;
};

/** The built tools of a running system; nothing is opened or looked for before somebody asks. */
export type Toolbox = {
  readonly needs: () => Promise<RunTaskNeeds['toolbox']>;
  /** What a session is offered: its own tools and every built one, also those that come while it runs. */
  readonly offered: (
    caller: Pick<Task, 'id' | 'agent' | 'workspace'>,
    own: readonly OwnTool[],
    used: (use: ToolUse) => Promise<void>,
  ) => ToolSource;
  /** One call of a built tool. */
  readonly run: (
    loaded: LoadedTool,
    input: unknown,
    place: { readonly taskId?: Task['id']; readonly workspace?: string },
    signal: AbortSignal,
  ) => Promise<ToolRunEnd>;
  readonly close: () => Promise<void>;
};

type ToolRunEnd = Awaited<ReturnType<typeof import('../toolbox/run-in-cell.ts').runInCell>>;

export function openToolbox({ root, store, cells, environment, report }: ToolboxSetting): Toolbox {
  const registry = lazily(async (): Promise<Registry> => {
    const { openRegistry } = await import('../toolbox/registry/open-registry.ts');
    return openRegistry({ folder: join(root, 'tools'), tools: (await store()).tools, onProblem: report });
  });
  const gate = lazily(async (): Promise<Gate> => {
    const { openGate } = await import('../toolbox/gate/open-gate.ts');
    return openGate({ cells });
  });
  const later: Pick<Registry, 'load' | 'active' | 'onChange'> = {
    load: async (name) => (await registry.get()).load(name),
    active: async () => (await registry.get()).active(),
    onChange(listener) {
      let forget: (() => void) | undefined;
      let isOver = false;
      registry.get().then(
        (opened) => {
          if (!isOver) forget = opened.onChange(listener);
        },
        () => undefined, // Whoever lists the tools is told.
      );
      return () => {
        isOver = true;
        forget?.();
      };
    },
  };
  const toolbox: Toolbox = {
    needs: async () => ({
      registry: await registry.get(),
      gate: { check: async (...given) => (await gate.get()).check(...given) },
      async makeFolderFor(requestId) {
        const folder = join(root, 'builds', requestId);
        await mkdir(folder, { recursive: true });
        return realpath(folder);
      },
      layOut,
      filesIn: candidateFiles,
    }),
    offered: ({ id: taskId, agent, workspace }, own, used) =>
      offeredTo(
        { taskId, agent },
        own,
        {
          registry: later,
          async used(use) {
            await (await store()).tools.used(use);
            await used(use);
          },
          run: (loaded, input, signal) => toolbox.run(loaded, input, { taskId, workspace }, signal),
          onProblem: report,
        },
        roomInSession,
      ),
    async run({ tool: { manifest }, folder }, input, place, signal) {
      const { runInCell } = await import('../toolbox/run-in-cell.ts');
      return runInCell(manifest, { folder, input, environment, ...place }, cells, signal);
    },
    close: () => registry.close((opened) => opened.close()),
  };
  return toolbox;
}
