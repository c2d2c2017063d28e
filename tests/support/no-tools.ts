import type { ToolServer } from '../../src/toolbox/toolbox.ts';
import type { RunTaskNeeds } from '../../src/workflows/run-task/needs.ts';

const server: ToolServer = {
  mount: async () => ({ url: '', token: '', names: [], ready: Promise.resolve(), unmount: async () => undefined }),
  close: async () => undefined,
};

/** Sessions that are offered nothing of ours. */
export const noTools: RunTaskNeeds['tools'] = {
  server,
  of: () => ({ tools: async () => [], onChange: () => () => undefined }),
};

/** There are no built tools, and none is built. */
export const noToolbox: RunTaskNeeds['toolbox'] = {
  registry: {
    active: async () => [],
    load: async () => undefined,
    search: async () => [],
    onChange: () => () => undefined,
    close: async () => undefined,
  },
  gate: {
    check: async () => {
      throw new Error('no tool is built here');
    },
  },
  makeFolderFor: async () => {
    throw new Error('no tool is built here');
  },
  layOut: async () => undefined,
  filesIn: async () => new Map(),
};
