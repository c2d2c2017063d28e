import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeAndTests, type QualityFacts, qualityOf } from './quality.ts';

test('the score is the mean of the parts that were observed, and the others are named', () => {
  const quality = qualityOf({ verified: true, tests: { passed: 3, failed: 1, skipped: 7 }, rounds: 2 });
  expect(quality).toEqual({
    score: (1 + 0.75 + 0.5) / 3,
    parts: [
      { name: 'verified', value: 1, observed: 'our own tests prove it' },
      { name: 'tests-green', value: 0.75, observed: '3 of 4 passed' },
      { name: 'few-rounds', value: 0.5, observed: '2' },
    ],
    unobserved: ['code-has-tests', 'tests-kept', 'commands-ended-well', 'claims-hold'],
  });
});

test('what has no meaning is not observed', () => {
  const nothing = { tests: { passed: 0, failed: 0, skipped: 3 }, changes: { code: 0, tests: 2 }, rounds: 0 };
  const empty = { kept: { before: 0, missing: 0 }, commands: { different: 0, failing: 0 } };
  expect(qualityOf({ verified: false, ...nothing, ...empty })).toMatchObject({
    score: 0,
    parts: [{ name: 'verified' }],
  });
});

const share = fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 50 })).map(([good, bad]) => ({ all: good + bad, bad }));

const factsOf = fc.record(
  {
    verified: fc.boolean(),
    tests: fc.record({ passed: fc.nat({ max: 99 }), failed: fc.nat({ max: 99 }), skipped: fc.nat({ max: 99 }) }),
    changes: fc.record({ code: fc.nat({ max: 9 }), tests: fc.nat({ max: 9 }) }),
    kept: share.map(({ all, bad }) => ({ before: all, missing: bad })),
    commands: share.map(({ all, bad }) => ({ different: all, failing: bad })),
    rounds: fc.nat({ max: 15 }),
    contradictions: fc.nat({ max: 20 }),
  },
  { requiredKeys: ['verified'] },
);

test('whatever is observed, score and parts lie within 0 and 1, and every part is either measured or named as unobserved', () => {
  fc.assert(
    fc.property(factsOf, (facts) => {
      const { score, parts, unobserved } = qualityOf(facts);
      for (const value of [score, ...parts.map((part) => part.value)]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(parts.length + unobserved.length).toBe(7);
    }),
  );
});

/** Each makes one fact better and leaves the others as they are. */
const betterments: readonly ((facts: QualityFacts) => QualityFacts)[] = [
  (facts) => ({ ...facts, verified: true }),
  (facts) =>
    facts.tests?.failed
      ? { ...facts, tests: { ...facts.tests, passed: facts.tests.passed + 1, failed: facts.tests.failed - 1 } }
      : facts,
  (facts) => (facts.changes ? { ...facts, changes: { ...facts.changes, tests: facts.changes.tests + 1 } } : facts),
  (facts) => (facts.kept?.missing ? { ...facts, kept: { ...facts.kept, missing: facts.kept.missing - 1 } } : facts),
  (facts) =>
    facts.commands?.failing
      ? { ...facts, commands: { ...facts.commands, failing: facts.commands.failing - 1 } }
      : facts,
  (facts) => (facts.rounds && facts.rounds > 1 ? { ...facts, rounds: facts.rounds - 1 } : facts),
  (facts) => (facts.contradictions ? { ...facts, contradictions: facts.contradictions - 1 } : facts),
];

test('a better fact never lowers the score, and a really better one raises it', () => {
  fc.assert(
    fc.property(factsOf, fc.constantFrom(...betterments), (facts, better) => {
      const improved = better(facts);
      const before = qualityOf(facts).score;
      expect(qualityOf(improved).score).toBeGreaterThanOrEqual(before);
    }),
  );
  const poor = {
    verified: false,
    tests: { passed: 0, failed: 9, skipped: 0 },
    changes: { code: 1, tests: 0 },
    rounds: 9,
  };
  const facts = { ...poor, kept: { before: 9, missing: 9 }, commands: { different: 9, failing: 9 }, contradictions: 9 };
  for (const better of betterments) expect(qualityOf(better(facts)).score).toBeGreaterThan(qualityOf(facts).score);
});

test('code, tests and what is neither are told apart by their names', () => {
  const change = (path: string, language: string, change: 'created' | 'deleted' = 'created') => ({
    path,
    language,
    change,
    linesAdded: 1,
    linesRemoved: 0,
  });
  expect(
    codeAndTests([
      change('src/a.ts', 'TypeScript'),
      change('latest.py', 'Python'),
      change('gone.ts', 'TypeScript', 'deleted'),
      change('README.md', 'Markdown'),
      change('logo.png', 'unknown'),
      change('src/a.test.ts', 'TypeScript'),
      change('tests/conftest.py', 'Python'),
      change('pkg/a_test.go', 'Go'),
      change('src/test/java/ATest.java', 'Java'),
    ]),
  ).toEqual({ code: 2, tests: 4 });
});
