import { defineConfig } from 'vitest/config';

/** Claude Code and PostgreSQL are real processes: a busy machine must not turn their start into a failed test. */
const patience = { testTimeout: 180_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'tests/architecture/**/*.test.ts', 'tests/pictures/**/*.test.ts'],
          sequence: { groupOrder: 0 },
          // Pure tests share a process: starting one for each file took longer than all of them.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          ...patience,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['tests/journeys/**/*.test.ts'],
          ...patience,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          // The walk over every step that a kill can interrupt; a command of its own: npm run test:crash.
          name: 'crash',
          include: ['tests/crash/**/*.test.ts'],
          ...patience,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
