import { cargoWorkspace } from '../manifests.ts';
import { readLibtestOutput } from '../reading/libtest-output.ts';
import type { Detect } from '../runner.ts';
import { cargoSettingsDoubts } from '../trust/cargo-settings.ts';

/** `cargo test`, documentation tests included, over every member when the crate is the root of a Cargo workspace. */
export const cargo: Detect = async (project, _probe, touched) => {
  if (project.kind !== 'rust') return undefined;
  const members = (await cargoWorkspace(project.path)) ? ['--workspace'] : [];
  return {
    kind: 'suite',
    command: async () => ({
      program: 'cargo',
      args: ['test', ...members, '--no-fail-fast'],
      environment: { CARGO_TERM_COLOR: 'never', CARGO_TERM_PROGRESS_WHEN: 'never', CARGO_TERM_QUIET: 'false' },
      shown: ['cargo', 'test', ...members].join(' '),
    }),
    async read(_results, result) {
      const { counts, failedTests, tests, results, unfinished } = readLibtestOutput(result.output);
      return {
        ...counts,
        failedTests,
        ...(tests ? { tests } : {}),
        evidence: results > 0 ? 'report' : 'none',
        doubts: unfinished > 0 ? [`${unfinished} test programs ended themselves before their result`] : [],
      };
    },
    doubts: await cargoSettingsDoubts(project, touched),
  };
};
