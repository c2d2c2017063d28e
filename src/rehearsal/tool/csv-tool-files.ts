/* The files that the developer writes in the tool demo: first with a fault that its own tests do not see, then mended. */

const head = `let text = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) text += chunk;

class Refusal extends Error {}

function inputFrom(json) {
  let input;
  try {
    input = JSON.parse(json);
  } catch {
    throw new Refusal('the input is no JSON');
  }
  if (typeof input !== 'object' || input === null || typeof input.csv !== 'string') throw new Refusal('csv has to be a text');
  return input.csv;
}
`;

const tail = `
/** Every record as an object by the names of the first line. */
function rowsOf(table) {
  const [names, ...records] = table;
  if (!names) return [];
  if (new Set(names).size !== names.length) throw new Refusal('two columns have the same name');
  return records.map((record, index) => {
    if (record.length !== names.length) {
      throw new Refusal(\`record \${index + 1} has \${record.length} fields, and there are \${names.length} names\`);
    }
    return Object.fromEntries(names.map((name, column) => [name, record[column]]));
  });
}

try {
  process.stdout.write(JSON.stringify({ rows: rowsOf(tableOf(inputFrom(text))) }));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(\`\${error.message}\\n\`);
  process.exitCode = 1;
}
`;

/** Splits at every comma and every line break, quoted or not. */
export const faultySource = `${head}
function tableOf(csv) {
  return csv
    .split('\\n')
    .filter((line) => line !== '')
    .map((line) => line.split(',').map((field) => field.replace(/^"|"$/g, '')));
}
${tail}`;

/** As RFC 4180 has it. */
export const mendedSource = `${head}
function tableOf(csv) {
  const table = [];
  let record = [];
  let field = '';
  let at = 0;
  const endField = () => {
    record.push(field);
    field = '';
  };
  const endRecord = () => {
    endField();
    table.push(record);
    record = [];
  };
  while (at < csv.length) {
    if (csv[at] === '"' && field === '') {
      at = quoted(at + 1);
      continue;
    }
    if (csv[at] === ',') endField();
    else if (csv[at] === '\\n' || csv.startsWith('\\r\\n', at)) {
      endRecord();
      if (csv[at] === '\\r') at += 1;
    } else field += csv[at];
    at += 1;
  }
  if (field !== '' || record.length > 0) endRecord();
  return table.filter((one) => one.length > 1 || one[0] !== '');

  function quoted(from) {
    for (let index = from; index < csv.length; index += 1) {
      if (csv[index] !== '"') field += csv[index];
      else if (csv[index + 1] === '"') {
        field += '"';
        index += 1;
      } else return index + 1;
    }
    throw new Refusal('a quotation is not ended');
  }
}
${tail}`;

export const manifest = `${JSON.stringify(
  {
    name: 'demo-csv-to-json',
    version: '1.0.0',
    description: 'Turns a text in CSV (RFC 4180, first line with the names) into one object for each record.',
    inputSchema: {
      type: 'object',
      properties: { csv: { type: 'string' } },
      required: ['csv'],
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: { rows: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } } },
      required: ['rows'],
      additionalProperties: false,
    },
    language: 'node',
    entry: 'index.mjs',
  },
  null,
  2,
)}\n`;

const oneRow = {
  name: 'one record',
  input: { csv: 'name,age\nAda,36\n' },
  output: { rows: [{ name: 'Ada', age: '36' }] },
};

export const examples = `${JSON.stringify(
  [
    oneRow,
    { name: 'nothing', input: { csv: '' }, output: { rows: [] } },
    { name: 'a field is missing', input: { csv: 'a,b\n1' }, error: true },
  ],
  null,
  2,
)}\n`;

const testHead = `import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const rowsOf = (csv) => JSON.parse(spawnSync(process.execPath, ['index.mjs'], { input: JSON.stringify({ csv }), encoding: 'utf8' }).stdout).rows;
`;

export const firstTests = `${testHead}
test('a record is an object', () => {
  assert.deepEqual(rowsOf('name,age\\nAda,36'), [{ name: 'Ada', age: '36' }]);
});

test('no text has no records', () => {
  assert.deepEqual(rowsOf(''), []);
});
`;

export const mendedTests = `${firstTests}
test('a comma and a line break in quotation marks belong to the field', () => {
  assert.deepEqual(rowsOf('a,b\\n"1,2","3\\n4"'), [{ a: '1,2', b: '3\\n4' }]);
});

test('two quotation marks are one', () => {
  assert.deepEqual(rowsOf('a\\n"say ""hi"""'), [{ a: 'say "hi"' }]);
});
`;

/** What the developer asks for. */
export const wish = {
  name: 'demo-csv-to-json',
  description:
    'Turns CSV as spreadsheets write it into JSON records, with quoted fields, so that every task reads it alike',
  urgency: 8,
  importance: 7,
  blocking: true,
  requirements: [
    'RFC 4180: quoted fields, commas and line breaks in them, doubled quotation marks',
    'The first line has the names',
  ],
  examples: [oneRow],
};

/** What quality assurance writes from the request alone. */
export const heldOut = {
  kind: 'held-out',
  cases: [
    {
      name: 'two records',
      input: { csv: 'id,city\n1,Oslo\n2,Bonn\n' },
      output: {
        rows: [
          { id: '1', city: 'Oslo' },
          { id: '2', city: 'Bonn' },
        ],
      },
    },
    {
      name: 'a comma in quotation marks',
      input: { csv: 'name,city\n"Lovelace, Ada",London' },
      output: { rows: [{ name: 'Lovelace, Ada', city: 'London' }] },
    },
    { name: 'a doubled quotation mark', input: { csv: 'q\n"5"" pipe"' }, output: { rows: [{ q: '5" pipe' }] } },
    {
      name: 'a line break in quotation marks',
      input: { csv: 'a,b\n"x\ny",z' },
      output: { rows: [{ a: 'x\ny', b: 'z' }] },
    },
    { name: 'only the names', input: { csv: 'a,b\n' }, output: { rows: [] } },
  ],
};
