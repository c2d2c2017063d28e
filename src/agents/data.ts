/** The beginning of a text, at most so many characters; what is left out is said. */
export function excerpt(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters)}\n[${text.length - characters} more characters are left out]`;
}

/** Values as a model reads them best and nobody can break out of. */
export function asData(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

/** Numbers from 1 that an answer must name once each: what is wrong with those that it names. */
export function problemsOfNumbers(given: readonly number[], count: number, what: string): string[] {
  const problems: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const times = given.filter((one) => one === number).length;
    if (times === 0) problems.push(`there is nothing about ${what} ${number}`);
    if (times > 1) problems.push(`${what} ${number} is answered ${times} times`);
  }
  for (const number of new Set(given)) {
    if (number < 1 || number > count) problems.push(`there is no ${what} ${number}; there are ${count}`);
  }
  return problems;
}
