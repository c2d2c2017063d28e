import type { FileChange } from './file-change.ts';
import type { TestCounts } from './test-run.ts';

/** Something that the model said of its work, beside what was observed of it. */
export type Contradiction = { readonly claimed: string; readonly observed: string };

/** What a claim is compared with. */
export type Observation = {
  readonly changes: readonly FileChange[];
  /** Our own last run; null when we ran none. */
  readonly tests: TestCounts | null;
  /** The largest number of tests that a command of the model's own printed; it is only taken against false alarms. */
  readonly testsSeen?: number;
  /** What the model ran, as it was given to a shell. */
  readonly commands: readonly string[];
};

const longestClaim = 50_000;
const mostContradictions = 20;

/**
 * Where the closing words of a model differ from what was observed. Only what is said of finished work is compared, and
 * numbers only where more is claimed than was seen: who tells of a part of the work contradicts nothing. Sentences that
 * plan, propose, deny or look back are passed over, so that a claim that is true is never held against anybody.
 */
export function contradictionsIn(claim: string, observation: Observation): Contradiction[] {
  const found = new Map<string, Contradiction>();
  for (const sentence of sentencesOf(claim.slice(0, longestClaim))) {
    for (const contradiction of [
      ...aboutTests(sentence, observation),
      ...aboutRunning(sentence, observation),
      ...aboutFiles(sentence, observation),
    ]) {
      found.set(contradiction.claimed.toLowerCase(), contradiction);
    }
  }
  return [...found.values()].slice(0, mostContradictions);
}

