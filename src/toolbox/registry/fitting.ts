import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { ToolVersion } from '../../domain/tool.ts';

/** What is wrong with a value; undefined when it fits. */
export type Complaint = (value: unknown) => string | undefined;

export type Fitting = { readonly input: Complaint; readonly output: Complaint };

const longestComplaint = 2_000;
const mostKept = 200;

const kept = new Map<string, Fitting>();

/** How values are held against the schemas of a version. Throws when one of them is no schema. */
export function fittingOf({ manifest, digest }: Pick<ToolVersion, 'manifest' | 'digest'>): Fitting {
  const before = kept.get(digest);
  if (before) return before;
  const made = { input: complaintOf(manifest.inputSchema), output: complaintOf(manifest.outputSchema) };
  if (kept.size >= mostKept) kept.clear();
  kept.set(digest, made);
  return made;
}

/** Each schema has a validator of its own: two may call themselves by the same `$id`. */
function complaintOf(schema: Readonly<Record<string, unknown>>): Complaint {
  const fits = new AjvJsonSchemaValidator().getValidator(schema);
  return (value) => {
    const checked = fits(value);
    return checked.valid ? undefined : checked.errorMessage.slice(0, longestComplaint);
  };
}
