/** With room below the 255 bytes of a file system for a number and a draft's ending. */
const mostBytes = 200;
const mostCharacters = 100;

/** Control characters, invisible ones, among them those that turn the direction of text, and halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const unfit = /[<>:"|?*]/g;
/** Devices of Windows, whatever their ending, and what coding agents read as orders. */
const reserved = /^(?:(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|(?:claude(?:\.local)?|agents)\.md$)/i;

/** For each name, in order, one that is safe as the name of a file in a folder of their own; no two are the same. */
export function safeNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const safe = safeName(name);
    let unique = safe;
    for (let number = 2; taken.has(folded(unique)); number += 1) unique = numbered(safe, number);
    taken.add(folded(unique));
    return unique;
  });
}

function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replace(unseen, '')
    .replace(unfit, '_')
    .replace(/\s+/g, ' ')
    // A dot hides a file or names a folder, a dash is read as an option.
    .replace(/^[.\s-]+|[.\s]+$/g, '');
  const named = plain === '' ? 'file' : plain;
  return shortened(reserved.test(named) ? `_${named}` : named);
}

/** The ending of a name says what is in it, and stays. */
function shortened(name: string): string {
  const { stem, ending } = partsOf(name);
  let kept = [...stem];
  while (kept.length > 1 && !fits(kept.join('') + ending)) kept = kept.slice(0, -1);
  return kept.join('') + ending;
}

function fits(name: string): boolean {
  return name.length <= mostCharacters && Buffer.byteLength(name) <= mostBytes;
}

function numbered(name: string, number: number): string {
  const { stem, ending } = partsOf(name);
  return `${stem}-${number}${ending}`;
}

function partsOf(name: string): { readonly stem: string; readonly ending: string } {
  const ending = /(?<=.)\.[\p{L}\p{N}]{1,12}$/u.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - ending.length), ending };
}

/** Some file systems know no case. */
function folded(name: string): string {
  return name.toLowerCase();
}
