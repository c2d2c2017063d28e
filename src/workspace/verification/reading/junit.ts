import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import type { TestCounts, TestResult } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { distinct } from './names.ts';

export type JunitReport = {
  readonly counts: TestCounts;
  readonly failedTests: readonly FailedTest[];
  readonly tests?: readonly TestResult[];
};

/** A larger report is not read; parsing holds up everything else for as long as it takes. */
export const junitLimitBytes = 8 * 1024 * 1024;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  attributesGroupName: false,
  // Entities that a document declares itself are how a small file grows to gigabytes; the five known ones are replaced below.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
  maxNestedTags: 50,
});

const nodeSchema = z.record(z.string(), z.unknown());
const childrenSchema = z.array(z.union([nodeSchema, z.string()]));
type Node = z.infer<typeof nodeSchema>;

/**
 * Reads a JUnit XML report. Its `testcase` elements are counted; the sums that it states about itself are not believed.
 * Gives undefined for text that is no such report, or one that was cut off.
 */
export function readJunit(text: string): JunitReport | undefined {
  if (!/<\/testsuites?\s*>\s*$|<testsuites?\b[^<>]*\/>\s*$/.test(text.slice(-2000))) return undefined;
  const document = parse(text);
  if (!document) return undefined;

  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failedTests: FailedTest[] = [];
  const tests: TestResult[] = [];
  const open = [...children(document, 'testsuites'), ...children(document, 'testsuite')];
  for (let suite = open.pop(); suite; suite = open.pop()) {
    open.push(...children(suite, 'testsuite'));
    for (const testcase of children(suite, 'testcase')) {
      const problem = children(testcase, 'failure')[0] ?? children(testcase, 'error')[0];
      const name = nameOf(testcase);
      const outcome = problem ? 'failed' : children(testcase, 'skipped').length > 0 ? 'skipped' : 'passed';
      counts[outcome] += 1;
      tests.push({ name, outcome });
      if (problem) failedTests.push({ name, message: messageOf(problem) });
    }
  }
  const named = distinct(tests);
  return { counts, failedTests, ...(named ? { tests: named } : {}) };
}

function parse(text: string): Node | undefined {
  try {
    const parsed = nodeSchema.safeParse(parser.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // Not XML, or nested beyond all sense.
  }
}

/** The elements of one name. An element without attributes and children is given by the parser as an empty text. */
function children(node: Node, name: string): Node[] {
  const parsed = childrenSchema.safeParse(node[name]);
  if (!parsed.success) return [];
  return parsed.data.map((child) => (typeof child === 'string' ? { '#text': child } : child));
}

function nameOf(testcase: Node): string {
  const parts = [attribute(testcase, 'classname'), attribute(testcase, 'name')].filter((part) => part !== '');
  return parts.join(' > ') || 'a test without a name';
}

function messageOf(problem: Node): string {
  const body = z.string().safeParse(problem['#text']).data ?? '';
  return plain(body.trim()) || attribute(problem, 'message');
}

function attribute(node: Node, name: string): string {
  return plain(z.string().safeParse(node[`@${name}`]).data ?? '');
}

const knownEntities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  '#10': '\n',
};

function plain(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp|#10);/g, (whole, name: string) => knownEntities[name] ?? whole);
}
