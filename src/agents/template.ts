/** What a prompt template may and must hold: names of placeholders, written `{{name}}`. */
export type TemplateShape = { readonly required: readonly string[]; readonly optional: readonly string[] };

const placeholder = /\{\{([^{}\n]*)\}\}/g;

/**
 * A template with its placeholders filled. Values are taken as they are and never expanded again, whatever they hold; only
 * where one would close a tag of the template (`</task>`) it is made to stay inside. Throws for a placeholder without value.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const tags = tagsIn(template);
  return template.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(values, name.trim()) ? values[name.trim()] : undefined;
    if (value === undefined) throw new Error(`the template has a placeholder without a value: ${name.trim()}`);
    return keptInside(value, tags);
  });
}

/** What is wrong with the text of a template; empty when nothing is. */
export function problemsOfTemplate(text: string, { required, optional }: TemplateShape): string[] {
  if (text.trim() === '') return ['is empty'];
  const found = new Set(Array.from(text.matchAll(placeholder), ([, name = '']) => name.trim()));
  const unknown = [...found].filter((name) => !required.includes(name) && !optional.includes(name));
  const missing = required.filter((name) => !found.has(name));
  return [
    ...missing.map((name) => `misses the placeholder {{${name}}}`),
    ...unknown.map((name) => `holds {{${name}}}, which is no placeholder here`),
  ];
}

/** The tags that a template closes, as parts of a pattern. */
function tagsIn(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(/<\/([a-z][a-z0-9-]*)>/g), ([, tag = '']) => tag))];
}

function keptInside(value: string, tags: readonly string[]): string {
  if (tags.length === 0) return value;
  return value.replace(new RegExp(`<(\\s*/\\s*(?:${tags.join('|')})(?![a-z0-9-]))`, 'gi'), '<\\$1');
}
