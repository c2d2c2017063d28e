import type { Conversation, Reply } from '../messages.ts';
import { bash, edit, play, say, write } from '../play.ts';
import type { Script } from '../server.ts';
import { cast } from './cast.ts';
import {
  commandSource,
  commandTests,
  countFault,
  countMended,
  countSource,
  countTests,
  packageJson,
  readme,
} from './word-count-files.ts';

/** What the project demo asks for. */
export const projectTask = 'Create a small word counting library for Node with a command line and documentation';

const tests = { criterion: 'all tests pass', checkedBy: 'tests', subject: '' };

const plan = {
  kind: 'plan',
  title: 'Word counter',
  phases: [
    {
      name: 'Counting',
      goal: 'Words of a text are counted, whatever the case and the punctuation',
      task: 'Write src/count.js with countWords(text), and tests for it',
      criteria: [tests, { criterion: 'the module is there', checkedBy: 'file', subject: 'src/count.js' }],
      dependsOn: [],
    },
    {
      name: 'Command line',
      goal: 'A person counts the words of a file in a terminal',
      task: 'Write bin/count.js, which prints the ten most frequent words of a file, and tests for it',
      criteria: [tests, { criterion: 'a missing file is told in one line', checkedBy: 'review', subject: '' }],
      dependsOn: ['Counting'],
    },
    {
      name: 'Documentation',
      goal: 'A newcomer knows how to use it',
      task: 'Write README.md with an example for the library and for the command',
      criteria: [tests, { criterion: 'the page is there', checkedBy: 'file', subject: 'README.md' }],
      dependsOn: ['Command line'],
    },
  ],
};

const challenges = {
  kind: 'challenges',
  challenges: [
    {
      about: 'Counting',
      challenge: 'Splitting at spaces alone counts “word” and “word,” as two.',
      instead: 'Split at everything that is neither a letter nor a digit, in any language.',
    },
    { about: 'Command line', challenge: 'A command is one thing more to keep.', instead: 'Leave it away.' },
  ],
};

const settlement = {
  kind: 'settlement',
  rulings: [
    { number: 1, accepted: true, reason: 'It is what people expect, and costs one line.' },
    { number: 2, accepted: false, reason: 'The command was asked for.' },
  ],
};

const revised = {
  ...plan,
  phases: plan.phases.map((phase, index) =>
    index === 0
      ? { ...phase, task: `${phase.task}. Split at everything that is neither a letter nor a digit.` }
      : phase,
  ),
};

const review = { kind: 'phase-review', subject: 'Phase', strengths: ['small functions'], remediation: [] };
const passed = { ...review, verdict: 'passed', reason: 'It does what the phase asks for.', findings: [] };
const rejected = {
  ...review,
  verdict: 'rejected',
  reason: 'A missing file ends in a stack trace.',
  findings: [
    {
      title: 'A missing file is not handled',
      severity: 'medium',
      place: 'bin/count.js:5',
      detail: 'readFileSync throws, and nobody catches it.',
      recommendation: 'Tell of it in one line and exit with 1.',
    },
  ],
  remediation: [{ priority: 1, action: 'Handle the missing file' }],
};

/** Tells which criteria are met, from what the project manager is shown. */
const evaluation = ({ prompts }: Conversation): Reply => {
  const isRejected = /"verdict":\s*"rejected"/.test(prompts[0] ?? '');
  const met = { met: true, evidence: 'seen in the code and in the tests' };
  const criteria = [
    { number: 1, ...met },
    isRejected
      ? { number: 2, met: false, evidence: 'a missing file still ends in a stack trace' }
      : { number: 2, ...met },
  ];
  const refinement = isRejected ? 'Tell of a missing file in one line, with a test for it.' : '';
  return answer({ kind: 'evaluation', criteria, isDone: !isRejected, refinement });
};

const closing = {
  kind: 'closing',
  recommendations: ['Publish it with a version', 'Try it with texts in the languages of your users'],
};

/** The project manager is asked for four things; which one is seen in the words of the question. */
function projectManager(conversation: Conversation): Reply {
  const asked = conversation.prompts[0] ?? '';
  if (/"const":\s*"evaluation"/.test(asked)) return evaluation(conversation);
  if (/"const":\s*"closing"/.test(asked)) return answer(closing);
  return answer(/<changes>/.test(asked) ? revised : plan);
}

function answer(value: unknown): Reply {
  return { kind: 'message', blocks: [say(JSON.stringify(value))] };
}

/** The developer builds the phase that it is asked for; the second prompt of a session asks for its mending. */
function developer(): Script {
  const phases: Readonly<Record<string, Script>> = {
    Counting: play([
      [
        [say('Laying out the package…'), write('package.json', packageJson), write('src/count.js', countSource)],
        [write('test/count.test.js', countTests), bash('node --test', 'Run the tests')],
        [say('Words are counted, with tests.')],
      ],
    ]),
    'Command line': play([
      [
        [say('Adding the command…'), write('bin/count.js', commandSource), write('test/command.test.js', commandTests)],
        [bash('node --test', 'Run the tests')],
        [say('The command is there and tested.')],
      ],
      [
        [say('Handling the missing file…'), edit('bin/count.js', countFault, countMended)],
        [bash('node --test', 'Run the tests')],
        [say('A missing file is told in one line.')],
      ],
      // However often it is sent back, it does something.
      ...Array.from({ length: 8 }, (_, index) => [
        [say('Looking at it once more…'), write(`notes/attempt-${index + 3}.md`, 'Looked at it once more.\n')],
        [say('I looked at it once more.')],
      ]),
    ]),
    Documentation: play([[[say('Writing the page…'), write('README.md', readme)], [say('The page is written.')]]]),
  };
  return (conversation, request) => {
    const phase = Object.keys(phases).find((name) => (conversation.prompts[0] ?? '').includes(`Task: ${name}:`));
    const script = phase === undefined ? undefined : phases[phase];
    if (!script) throw new Error('the developer is asked for something that is not in this play');
    // Asked to go on after an interruption it does the same round once more.
    const prompts = conversation.prompts.filter((prompt) => !prompt.includes('You were interrupted'));
    return script({ ...conversation, prompts }, request);
  };
}

/**
 * A whole project of the team: planned, challenged, built in three phases and closed.
 *
 * @param rejections how often quality assurance rejects a phase before it passes, by the name of the phase
 */
export function projectPlay(rejections: Readonly<Record<string, number>> = { 'Command line': 1 }): Script {
  const asked = new Map<string, string[]>();
  const qualityAssurance: Script = ({ prompts: [question = ''] }) => {
    const phase = plan.phases.map(({ name }) => name).find((name) => question.includes(`"name": "${name}"`)) ?? '';
    const questions = asked.get(phase) ?? [];
    asked.set(phase, questions);
    if (!questions.includes(question)) questions.push(question);
    return answer(questions.indexOf(question) < (rejections[phase] ?? 0) ? rejected : passed);
  };
  return cast({
    'project-manager': projectManager,
    'creative-innovator': [challenges],
    'decision-maker': [settlement],
    'quality-assurance': qualityAssurance,
    developer: developer(),
  });
}
