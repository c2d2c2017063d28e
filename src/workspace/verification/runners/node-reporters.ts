import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outcomeFileEnding } from '../reading/outcome-lines.ts';

/**
 * Our own reporters, as text: they are written beside the results and loaded by the node of the project, so they must not
 * depend on where or how Spiral itself is installed.
 */

/** Holds the options that we added to NODE_OPTIONS, for the processes that are to report. */
const reportVariable = 'SPIRAL_TEST_REPORT';
/** Holds what a line of a report must show, for the same processes; what they start is not told it. */
const keyVariable = 'SPIRAL_TEST_KEY';
const nodeReporterName = 'node-reporter.mjs';

/** Gives a runner the environment that it would have without us, so that what a test starts by itself is not counted. */
const withdraw = `
function withdraw() {
  const added = process.env.${reportVariable};
  const key = process.env.${keyVariable} ?? '';
  delete process.env.${reportVariable};
  delete process.env.${keyVariable};
  if (added === undefined) return undefined;
  const rest = (process.env.NODE_OPTIONS ?? '').replace(added, '').trim();
  if (rest === '') delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = rest;
  return key;
}
`;

/** Appends outcome lines, one file for every process. Lines are written at once, so that a run that is ended has reported. */
const appendOutcome = `
const ownFile = (folder) => join(folder, process.pid + '-' + process.hrtime.bigint() + '${outcomeFileEnding}');
let messages = 0;
let names = 0;

function append(file, key, outcome, name = '', message = '', path = '') {
  const line = { key, outcome };
  names += 1;
  if (names <= 25000) Object.assign(line, { name: String(name).slice(0, 500), file: String(path) });
  if (message !== '' && (messages += 1) <= 100) line.message = String(message).slice(0, 4000);
  appendFileSync(file, JSON.stringify(line) + String.fromCharCode(10));
}
`;

/**
 * For node:test. A file that holds no test is reported by node as one passed test; it is told apart, because it proves
 * nothing, unless it failed. A test that began and never ended was cut off by a process that ended itself.
 */
const nodeTestReporter = `
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
${appendOutcome}${withdraw}
const key = withdraw();
const file = ownFile(fileURLToPath(new URL('.', import.meta.url)));
const printed = new Map();
const around = new Map();
let open = 0;
if (key !== undefined) append(file, key, 'began', 'node');

export default async function* (events) {
  for await (const { type, data } of events) {
    if (key === undefined) continue;
    if (type === 'test:stderr' && data.file) printed.set(data.file, ((printed.get(data.file) ?? '') + data.message).slice(-3000));
    if (type === 'test:enqueue' && !isFile(data)) open += 1;
    if (type === 'test:start') {
      const titles = around.get(data.file) ?? [];
      titles.splice(data.nesting, titles.length, data.name);
      around.set(data.file, titles);
    }
    if (type === 'test:pass' || type === 'test:fail') report(type === 'test:pass', data);
  }
  if (key === undefined) return;
  if (open > 0) append(file, key, 'doubt', '', open + ' tests began and never ended: their process ended itself');
  append(file, key, 'ended');
}

function isFile(data) {
  return data.file !== undefined && data.nesting === 0 && resolve(data.name) === resolve(data.file);
}

function report(passed, data) {
  const error = data.details?.error;
  const onlyBelow = error?.failureType === 'subtestsFailed';
  const skipped = data.skip !== undefined && data.skip !== false;
  const planned = data.todo !== undefined && data.todo !== false;
  const name = [...(around.get(data.file) ?? []).slice(0, data.nesting), data.name].join(' > ');
  const tell = (outcome, message) => append(file, key, outcome, name, message, data.file ?? '');
  if (!isFile(data)) open -= 1;
  if (data.details?.type === 'suite') {
    if (!passed && !onlyBelow && !planned) tell('listed', text(error));
  } else if (isFile(data)) {
    if (!passed) append(file, key, 'failed', data.name, printed.get(data.file) ?? text(error));
    else append(file, key, 'empty', '', '', data.file);
  } else if (skipped || planned) tell('skipped');
  else if (passed) tell('passed');
  else tell('failed', onlyBelow ? '' : text(error));
}

function text(error) {
  const cause = error?.cause ?? error;
  return cause?.stack ?? cause?.message ?? String(cause);
}
`;

/** For mocha, which requires it; what it prints is for the person who reads the output. */
const mochaReporter = (key: string) => `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
${appendOutcome}
const file = ownFile(__dirname);
const key = ${JSON.stringify(key)};

module.exports = class {
  constructor(runner) {
    append(file, key, 'began', process.argv[1]);
    const say = (mark, test) => process.stdout.write('  ' + mark + ' ' + test.fullTitle() + String.fromCharCode(10));
    const tell = (outcome, test, message) => append(file, key, outcome, test.fullTitle(), message, test.file ?? '');
    runner.on('pass', (test) => { tell('passed', test); say('ok', test); });
    runner.on('pending', (test) => { tell('skipped', test); say('skipped', test); });
    runner.on('fail', (test, error) => {
      tell('failed', test, error?.stack ?? error);
      say('FAILED', test);
      process.stdout.write(String(error?.stack ?? error) + String.fromCharCode(10));
    });
    runner.on('end', () => append(file, key, 'ended'));
  }
};
`;

