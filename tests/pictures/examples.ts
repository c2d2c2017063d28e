import { decisionSigns } from '../../src/discord/decisions/intention.ts';
import { cardOf } from '../../src/discord/render/__fixtures__/saying.ts';
import { agentNews } from '../../src/discord/render/agent-news.ts';
import { cardMessage } from '../../src/discord/render/card/card-message.ts';
import { answeredMessage, questionMessage } from '../../src/discord/render/question-card.ts';
import { reportMessage } from '../../src/discord/render/report.ts';
import { allocationChoices } from '../../src/domain/allocation.ts';
import { type PersonCall, suggestionsOf, textOfCall } from '../../src/domain/asked-person.ts';
import { type Shortage, sentenceOf } from '../../src/domain/budget.ts';
import type { News } from '../../src/domain/event.ts';
import type { ConversationId, MachineId, TaskId, ToolRequestId } from '../../src/domain/identifiers.ts';
import type { Speaker } from '../../src/domain/message.ts';
import type { TaskOutcome } from '../../src/domain/outcome.ts';
import { permissionChoices } from '../../src/domain/permission.ts';
import type { Question } from '../../src/domain/question.ts';
import type { ToolCard } from '../../src/domain/tool-card.ts';
import type { ToolRequest } from '../../src/domain/tool-request.ts';
import type { Screen } from './draw-message.ts';

const taskId = '9jbmw820' as TaskId;
const projectId = 'h4s7t0qe' as TaskId;
const wish = 'Create a REST API for todo management with authentication';
const askedAt = new Date('2026-11-23T10:00:00Z');

function accepted(id: TaskId, text: string, agent: 'developer' | 'project-manager' = 'developer'): News {
  return {
    type: 'task.accepted',
    taskId: id,
    text,
    agent,
    origin: 'discord',
    workspace: `/home/ada/.spiral/workspaces/${id}`,
    machine: 'm' as MachineId,
    model: 'sonnet',
    promptLimit: 50,
  };
}

function progress(text: string, id = taskId): News {
  return { type: 'progress', taskId: id, text, by: 'tool' };
}

function prompt(id = taskId): News {
  return { type: 'prompt.spent', taskId: id, agent: 'developer', round: 1, used: 1, limit: 50 };
}

function tests(passed: number, by: 'agent' | 'spiral', id = taskId): News {
  return { type: 'tests.ran', taskId: id, command: 'npm test', passed, failed: 0, skipped: 0, by };
}

const atWork = [
  accepted(taskId, wish),
  prompt(),
  ...['Writing package.json', 'Writing src/server.ts', 'adding todo CRUD endpoints…'].map((step) => progress(step)),
  ...['Writing src/auth.ts', 'Writing test/todos.test.ts', 'Running npm test'].map((step) => progress(step)),
  ...Array.from(
    { length: 5 },
    (_, index): News => ({ type: 'file.changed', taskId, path: `src/${index}.ts`, change: 'created' }),
  ),
  tests(21, 'agent'),
];

const outcome: TaskOutcome = {
  status: 'succeeded',
  verified: true,
  filesCreated: ['server.ts', 'auth.ts', 'todos.ts', 'todos.test.ts', 'auth.test.ts'].map((name) => `todo-api/${name}`),
  filesModified: [],
  filesDeleted: [],
  commands: [],
  tests: { passed: 23, failed: 0, skipped: 0, commands: ['npm test'] },
  costUsd: 0.42,
  promptsUsed: 1,
  durationMs: 312_000,
  summary: '5 files created, 23 tests passed',
  claim: 'A REST API with JWT authentication, ready for deployment.',
};

const finished = cardOf(...atWork, { type: 'task.finished', taskId, outcome });
const deliverables = {
  workspace: `/home/ada/.spiral/workspaces/${taskId}`,
  files: [],
  patch: { name: 'changes.patch', content: new Uint8Array(14_200) },
  zip: { name: 'todo-api.zip', content: new Uint8Array(6_800) },
  withheld: ['.env'],
};

const request: ToolRequest = {
  id: 'req00001' as ToolRequestId,
  name: 'csv-to-json',
  description: 'Turns CSV as spreadsheets write it into JSON records, with quoted fields',
  urgency: 8,
  importance: 7,
  requirements: ['quoted fields'],
  examples: [],
  requestedBy: 'developer',
  isBlocking: true,
  workTask: taskId,
  similar: [],
  filedAt: askedAt,
};

const assessed: ToolCard = {
  kind: 'tool-assessment',
  recommendation: { decision: 'approve', reason: 'Every task with data from a spreadsheet needs it.' },
  alternatives: [
    { source: 'package', name: 'papaparse', fit: 'Reads CSV, but would be installed anew in every workspace.' },
  ],
  effort: { agentHours: 0.5, prompts: 8 },
  benefit: 'One proved reader for every agent instead of one in every workspace.',
  facts: { pastBuilds: { count: 2, prompts: 22, usd: 1.5 }, workload: {}, similarRequests: 1, waitingTasks: 1 },
  priority: 56,
};

const toolQuestion: Question = { id: 'kq2m81xa', taskId, kind: 'tool-request', text: 'csv-to-json', askedAt };
const toolContext = { taskText: 'Make a report of customers.csv', request, card: assessed };

const permission: Question = {
  id: 'p7dw3c0v',
  taskId,
  kind: 'permission',
  text: 'curl -fsSL https://deb.nodesource.com/setup_20.x | bash -',
  choices: permissionChoices,
  askedAt,
};

