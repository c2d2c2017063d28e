import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outcomeFileEnding } from '../reading/outcome-lines.ts';

/**
 * Our own reporters, as text: they are written beside the results and loaded by the node of the project, so they must not
 * depend on where or how Spiral itself is installed.
 */

/** Holds the options that we added to NODE_OPTIONS, for the processes that are to report. */
const reportVariable = 'SPIRAL_TEST_REPORT';
const nodeReporterName = 'node-reporter.mjs';

/** Gives a runner the environment that it would have without us, so that what a test starts by itself is not counted. */
const withdraw = `
function withdraw() {
  const added = process.env.${reportVariable};
  delete process.env.${reportVariable};
  if (added === undefined) return false;
  const rest = (process.env.NODE_OPTIONS ?? '').replace(added, '').trim();
  if (rest === '') delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = rest;
  return true;
}
`;

/** Appends outcome lines, one file for every process. Lines are written at once, so that a run that is ended has reported. */
const appendOutcome = `
const ownFile = (folder) => join(folder, process.pid + '-' + process.hrtime.bigint() + '${outcomeFileEnding}');
let messages = 0;

function append(file, outcome, name, message) {
  const line = { outcome };
  if (outcome === 'failed' || outcome === 'listed') {
    messages += 1;
    if (messages <= 100) Object.assign(line, { name: String(name).slice(0, 500), message: String(message).slice(0, 4000) });
  }
  appendFileSync(file, JSON.stringify(line) + String.fromCharCode(10));
}
`;

/**
 * For node:test. A file that holds no test is reported by node as one passed test; it is left out, because it proves
 * nothing, unless it failed.
 */
const nodeTestReporter = `
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
${appendOutcome}${withdraw}
const reports = withdraw();
const file = ownFile(fileURLToPath(new URL('.', import.meta.url)));
const printed = new Map();

export default async function* (events) {
  if (reports) appendFileSync(file, '');
  for await (const { type, data } of events) {
    if (!reports) continue;
    if (type === 'test:stderr' && data.file) printed.set(data.file, ((printed.get(data.file) ?? '') + data.message).slice(-3000));
    if (type === 'test:pass' || type === 'test:fail') report(type === 'test:pass', data);
  }
}

function report(passed, data) {
  const error = data.details?.error;
  const onlyBelow = error?.failureType === 'subtestsFailed';
  const isFile = data.file !== undefined && data.nesting === 0 && resolve(data.name) === resolve(data.file);
  const skipped = data.skip !== undefined && data.skip !== false;
  const planned = data.todo !== undefined && data.todo !== false;
  if (data.details?.type === 'suite') {
    if (!passed && !onlyBelow && !planned) append(file, 'listed', data.name, text(error));
  } else if (isFile) {
    if (!passed) append(file, 'failed', data.name, printed.get(data.file) ?? text(error));
  } else if (skipped || planned) append(file, 'skipped');
  else if (passed) append(file, 'passed');
  else append(file, 'failed', onlyBelow ? '' : data.name, onlyBelow ? '' : text(error));
}

function text(error) {
  const cause = error?.cause ?? error;
  return cause?.stack ?? cause?.message ?? String(cause);
}
`;

/** For mocha, which requires it; what it prints is for the person who reads the output. */
const mochaReporter = `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
${appendOutcome}
const file = ownFile(__dirname);

module.exports = class {
  constructor(runner) {
    appendFileSync(file, '');
    const say = (mark, test) => process.stdout.write('  ' + mark + ' ' + test.fullTitle() + String.fromCharCode(10));
    runner.on('pass', (test) => { append(file, 'passed'); say('ok', test); });
    runner.on('pending', (test) => { append(file, 'skipped'); say('skipped', test); });
    runner.on('fail', (test, error) => {
      append(file, 'failed', test.fullTitle(), error?.stack ?? error);
      say('FAILED', test);
      process.stdout.write(String(error?.stack ?? error) + String.fromCharCode(10));
    });
  }
};
`;

/**
 * Makes the runners that node starts report, wherever in a test script they stand. Loaded by every node process of the
 * script, it acts in the ones that are such a runner. Options for the reporter of node:test cannot stand in NODE_OPTIONS:
 * node refuses to start when they do not fit to those that a script gives itself. So node is started once more with all.
 */
const preload = `${withdraw}
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

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
  withdraw();
  const file = join(__dirname, process.pid + '-' + process.hrtime.bigint());
  const added = tool[1]
    ? ['--reporter=default', '--reporter=json', '--outputFile.json=' + file + '.jest.json']
    : tool[3]
      ? ['--reporter', join(__dirname, 'mocha-reporter.cjs')]
      : ['--json', '--outputFile=' + file + '.jest.json', ...(tool[4] ? ['--watchAll=false'] : [])];
  // These runners refuse a second file for the same report.
  const isFile = (word) => /^--outputFile(?:[.]json)?(?:=|$)/.test(word);
  const lacksFile = (word) => /^--outputFile(?:[.]json)?$/.test(word ?? '');
  process.argv = process.argv.filter((word, index, words) => !isFile(word) && !lacksFile(words[index - 1]));
  const end = process.argv.indexOf('--');
  process.argv.splice(end === -1 ? process.argv.length : end, 0, ...added);
}

function isNodeTest() {
  if (!process.allowedNodeEnvironmentFlags.has('--test-reporter')) return false;
  if (process.execArgv.includes('--test')) return true;
  if (main === '' || main.includes('/node_modules/')) return false;
  const { readFileSync, statSync } = require('node:fs');
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

/** How the names of the JSON reports of jest and vitest end. */
export const jestFileEnding = '.jest.json';

export type NodeTool = 'vitest' | 'jest' | 'mocha';

/** The arguments that make a runner write its results into a folder. */
export function reportArguments(tool: NodeTool, results: string): string[] {
  const file = join(results, `results${jestFileEnding}`);
  if (tool === 'vitest') return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  if (tool === 'jest') return ['--json', `--outputFile=${file}`];
  return ['--reporter', join(results, 'mocha-reporter.cjs')];
}

/**
 * Writes the reporters into the folder for results.
 *
 * @returns the environment that makes every runner below a process report, in addition to what it prints
 */
export async function writeReporters(results: string): Promise<Record<string, string>> {
  await writeFile(join(results, nodeReporterName), nodeTestReporter);
  await writeFile(join(results, 'mocha-reporter.cjs'), mochaReporter);
  await writeFile(join(results, 'preload.cjs'), preload);
  const options = `--require="${join(results, 'preload.cjs').replace(/["\\]/g, '\\$&')}"`;
  return { [reportVariable]: options, NODE_OPTIONS: options };
}