/** Lines and sentences, without the marks of Markdown that only say how words look. */
function sentencesOf(claim: string): string[] {
  return claim
    .split(/\n+|(?<=[.!?])\s+(?=[A-Z*_`0-9(])|;\s+/)
    .map((sentence) => sentence.replace(/[*_]{2}|^[\s>#-]*|[✅✔✓🎉]/gu, '').trim())
    .filter((sentence) => sentence !== '');
}

/** Words that make a sentence no report of what is: plans, proposals, conditions, denials and the past. */
const noReport =
  /\b(?:should|would|could|can|may|might|will|shall|must|need(?:s|ed)?|if|once|when|until|unless|before|previously|originally|initially|earlier|already|instead|next|future|later|todo|plan(?:ned)?|recommend|suggest|consider|want(?:ed)?|expect(?:s|ed)?|asked|request(?:ed)?|require[sd]?|aim|goal|target|let me|let's|to make|not|no longer|never|cannot|except|apart|other than|but|however|although|despite|while|had|removed|deleted|dropped|cleaned|replaced|out of)\b|n't\b|\?$/i;

const number = String.raw`(\d{1,3}(?:,\d{3})+|\d{1,6})`;
const kindOfTest = String.raw`(?:(?:unit|integration|passing|new|test|automated|regression|end-to-end|e2e|different|separate|individual)\s+)?`;

function aboutTests(sentence: string, observation: Observation): Contradiction[] {
  if (noReport.test(sentence)) return [];
  const claims = [
    matched(
      new RegExp(
        String.raw`\b(?:all\s+)?${number}\s+${kindOfTest}tests?\b(?![\s-]*(?:files?|suites?|cases?|fixtures?|data|helpers?))`,
        'gi',
      ),
      sentence,
    ),
    matched(new RegExp(String.raw`\b${number}\s+${kindOfTest}test\s+cases?\b`, 'gi'), sentence),
    matched(
      new RegExp(String.raw`\b${number}\s*/\s*\d+\s+(?:tests?\s+)?(?:pass|passed|passing|green)\b`, 'gi'),
      sentence,
    ),
    matched(new RegExp(String.raw`\btests?:?\s+${number}\s+pass(?:ed|ing)\b`, 'gi'), sentence),
    matched(
      new RegExp(String.raw`^=*\s*${number}\s+(?:passed|passing)\b(?! (?:through|to|into|as|by|on)\b)`, 'gi'),
      sentence,
    ),
  ].flat();
  const counted = claims.flatMap(({ text, amount }) => exaggerated(text, amount, observation));
  return [...counted, ...allPass(sentence, observation), ...noneFail(sentence, observation)];
}

function exaggerated(text: string, amount: number, { tests, testsSeen = 0 }: Observation): Contradiction[] {
  if (!tests) return amount > testsSeen ? [{ claimed: text, observed: 'no tests ran' }] : [];
  const ran = tests.passed + tests.failed;
  const all = ran + tests.skipped;
  if (amount <= all) return [];
  const skipped = tests.skipped === 0 ? '' : ` and ${tests.skipped} ${tests.skipped === 1 ? 'was' : 'were'} skipped`;
  return [{ claimed: text, observed: `${ran} ran${skipped}` }];
}

const everyTest =
  /\b(?:all\s+(?:of\s+)?(?:the\s+|our\s+|my\s+)?(?:\d[\d,]*\s+)?tests\s+(?:are\s+|now\s+)*(?:pass(?:ed|ing)?|green|succeed(?:ed)?)|all\s+tests:?\s+pass(?:ed|ing)?|(?:the\s+)?(?:whole\s+|entire\s+|full\s+)test\s+suite\s+(?:is\s+)?(?:now\s+)?(?:passes|passed|passing|green)|every\s+test\s+(?:now\s+)?pass(?:es|ed))\b/i;

function allPass(sentence: string, { tests, testsSeen = 0 }: Observation): Contradiction[] {
  const text = everyTest.exec(sentence)?.[0];
  if (text === undefined || /\bin\s+[`"]?[\w./-]+\.\w+/.test(sentence)) return [];
  if (!tests) return testsSeen > 0 ? [] : [{ claimed: text, observed: 'no tests ran' }];
  if (tests.failed > 0) return [{ claimed: text, observed: failedOf(tests) }];
  if (tests.passed > 0) return [];
  return [{ claimed: text, observed: tests.skipped > 0 ? `all ${tests.skipped} were skipped` : 'no tests ran' }];
}

function noneFail(sentence: string, { tests }: Observation): Contradiction[] {
  const text = /\b(?:0|no|zero)\s+(?:tests?\s+)?(?:failed|failures|failing(?:\s+tests?)?)\b/i.exec(sentence)?.[0];
  return text !== undefined && tests && tests.failed > 0 ? [{ claimed: text, observed: failedOf(tests) }] : [];
}

function failedOf({ failed }: TestCounts): string {
  return `${failed} ${failed === 1 ? 'test' : 'tests'} failed`;
}

/** Whatever may run tests, however remotely. */
const mayRunTests =
  /test|spec|check|verify|make|npm|npx|pnpm|yarn|bun|deno|node|tsx|vitest|jest|mocha|python|tox|nox|hatch|uv\b|poetry|cargo|go\s|gradle|mvn|dotnet|rake|bundle|php|composer|swift|mix|just|task|bazel|ctest|\.sh\b|bash|\.\//i;

function aboutRunning(sentence: string, { commands }: Observation): Contradiction[] {
  const text =
    /^(?:(?:then|finally|afterwards|also|and),?\s+)?(?:I(?:\s+have|'ve)?\s+(?:then\s+|also\s+|successfully\s+)?)?(?:ran|executed|re-?ran)\s+(?:all\s+)?(?:of\s+)?(?:the\s+|my\s+|those\s+)?(?:(?:full|whole|entire|unit|new|existing)\s+)*(?:test suite|tests)\b/i.exec(
      sentence,
    )?.[0];
  if (text === undefined || noReport.test(sentence) || commands.some((command) => mayRunTests.test(command))) return [];
  return [{ claimed: text, observed: 'no command that runs tests' }];
}

function aboutFiles(sentence: string, { changes }: Observation): Contradiction[] {
  if (noReport.test(sentence)) return [];
  return [...numbersOfFiles(sentence, changes), ...namedFiles(sentence, changes)];
}

const madeFiles = new RegExp(
  String.raw`\b(created|wrote|generated|added|modified|changed|updated|edited)\s+(?:a\s+total\s+of\s+)?${number}\s+(?:new\s+|source\s+|test\s+|separate\s+)*files\b`,
  'i',
);

function numbersOfFiles(sentence: string, changes: readonly FileChange[]): Contradiction[] {
  const match = madeFiles.exec(sentence);
  if (!match?.[1] || !match[2]) return [];
  const made = changes.filter(({ change }) => change !== 'deleted').length;
  const isCreation = /^(?:created|wrote|generated|added)$/i.test(match[1]);
  // Whatever was created may have been there before in the eyes of the other, so both kinds count.
  const seen = isCreation ? made : changes.length;
  if (amountOf(match[2]) <= seen) return [];
  return [{ claimed: match[0], observed: `${seen} ${isCreation ? 'created or modified' : 'changed'}` }];
}

const path = String.raw`[\`"']?((?:[\w@.()[\]-]+\/)*[\w@.-]+\.[A-Za-z]\w{0,9})[\`"']?`;
const madeNamed = new RegExp(
  String.raw`^(?:I(?:\s+have|'ve)?\s+)?(?:created|wrote|generated)\s+(?:(?:a|an|the|new|two|three|four|five|following|file|files|module|script)\s+)*:?\s*${path}(?:\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)${path})*`,
  'i',
);

function namedFiles(sentence: string, changes: readonly FileChange[]): Contradiction[] {
  const list = madeNamed.exec(sentence)?.[0];
  if (list === undefined) return [];
  const named = [...list.matchAll(new RegExp(path, 'g'))].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return named
    .filter((name) => !changes.some((change) => isSamePath(change, name)))
    .map((name) => ({ claimed: `created ${name}`, observed: `no change of ${name}` }));
}

function isSamePath({ path, change }: FileChange, name: string): boolean {
  if (change === 'deleted') return false;
  const own = path.toLowerCase();
  const said = name.toLowerCase().replace(/^\.?\//, '');
  // A path from elsewhere, absolute for example, may still end in ours.
  return own === said || own.endsWith(`/${said}`) || said.endsWith(`/${own}`);
}

function matched(pattern: RegExp, sentence: string): { readonly text: string; readonly amount: number }[] {
  return [...sentence.matchAll(pattern)].flatMap((match) => {
    const before = sentence.slice(0, match.index);
    // Numbers that are a part of something longer: versions, ranges, prices, `3-5 tests`, `test 15`.
    if (/[\d.$#/~-]$|\b(?:least|than|over|about|around|nearly|almost|from|line|step|to|between|up)\s+$/i.test(before))
      return [];
    return [{ text: match[0].replace(/^=*\s*/, ''), amount: amountOf(match[1] ?? '') }];
  });
}

function amountOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}
