import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { ToolManifest } from '../../domain/tool.ts';

/** What is wrong with a value; undefined when it fits. Never throws. */
export type Complaint = (value: unknown) => string | undefined;

export type Fit = { readonly input: Complaint; readonly output: Complaint };

/** Values are held against the schemas as they will be when the tool is served. Throws when one of them is no schema. */
export function fitOf({ inputSchema, outputSchema }: Pick<ToolManifest, 'inputSchema' | 'outputSchema'>): Fit {
  return { input: complaintOf(inputSchema), output: complaintOf(outputSchema) };
}

/** A validator of its own for each: two may call themselves by the same `$id`. */
function complaintOf(schema: Readonly<Record<string, unknown>>): Complaint {
  const check = new AjvJsonSchemaValidator().getValidator(schema);
  return (value) => {
    try {
      const checked = check(value);
      return checked.valid ? undefined : checked.errorMessage;
    } catch (error) {
      return `it cannot be checked: ${error instanceof Error ? error.message : error}`; // Too deep for it.
    }
  };
}
