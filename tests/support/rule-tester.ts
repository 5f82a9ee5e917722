import * as parser from '@typescript-eslint/parser';
import { RuleTester } from 'eslint';
import { describe, it } from 'vitest';

RuleTester.describe = describe;
RuleTester.it = it;

/** ESLint's own tester, with the parser of TypeScript. */
export const tester = new RuleTester({ languageOptions: { parser } });

/** The option of the `strict` config. */
export const strict = [{ checkUnknown: true }];

/** Code with one finding; what its suggestions make of the code, the page shows. */
export function bad(
  code: string,
  messageId: string,
  { options = [] as object[], suggestions = undefined as number | undefined } = {},
) {
  return {
    name: code,
    code,
    options,
    errors: [suggestions === undefined ? { messageId } : { messageId, suggestions }],
  };
}

/** Code in which even `strict` finds nothing. */
export function good(code: string) {
  return { name: code, code, options: strict };
}
