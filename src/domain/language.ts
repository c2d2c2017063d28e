/** A programming language by its usual name, or `unknown`, with how sure the detection is (0..1; 0 when unknown). */
export type DetectedLanguage = { readonly name: string; readonly confidence: number };

const unknownLanguage: DetectedLanguage = { name: 'unknown', confidence: 0 };

type Language = {
  readonly name: string;
  /** Words that name it and nothing else. */
  readonly names: readonly string[];
  /** Words that are also ordinary English: they count with a capital inside a sentence or behind `in`, `using`, `with`. */
  readonly ambiguous?: readonly string[];
  /** Frameworks, runners and package managers that imply it. */
  readonly hints: readonly string[];
  readonly extensions: readonly string[];
};

const languages: readonly Language[] = [
  {
    name: 'Rust',
    names: ['rustlang'],
    ambiguous: ['Rust'],
    hints: ['cargo', 'tokio', 'axum', 'actix', 'serde', 'reqwest', 'clap'],
    extensions: ['rs'],
  },
  {
    name: 'TypeScript',
    names: ['typescript'],
    ambiguous: ['TS'],
    hints: ['tsx', 'nestjs', 'angular', 'deno', 'zod', 'prisma'],
    extensions: ['ts', 'tsx', 'mts', 'cts'],
  },
  {
    name: 'JavaScript',
    names: ['javascript', 'node.js', 'nodejs', 'ecmascript'],
    ambiguous: ['Node', 'JS', 'Express'],
    hints: ['npm', 'express.js', 'react', 'vue', 'jquery', 'jest', 'vitest', 'webpack'],
    extensions: ['js', 'mjs', 'cjs', 'jsx'],
  },
  {
    name: 'Python',
    names: ['python', 'python3'],
    hints: ['django', 'flask', 'fastapi', 'pandas', 'numpy', 'pytest', 'pip', 'pydantic', 'jupyter'],
    extensions: ['py'],
  },
  {
    name: 'Go',
    names: ['golang'],
    ambiguous: ['Go'],
    hints: ['goroutine', 'goroutines', 'gin-gonic', 'go.mod'],
    extensions: ['go'],
  },
  {
    name: 'Java',
    names: ['java'],
    hints: ['spring boot', 'maven', 'junit', 'gradle', 'hibernate'],
    extensions: ['java'],
  },
  { name: 'Kotlin', names: ['kotlin'], hints: ['ktor', 'jetpack compose'], extensions: ['kt', 'kts'] },
  {
    name: 'C#',
    names: ['c#', 'csharp', '.net', 'dotnet'],
    hints: ['asp.net', 'blazor', 'nuget', 'entity framework'],
    extensions: ['cs'],
  },
  { name: 'C++', names: ['c++', 'cpp'], hints: ['cmake', 'boost', 'qt'], extensions: ['cpp', 'cc', 'cxx', 'hpp'] },
  {
    name: 'C',
    names: ['ansi c', 'c99', 'c11'],
    ambiguous: ['C'],
    hints: ['malloc', 'posix threads'],
    extensions: ['c', 'h'],
  },
  {
    name: 'Ruby',
    names: [],
    ambiguous: ['Ruby'],
    hints: ['rails', 'rspec', 'sinatra', 'bundler', 'rubygems'],
    extensions: ['rb'],
  },
  {
    name: 'PHP',
    names: ['php'],
    hints: ['laravel', 'symfony', 'composer', 'wordpress', 'phpunit'],
    extensions: ['php'],
  },
  {
    name: 'Swift',
    names: ['swiftui'],
    ambiguous: ['Swift'],
    hints: ['xcode', 'vapor', 'uikit'],
    extensions: ['swift'],
  },
  { name: 'Scala', names: ['scala'], hints: ['sbt', 'akka'], extensions: ['scala'] },
  { name: 'Elixir', names: ['elixir'], hints: ['phoenix liveview', 'ecto'], extensions: ['ex', 'exs'] },
  { name: 'Haskell', names: ['haskell'], hints: ['cabal', 'ghc'], extensions: ['hs'] },
  { name: 'Lua', names: ['lua'], hints: ['love2d', 'luarocks'], extensions: ['lua'] },
  { name: 'Perl', names: ['perl'], hints: ['cpan'], extensions: ['pl', 'pm'] },
  {
    name: 'R',
    names: ['rstats'],
    ambiguous: ['R'],
    hints: ['ggplot', 'ggplot2', 'tidyverse', 'dplyr'],
    extensions: ['r'],
  },
  { name: 'Dart', names: ['dart'], hints: ['flutter'], extensions: ['dart'] },
  { name: 'Zig', names: ['ziglang'], ambiguous: ['Zig'], hints: ['build.zig'], extensions: ['zig'] },
  { name: 'Crystal', names: ['crystal-lang'], ambiguous: ['Crystal'], hints: [], extensions: ['cr'] },
  {
    name: 'Shell',
    names: ['bash', 'shell script', 'zsh', 'posix shell'],
    hints: ['shellcheck'],
    extensions: ['sh', 'bash'],
  },
  { name: 'SQL', names: ['sql', 'plpgsql'], hints: [], extensions: ['sql'] },
];