/**
 * Makes the runners that node starts report, wherever in a test script they stand. Loaded by every node process of the
 * script, it acts in the ones that are such a runner. Options for the reporter of node:test cannot stand in NODE_OPTIONS:
 * node refuses to start when they do not fit to those that a script gives itself. So node is started once more with all.
 * A runner that writes its own report is vouched for by the digest of what it wrote, when it ends.
 */
const preload = `${withdraw}
const { appendFileSync, readFileSync, statSync } = require('node:fs');
const { basename, join } = require('node:path');
const { pathToFileURL } = require('node:url');
${appendOutcome}
const main = (process.argv[1] ?? '').split(String.fromCharCode(92)).join('/');
const tool = /[/]node_modules[/](?:.*[/])?(?:(vitest)(?:[.]mjs)?|(jest)(?:[.]js)?|_?(mocha)(?:[.]js)?|(react-scripts)[/]scripts[/]test[.]js)$/.exec(main);
if (process.env.${reportVariable} !== undefined) {
  if (tool) addArguments();
  else if (isNodeTest()) startAgain();
}

function addArguments() {
  const given = process.argv.slice(2);
  const doesOther = ['bench', 'list', 'init', 'typecheck', '--listTests', '--showConfig', '--help', '--version'];
  if (doesOther.some((word) => given.includes(word))) return;
  const key = withdraw();
  const report = join(__dirname, process.pid + '-' + process.hrtime.bigint() + '.jest.json');
  const added = tool[1]
    ? ['--reporter=default', '--reporter=json', '--outputFile.json=' + report]
    : tool[3]
      ? ['--reporter', join(__dirname, 'mocha-reporter.cjs')]
      : ['--json', '--outputFile=' + report, ...(tool[4] ? ['--watchAll=false'] : [])];
  // These runners refuse a second file for the same report.
  const isFile = (word) => /^--outputFile(?:[.]json)?(?:=|$)/.test(word);
  const lacksFile = (word) => /^--outputFile(?:[.]json)?$/.test(word ?? '');
  process.argv = process.argv.filter((word, index, words) => !isFile(word) && !lacksFile(words[index - 1]));
  const end = process.argv.indexOf('--');
  process.argv.splice(end === -1 ? process.argv.length : end, 0, ...added);
  if (!tool[3]) vouchFor(report, key);
}

function vouchFor(report, key) {
  const file = ownFile(__dirname);
  append(file, key, 'began', main);
  process.on('exit', () => {
    let text;
    try {
      text = readFileSync(report);
    } catch {
      return; // It ended without a report, and so without a word of ours that it ended.
    }
    append(file, key, 'report', basename(report), require('node:crypto').createHash('sha256').update(text).digest('hex'));
    append(file, key, 'ended');
  });
}

function isNodeTest() {
  if (!process.allowedNodeEnvironmentFlags.has('--test-reporter')) return false;
  if (process.execArgv.includes('--test')) return true;
  if (main === '' || main.includes('/node_modules/')) return false;
  try {
    const status = statSync(main);
    return status.isFile() && status.size < 1000000 && readFileSync(main, 'utf8').includes('node:test');
  } catch {
    return false; // Node will say itself what is wrong with its script.
  }
}

function startAgain() {
  const own = '--test-reporter=' + pathToFileURL(join(__dirname, '${nodeReporterName}')).href;
  if (process.execArgv.includes(own)) return;
  const named = (option) => process.execArgv.filter((word) => word === option || word.startsWith(option + '=')).length;
  const reporters = named('--test-reporter');
  const toOutput = '--test-reporter-destination=stdout';
  const missing = reporters === 0 ? ['--test-reporter=spec', toOutput] : named('--test-reporter-destination') < reporters ? [toOutput] : [];
  const words = [...process.execArgv, ...missing, own, toOutput, ...process.argv.slice(1)];
  process.exit(require('node:child_process').spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1);
}
`;

export type NodeTool = 'vitest' | 'jest' | 'mocha';

/** The reporters of one run, ready in its folder for results. */
export type NodeReporters = {
  /** Makes every runner below a process report, in addition to what it prints. */
  readonly environment: Readonly<Record<string, string>>;
  /** What our own reporters write into every line. */
  readonly key: string;
};

/** The name of the report that a runner is asked for by arguments. */
export function argumentReport(key: string): string {
  return `results-${key}.jest.json`;
}

/** The arguments that make a runner write its results into a folder, for scripts that lose our environment. */
export function reportArguments(tool: NodeTool, results: string, key: string): string[] {
  const file = join(results, argumentReport(key));
  if (tool === 'vitest') return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  if (tool === 'jest') return ['--json', `--outputFile=${file}`];
  return ['--reporter', join(results, 'mocha-reporter.cjs')];
}

/** Writes the reporters into the folder for results. */
export async function writeReporters(results: string): Promise<NodeReporters> {
  const key = randomBytes(12).toString('hex');
  await writeFile(join(results, nodeReporterName), nodeTestReporter);
  await writeFile(join(results, 'mocha-reporter.cjs'), mochaReporter(key));
  await writeFile(join(results, 'preload.cjs'), preload);
  const options = `--require="${join(results, 'preload.cjs').replace(/["\\]/g, '\\$&')}"`;
  return { environment: { [reportVariable]: options, [keyVariable]: key, NODE_OPTIONS: options }, key };
}
