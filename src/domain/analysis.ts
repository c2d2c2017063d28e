import type { Complexity } from './complexity.ts';
import type { DetectedLanguage } from './language.ts';
import type { Strategy } from './strategy.ts';

/** What was understood of a task before any model was asked. */
export type Analysis = {
  readonly complexity: Complexity;
  readonly strategy: Strategy;
  readonly language: DetectedLanguage;
};
