import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type AgentRole, agentRoles } from '../domain/agent.ts';
import { profiles, type Templates } from './profiles.ts';
import type { TemplateShape } from './template.ts';

// From the package root, so that it is the same folder for the sources and for what is built from them.
const folder = join(dirname(createRequire(import.meta.url).resolve('spiral-agents/package.json')), 'src/agents');

/** One template, and the file of a person that stands in for ours. */
export type TemplateFile = {
  readonly role: AgentRole;
  readonly name: string;
  readonly text: string;
  /** Absent when the text is ours. */
  readonly override?: string;
};

/** Every template that there is, in the order of the team. */
export function templateShapes(): { readonly role: AgentRole; readonly name: string; readonly shape: TemplateShape }[] {
  return agentRoles.flatMap((role) =>
    Object.entries<TemplateShape>(profiles[role].templates).map(([name, shape]) => ({ role, name, shape })),
  );
}

/** The templates that come with the package. They are few and small, and every task begins with them. */
export function ownTemplates(): TemplateFile[] {
  return templateShapes().map(({ role, name }) => ({
    role,
    name,
    text: readTemplate(readFileSync(join(folder, role, `${name}.md`), 'utf8')),
  }));
}

/** A file as the text of a template: line breaks are one character, and those at the end do not count. */
export function readTemplate(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trimEnd();
}

/** @param files one for each template */
export function templatesOf(files: readonly TemplateFile[]): Templates {
  const textsOf = (role: AgentRole) =>
    Object.fromEntries(files.filter((file) => file.role === role).map(({ name, text }) => [name, text]));
  return Object.fromEntries(agentRoles.map((role) => [role, textsOf(role)])) as Templates;
}
