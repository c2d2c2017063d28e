import * as data from './data-tools.ts';
import * as numbers from './number-tools.ts';
import * as others from './other-styles.ts';
import * as texts from './text-tools.ts';
import * as units from './unit-tools.ts';
import type { WrittenTool } from './written-tool.ts';

/** Tools that do what was asked for, as far as anybody knows. */
export const goodTools: readonly WrittenTool[] = [texts, numbers, data, units, others].flatMap((group) =>
  Object.values(group),
);