const byName = 0.95;
const byAmbiguousName = 0.85;
const byHint = 0.75;
const byWorkspace = 0.6;
/** What every further candidate takes from the confidence in the strongest. */
const perRival = 0.25;
const threshold = 0.5;

/**
 * The language that a task is to be done in.
 *
 * A name in the task counts most, then a framework, then what the workspace is written in. Where the words point to two
 * languages alike the answer is `unknown`: a guess would send the work astray.
 *
 * @param extensions how many files of each extension (without the dot) the workspace holds
 */
export function languageOf(text: string, extensions: Readonly<Record<string, number>>): DetectedLanguage {
  const target = targetOf(text);
  const candidates = languages
    .map((language) => ({ name: language.name, confidence: confidenceIn(language, text, target) }))
    .filter((candidate) => candidate.confidence > 0)
    .sort((a, b) => b.confidence - a.confidence);
  const [first, second] = candidates;
  if (!first) return ofWorkspace(extensions);
  const rivals = second && second.confidence >= first.confidence ? perRival * (candidates.length - 1) + perRival : 0;
  const confidence = Math.round((first.confidence - rivals) * 100) / 100;
  return confidence >= threshold ? { name: first.name, confidence } : unknownLanguage;
}

function confidenceIn(language: Language, text: string, target: string): number {
  const named = (words: string) =>
    language.names.some((name) => hasWord(words.toLowerCase(), name))
      ? byName
      : language.ambiguous?.some((name) => namesAmbiguously(words, name))
        ? byAmbiguousName
        : 0;
  // `port this from Python to Rust`: the language after the last `to` or `into` is the one that is asked for.
  if (target !== '' && named(target) > 0) return 1;
  const strongest = Math.max(
    named(text),
    language.hints.some((hint) => hasWord(text.toLowerCase(), hint)) ? byHint : 0,
  );
  return strongest;
}

function targetOf(text: string): string {
  const match = /\b(?:port|convert|translate|migrate|rewrite)\b.*\b(?:to|into|in)\s+(.*)$/is.exec(text);
  const words = match?.[1]?.split(/[.,;\n]/)[0];
  return words === undefined ? '' : `in ${words}`;
}

function namesAmbiguously(text: string, name: string): boolean {
  const behindPreposition = new RegExp(`\\b(?:in|using|with|into|to)\\s+${name}(?![\\w+#])`, 'i');
  const afterArticle = new RegExp(`\\b(?:a|an|the|our|this|pure|idiomatic)\\s+${name}\\s+(?:\\w+\\s+)?(?:\\w+)`);
  const insideSentence = new RegExp(`\\S\\s+${name}(?![\\w+#'’])`);
  const versioned = new RegExp(`\\b${name}\\s*\\d`, 'i');
  return (
    insideSentence.test(text) ||
    afterArticle.test(text) ||
    versioned.test(text) ||
    (behindPreposition.test(text) && name.length > 1 && !isVerbLike(name))
  );
}

/** `to go`, `in express`: with a small letter these are English far more often than the language. */
function isVerbLike(name: string): boolean {
  return ['Go', 'Express', 'Swift', 'Crystal', 'Node'].includes(name);
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  const before = text[at - 1] ?? ' ';
  const after = text[at + word.length] ?? ' ';
  const inside = /[\w]/;
  const ends = !inside.test(before) && !/[\w+#]/.test(after);
  return ends || hasWord(text.slice(at + 1), word);
}

function ofWorkspace(extensions: Readonly<Record<string, number>>): DetectedLanguage {
  const counts = languages
    .map(({ name, extensions: own }) => ({ name, files: own.reduce((sum, one) => sum + (extensions[one] ?? 0), 0) }))
    .filter(({ files }) => files > 0)
    .sort((a, b) => b.files - a.files);
  const [first, second] = counts;
  if (!first) return unknownLanguage;
  return first.files >= 2 * (second?.files ?? 0) ? { name: first.name, confidence: byWorkspace } : unknownLanguage;
}
