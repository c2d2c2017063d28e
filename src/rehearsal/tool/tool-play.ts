import type { Conversation, Reply } from '../messages.ts';
import { bash, ownTool, play, say, write } from '../play.ts';
import type { Script } from '../server.ts';
import { asJson, cast } from '../team/cast.ts';
import {
  examples,
  faultySource,
  firstTests,
  heldOut,
  manifest,
  mendedSource,
  mendedTests,
  wish,
} from './csv-tool-files.ts';

/** What the tool demo asks for. */
export const toolTask = 'Read customers.csv and write customers.json, one object for each customer, with a test for it';

/** A second task, which finds the tool there. */
export const secondToolTask = 'Read orders.csv and write orders.json, one object for each order, with a test for it';

/** What lies in the workspace before. */
export const customers = 'name,city\n"Lovelace, Ada",London\n"Noether, Emmy",Erlangen\n';

const assessment = {
  kind: 'tool-assessment',
  recommendation: {
    decision: 'approve',
    reason: 'Every task with data from a spreadsheet needs it, and each writes its own, wrong in another way.',
  },
  alternatives: [
    { source: 'package', name: 'papaparse', fit: 'Reads CSV, but would be installed anew in every workspace.' },
    { source: 'other', name: 'a few lines of code', fit: 'Fails at quoted fields, as it does every time.' },
  ],
  effort: { agentHours: 0.5, prompts: 8 },
  benefit: 'One proved reader for every agent instead of one in every workspace.',
};

const plan = {
  kind: 'tool-plan',
  language: 'node',
  approach: 'One pass over the text, character by character, with a state for quotation.',
  steps: [
    'Read the input and refuse what is no text',
    'Split into records and fields',
    'Objects by the names of the first line',
  ],
};

const research = {
  kind: 'tool-research',
  findings: ['RFC 4180 doubles a quotation mark inside a quoted field', 'Spreadsheets end lines with \\r\\n'],
  pitfalls: ['A line break inside a quoted field does not end the record'],
};

const manual = {
  kind: 'tool-manual',
  text: '# demo-csv-to-json\n\nFor every CSV text whose first line has the names. `rows` has one object for each record; all values are texts. It fails, and says where, when a record has another number of fields than there are names.',
};

/** Which of its questions the project manager is asked stands in the shape of the answer. */
function projectManager(conversation: Conversation): Reply {
  const asked = conversation.prompts[0] ?? '';
  for (const answer of [assessment, plan, research, manual]) {
    if (new RegExp(`"const":\\s*"${answer.kind}"`).test(asked)) return asJson(answer);
  }
  throw new Error('the project manager is asked for something that is not in this play');
}

const testOf = (name: string) => `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('every record of ${name}.csv is in ${name}.json', () => {
  assert.equal(JSON.parse(readFileSync('${name}.json', 'utf8')).length, 2);
});
`;

/** The second call of the tool gives what the file holds: the script only repeats what it got. */
const usesTool =
  (name: string, csv: string): Script =>
  (conversation, request) => {
    const said = conversation.results.at(-1)?.text ?? '';
    const rows: unknown = said.startsWith('{"rows"') ? JSON.parse(said).rows : [];
    return play([
      [
        [say('Reading the data with the tool of the team…'), ownTool('demo-csv-to-json', { csv })],
        [write(`${name}.json`, `${JSON.stringify(rows, null, 2)}\n`), write(`test/${name}.test.mjs`, testOf(name))],
        [bash('node --test', 'Run the tests')],
        [say(`${name}.json is there, with a test.`)],
      ],
    ])(conversation, request);
  };

/** Asks for the tool, sleeps, and goes on with it in the same session. */
const missesTool: Script = (conversation, request) => {
  const rows = conversation.results.map(({ text }) => text).find((text) => text.startsWith('{"rows"'));
  return play([
    [
      [say('Looking at the data…'), bash('cat customers.csv', 'Show the data')],
      [ownTool('search_tools', { text: 'read CSV with quoted fields' })],
      [say('There is no tool for it; asking for one.'), ownTool('request_tool', wish)],
      [ownTool('demo-csv-to-json', { csv: customers })],
      [
        write('customers.json', `${JSON.stringify(rows ? JSON.parse(rows).rows : [], null, 2)}\n`),
        write('test/customers.test.mjs', testOf('customers')),
      ],
      [bash('node --test', 'Run the tests')],
      [say('customers.json is there, with a test.')],
    ],
  ])(conversation, request);
};

const buildsTool = play([
  [
    [say('Writing the tool…'), write('tool.json', manifest), write('index.mjs', faultySource)],
    [write('test/examples.json', examples), write('test/index.test.mjs', firstTests)],
    [bash('node --test', 'Run the tests')],
    [say('The tool is written and its tests pass.')],
  ],
  [
    [say('Reading quoted fields as the standard has them…'), write('index.mjs', mendedSource)],
    [write('test/index.test.mjs', mendedTests), bash('node --test', 'Run the tests')],
    [say('Quoted fields are read.')],
  ],
]);

/** A developer who lacks a tool, gets it built with one repair, and uses it in the same session; the next task finds it there. */
export function toolPlay(orders = 'id,item\n1,"Cup, blue"\n2,Plate\n'): Script {
  const uses = usesTool('orders', orders);
  return cast({
    'project-manager': projectManager,
    'quality-assurance': [heldOut],
    developer(conversation, request) {
      const asked = conversation.prompts[0] ?? '';
      const prompts = conversation.prompts.filter((prompt) => !prompt.includes('You were interrupted'));
      const told = { ...conversation, prompts };
      if (asked.includes('Write the tool demo-csv-to-json')) return buildsTool(told, request);
      return asked.includes('orders.csv') ? uses(told, request) : missesTool(told, request);
    },
  });
}
