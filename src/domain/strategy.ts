import type { Complexity } from './complexity.ts';

export type Strategy = 'simple' | 'multi-step' | 'iterative';

/** How a task of this complexity is worked on. */
export function strategyFor(complexity: Complexity): Strategy {
  switch (complexity) {
    case 'simple':
      return 'simple';
    case 'medium':
      return 'multi-step';
    case 'complex':
      return 'iterative';
  }
}

/** The ceiling of work-verify-mend rounds. Claude Code's own turns inside a round are not counted here. */
export function maxIterations(strategy: Strategy): number {
  switch (strategy) {
    case 'simple':
      return 5;
    case 'multi-step':
      return 10;
    case 'iterative':
      return 15;
  }
}