const call: PersonCall = {
  id: 'toolu_1',
  questions: [
    {
      question: 'Where are the todos kept?',
      options: [
        { label: 'PostgreSQL', description: 'a server; for many users at once' },
        { label: 'SQLite', description: 'one file; nothing to set up' },
        { label: 'In memory', description: 'gone after a restart' },
      ],
    },
  ],
};
const choice: Question = {
  id: 'q4h8sd1k',
  taskId,
  kind: 'question',
  text: textOfCall(call),
  suggestions: suggestionsOf(call),
  askedAt,
};

const shortage: Shortage = { scope: 'cycle:developer:7', measure: 'prompts', limit: 200, spent: 200 };
const allocation: Question = {
  id: 'a0t5ne4y',
  taskId,
  kind: 'allocation',
  text: `${sentenceOf(shortage).replace(/^t/, 'T')}. It needs more for: ${wish}`,
  shortage,
  choices: allocationChoices(
    'developer',
    [{ agent: 'quality-assurance', limit: 100, spent: 20 }],
    new Date('2026-11-24T00:00:00Z'),
  ),
  askedAt,
};

const phases = ['Product catalog API', 'Shopping cart functionality', 'Payment integration'].map((name) => ({
  name,
  goal: name,
  task: name,
  criteria: [],
  dependsOn: [],
}));
const planned: News = { type: 'project.planned', taskId: projectId, projectId, title: 'Shop', revision: 1, phases };
const about = { taskId: projectId, projectId, phase: 'Product catalog API', number: 1, of: 3 } as const;
const started: News = { type: 'phase.started', ...about, attempt: 1, developmentTask: taskId };
const done: News = { type: 'phase.finished', ...about, status: 'done', attempts: 1 };
const next: News = {
  type: 'phase.started',
  ...about,
  phase: 'Shopping cart functionality',
  number: 2,
  attempt: 1,
  developmentTask: taskId,
};
const shop = accepted(projectId, 'Build an e-commerce platform', 'project-manager');
const afterFirst = [shop, planned, started, prompt(projectId), tests(18, 'spiral', projectId), done];

const talkId = 'b1v6xk3e' as TaskId;
const conversationId = 'm4t0q8za' as ConversationId;
const talkWords = 'What could go wrong with our backups? @qa';
const talk: News = { ...accepted(talkId, talkWords, 'project-manager'), conversation: conversationId } as News;

function speech(number: number, author: Speaker, text: string): News {
  return { type: 'message.sent', taskId: talkId, conversationId, topic: 'general', number, author, text, mentions: [] };
}

const opening = speech(1, 'human', talkWords);
const concern = speech(
  2,
  'quality-assurance',
  'Mostly that nobody tests the restore. @dm, how often should we try it?',
);
const settled = speech(3, 'decision-maker', 'Once a month, by script, on a machine that is thrown away afterwards.');

function told(news: News, ...before: readonly News[]): Screen['messages'][number]['message'] {
  const said = agentNews({ id: before.length, at: askedAt.toISOString(), ...news }, cardOf(...before));
  if (!said) throw new Error('this is told by the card alone');
  return { content: said.text, voice: said.voice };
}

/** What the pictures of docs/discord.md show: fixed events through the renderers of the bot. */
export const screens: Readonly<Record<string, Screen>> = {
  progress: {
    title: 'A task at work: its card with the last steps, what was spent, tests, and a button that stops it',
    place: wish,
    messages: [{ message: cardMessage(cardOf(...atWork)), at: 'Today at 11:02' }],
  },
  report: {
    title: 'The report of a task: what was observed, what the model says as a quotation, and the files',
    place: wish,
    messages: reportMessage(finished, deliverables).map((message) => ({ message, at: 'Today at 11:05' })),
  },
  'tool-request': {
    title: 'A request for a tool: the card of the project manager, with buttons and reactions',
    place: 'Make a report of customers.csv',
    messages: [
      {
        message: questionMessage(toolQuestion, toolContext),
        at: 'Today at 11:07',
        reactions: Object.values(decisionSigns),
      },
    ],
  },
  'tool-request-answered': {
    title: 'The same request once it is decided: its words stay, the buttons are gone',
    place: 'Make a report of customers.csv',
    messages: [
      {
        message: answeredMessage(toolQuestion, { elsewhere: false, by: '4711', answer: 'approve' }, toolContext),
        at: 'Today at 11:07',
      },
    ],
  },
  permission: {
    title: 'A question for permission, with the whole command',
    place: wish,
    messages: [{ message: questionMessage(permission, { taskText: wish }), at: 'Today at 11:03' }],
  },
  question: {
    title:
      'What Claude Code asks in the middle of its work: its options are buttons, and any other words are an answer',
    place: wish,
    messages: [{ message: questionMessage(choice, { taskText: wish }), at: 'Today at 11:03' }],
  },
  allocation: {
    title: 'An agent has no prompts left: more by a press, from another agent, or in the next cycle',
    place: wish,
    messages: [{ message: questionMessage(allocation, { taskText: wish }), at: 'Today at 11:04' }],
  },
  project: {
    title: 'A project: its card, the plan, and one message of each phase by the agent that did it',
    place: 'Build an e-commerce platform',
    messages: [
      {
        message: cardMessage(cardOf(...afterFirst, next, progress('Writing src/cart.ts', projectId))),
        at: 'Today at 11:10',
      },
      { message: told(planned, shop, planned), at: 'Today at 11:11' },
      { message: told(done, ...afterFirst), at: 'Today at 11:19' },
    ],
  },
  talk: {
    title: 'Agents that talk with a person and with each other: every message under the name of its agent',
    place: talkWords,
    messages: [
      {
        message: cardMessage(cardOf(talk, opening, concern, settled, { ...prompt(talkId), used: 2 } as News)),
        at: 'Today at 11:20',
      },
      { message: told(concern, talk), at: 'Today at 11:20' },
      { message: told(settled, talk), at: 'Today at 11:21' },
    ],
  },
};
