import type { OwnTool, ToolSource } from '../../../src/toolbox/toolbox.ts';

/** Tools that the test changes; it learns when somebody has asked for them. */
export function changingTools(first: readonly OwnTool[]) {
  let tools = first;
  let asked = 0;
  let heard: () => void = () => undefined;
  const listeners = new Set<() => void>();
  const source: ToolSource = {
    async tools() {
      asked += 1;
      heard();
      return tools;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    source,
    listeners,
    /** Resolves when somebody has asked for them after the change. */
    async change(next: readonly OwnTool[]): Promise<void> {
      tools = next;
      const before = asked;
      const again = new Promise<void>((resolve) => {
        heard = () => asked > before && resolve();
      });
      for (const listener of listeners) listener();
      await again;
    },
  };
}
