import { expect, test } from 'vitest';
import type { Coordinating, Position } from '../../domain/project.ts';
import { beginProject } from '../../domain/project-planning.ts';
import type { ProjectTaskReport } from '../../spiral/reports.ts';
import { plan } from '../__fixtures__/answers.ts';
import { projectReport } from '../__fixtures__/projects.ts';
import { now, report, type taskId } from '../__fixtures__/tasks.ts';
import { projectDetails, projectLines, projectReportLines } from './projects.ts';

const begun = beginProject(plan, { attempts: 3, isApprovalNeeded: false });
const firstDone: Coordinating = {
  ...begun,
  project: {
    ...begun.project,
    phases: begun.project.phases.map((record, index) =>
      index === 0
        ? { ...record, status: 'done', tasks: ['dev1'], commit: 'a1b2c3d4e5f6' }
        : { ...record, tasks: ['dev2'] },
    ),
  },
};

function at(position: Position, more: Partial<ProjectTaskReport> = {}): ProjectTaskReport {
  const state = { ...firstDone, at: position };
  const { project: _, ...task } = report({ agent: 'project-manager', text: 'Build a login', state });
  return { ...task, project: state.project, tasks: [report({ id: 'dev1' as typeof taskId })], ...more };
}

const developing = at({ kind: 'develop', phase: 1, taskId: 'dev2' });

test('a project stands on a line with what is done and what goes on', () => {
  expect(projectLines([developing], now)).toEqual([
    `k3v9x2mq  12 min 0 s ago   ${'User authentication'.padEnd(48)}  1 of 2 phases done, now: development of Password reset`,
  ]);
});

test.each<[Position, string]>([
  [{ kind: 'challenge' }, 'the plan is challenged'],
  [{ kind: 'approve' }, 'approval of the plan'],
  [{ kind: 'review', phase: 1, taskId: 'dev2' }, 'review of Password reset'],
  [{ kind: 'escalate', phase: 1, reason: 'x', findings: 'y' }, 'your decision on Password reset'],
  [{ kind: 'close' }, 'the closing words'],
])('a project at %o says so', (position, words) =>
  expect(projectLines([at(position)], now)[0]).toMatch(new RegExp(`now: ${words}$`)),
);

test('a project that nobody works on says why', () => {
  const ends = [at({ kind: 'close' }, { driven: false }), at({ kind: 'close' }, { isHeld: true })];
  expect(projectLines(ends, now).map((line) => line.slice(line.lastIndexOf('(')))).toEqual(['(interrupted)', '(held)']);
});

test('the details list every phase, what is left, and how to go on when nobody does', () => {
  expect(projectDetails({ ...developing, driven: false }, now)).toEqual([
    '📋 User authentication (project k3v9x2mq, plan revision 1)',
    '   Asked:     Build a login',
    '   Workspace: /home/ada/agent-workspace',
    '   Stands:    1 of 2 phases done, now: development of Password reset (interrupted)',
    '',
    '✅ Phase 1: Core authentication - done; attempt 1 of 3; commit a1b2c3d4e5',
    '⬜ Phase 2: Password reset - open; attempt 1 of 3',
    '',
    'Left: Password reset',
    '',
    'Tasks: dev1 (working, round 2)',
    '',
    'Go on with it: spiral projects continue k3v9x2mq',
  ]);
  expect(projectDetails(developing, now).join('\n')).not.toContain('Go on with it');
});

test('a finished project leaves nothing, and names its report', () => {
  const finished = {
    ...developing,
    state: { kind: 'finished', status: 'failed', project: developing.project },
  } as const;
  const lines = projectDetails(finished, now);
  expect(lines[3]).toBe('   Stands:    1 of 2 phases done, failed');
  expect(lines.at(-1)).toContain('spiral projects report k3v9x2mq');
  expect(lines.join('\n')).not.toContain('Left:');
});

test('no project is no empty screen', () => expect(projectLines([], now)[0]).toContain('spiral --agent pm'));

test('a report by itself calls a cost that it cannot know to be booked an estimate', () =>
  expect(projectReportLines(projectReport)).toContain('⏱️  10 min 0 s · about $1.50'));
