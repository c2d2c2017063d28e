/** A source with the same length in both forms, so that a place in one is the same place in the other. */
export type SourceText = {
  /** Without its comments. */
  readonly code: string;
  /** Without comments and without what stands in its texts: only what is program. */
  readonly bare: string;
};

/** Blanks comments and texts of JavaScript; what is computed within a template stays program. */
export function scriptSource(text: string): SourceText {
  const marks = new Marks(text);
  /** For every open `${`, how many braces are open within it. */
  const templates: number[] = [];
  let before = '';
  for (let at = 0; at < text.length; ) {
    const [character = '', next = ''] = [text[at], text[at + 1]];
    const start = at;
    if (character === '/' && (next === '/' || next === '*')) {
      at = next === '/' ? endOfLine(text, at) : after(text, '*/', at + 2);
      marks.comment(start, at);
      continue;
    }
    if (at === 0 && character === '#' && next === '!') {
      at = endOfLine(text, at);
      marks.comment(start, at);
      continue;
    }
    if (character === '"' || character === "'") {
      at = endOfQuoted(text, at + 1, character);
      marks.text(start + 1, at - 1);
    } else if (character === '/' && beginsExpression(before)) {
      at = endOfExpression(text, at + 1);
      marks.text(start + 1, at - 1);
    } else if (character === '`' || (character === '}' && templates.at(-1) === 0)) {
      if (character === '}') templates.pop();
      at = endOfTemplatePart(text, at + 1);
      const opens = text[at - 1] === '{';
      marks.text(start + 1, opens ? at - 2 : at - 1);
      if (opens) templates.push(0);
    } else {
      const open = templates.length - 1;
      if (character === '{' && open >= 0) templates[open] = (templates[open] ?? 0) + 1;
      if (character === '}' && open >= 0) templates[open] = (templates[open] ?? 0) - 1;
      at += 1;
    }
    before = (before + text.slice(start, at)).slice(-30);
  }
  return marks.source();
}

/** Blanks comments and texts of Python; texts that are computed (`f"…"`) stay as they are. */
export function pythonSource(text: string): SourceText {
  const marks = new Marks(text);
  for (let at = 0; at < text.length; ) {
    const start = at;
    const character = text[at] ?? '';
    if (character === '#') {
      at = endOfLine(text, at);
      marks.comment(start, at);
    } else if (character === '"' || character === "'") {
      const quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
      at = quote.length === 3 ? afterEscaped(text, quote, at + 3) : endOfQuoted(text, at + 1, character);
      const isComputed = /(?:^|[^\w])(?:f|fr|rf)$/i.test(text.slice(Math.max(0, start - 3), start));
      if (!isComputed) marks.text(start + quote.length, at - quote.length);
    } else at += 1;
  }
  return marks.source();
}

/** A shell script without its comments. */
export function shellSource(text: string): SourceText {
  const code = text.replace(/(^|\s)#.*$/gm, (comment) => comment.replace(/\S/g, ' '));
  return { code, bare: code };
}

class Marks {
  readonly #characters: string[];
  readonly #bare: string[];

  constructor(text: string) {
    this.#characters = text.split('');
    this.#bare = text.split('');
  }

  comment(from: number, to: number): void {
    blank(this.#characters, from, to);
    blank(this.#bare, from, to);
  }

  text(from: number, to: number): void {
    blank(this.#bare, from, to);
  }

  source(): SourceText {
    return { code: this.#characters.join(''), bare: this.#bare.join('') };
  }
}

function blank(characters: string[], from: number, to: number): void {
  for (let at = from; at < Math.min(to, characters.length); at += 1) if (characters[at] !== '\n') characters[at] = ' ';
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function after(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end + mark.length;
}

function afterEscaped(text: string, mark: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(mark, at)) return at + mark.length;
  }
  return text.length;
}

/** Behind the closing quote, or at the end of the line where it is missing. */
function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote || text[at] === '\n') return at + 1;
  }
  return text.length;
}

function endOfExpression(text: string, from: number): number {
  let inClass = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') return at;
    if (character === '\\') at += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '/' && !inClass) return at + 1;
  }
  return text.length;
}

/** Behind the closing quote, or behind the `${` that comes first. */
function endOfTemplatePart(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return at + 1;
    else if (text[at] === '$' && text[at + 1] === '{') return at + 2;
  }
  return text.length;
}

/** Whether a slash behind this begins a regular expression; behind a value it divides. */
function beginsExpression(before: string): boolean {
  const last = before.trimEnd();
  return (
    last === '' ||
    /[(,=:[!&|?{};~+\-*%<>^]$/.test(last) ||
    /(?:^|[^\w$.])(?:return|typeof|case|in|of|void|delete|throw|new|else|do|await|yield)$/.test(last)
  );
}
