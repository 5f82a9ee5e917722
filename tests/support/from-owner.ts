import { listed } from '../../src/catalog/index.js';
import { classFrom, endFrom, hookFrom } from '../../src/catalog/life-cycles.js';
import type { OwnerRow } from '../../src/catalog/owners.js';
import type { Argument, Signature } from '../../src/catalog/signature.js';

const START = 'document.addEventListener(type, run);';
const STOP = 'document.removeEventListener(type, run)';

/** Code of an owner that starts something, and ends it in `end` if that is given. */
export function ownerCode(row: OwnerRow, start: string, end?: string): string {
  const [module] = listed(row.from ?? []).filter((one) => one !== '*');
  const body = /^(?:@|class\b)/.test(start) ? classCode(row, start, module, end) : callCode(row, start, module, end);
  return `const type = 'resize';\nfunction run() {}\n${body}\n`;
}

function classCode(row: OwnerRow, start: string, module: string | undefined, end: string | undefined): string {
  const { by } = classFrom(row, start);
  const name = (/[\w$.*]+$/.exec(start.replace(/ class$/, ''))![0].replaceAll('*', 'Some') || 'Base').replace(/^@/, '');
  const imported =
    module === undefined ? '' : `import ${start.endsWith('*') ? name : `{ ${name} }`} from '${module}';\n`;
  const head = by === 'decorator' ? `@${name}()\nexport class Owner` : `export class Owner ${by} ${name}`;
  const ending = end === undefined ? null : endFrom(end, null);
  const method = ending?.method;
  const registration = ending?.registration;
  const stop =
    method == null ? '' : `\n  ${method}() {\n    ${ending!.callsSuper ? `super.${method}();\n    ` : ''}${STOP};\n  }`;
  const register = registration ? `\n    ${written(registration)};` : '';
  return `${imported}${head} {\n  begin() {\n    ${START}${register}\n  }${stop}\n}`;
}

function callCode(row: OwnerRow, start: string, module: string | undefined, end: string | undefined): string {
  const { signature, index, methods } = hookFrom(row, start);
  const argument = signature.arguments[index];
  const ending =
    end === undefined ? null : endFrom(end, argument?.kind === 'callback' ? (argument.returned ?? null) : null);
  const returned = ending && ending.method === null && ending.registration === null ? `\n  return () => ${STOP};` : '';
  const registered = ending?.registration ? `\n  ${written(ending.registration)};` : '';
  const [root] = signature.callee as [string];
  const imported =
    module === undefined
      ? ''
      : root === 'default'
        ? `import made from '${module}';\n`
        : `import { ${root} } from '${module}';\n`;
  const ends =
    ending?.registration && ending.registration.callee.length === 1 && module !== undefined
      ? `import { ${ending.registration.callee[0]} } from '${module}';\n`
      : '';
  const callee = signature.callee.join('.').replace(/^default/, 'made');
  const given = signature.arguments.map((one, at) =>
    at === index ? runs(one, methods, returned + registered, ending?.method) : textOf(one),
  );
  const call = `${signature.isNew ? 'new ' : ''}${callee}(${given.join(', ')})`;
  if (start.startsWith('function ')) return `export ${start.replace('(', 'handle(')} {\n  ${START}${registered}\n}`;
  if (index < 0)
    return `${imported}export function make() {\n  const ${String(signature.binding)} = ${call};\n  ${START}${registered}\n}`;
  return `${imported}${isOwn(signature, index, ending) ? '' : ends}${call};`;
}

/** Is what takes the end given to the callback? */
function isOwn(signature: Signature, index: number, ending: ReturnType<typeof endFrom> | null): boolean {
  const argument = signature.arguments[index];
  return argument?.kind === 'callback' && argument.names.includes(ending?.registration?.callee[0] ?? '');
}

function runs(
  argument: Argument,
  methods: readonly string[] | null,
  ending: string,
  method: string | null | undefined,
): string {
  if (methods)
    return `{\n  ${methods[0]}() {\n  ${START}${ending}\n  },${method ? `\n  ${method}() {\n    ${STOP};\n  },` : ''}\n}`;
  const names = argument.kind === 'callback' ? argument.names.join(', ') : '';
  return `(${names}) => {\n  ${START}${ending}\n}`;
}

function written({ callee, arguments: args }: Signature): string {
  return `${callee.join('.')}(${args.map((one) => (one.kind === 'name' && /^(?:cleanup|handle)$/.test(one.name) ? `() => ${STOP}` : textOf(one))).join(', ')})`;
}

function textOf(argument: Argument): string {
  if (argument.kind === 'literal') return `'${argument.value}'`;
  return argument.kind === 'name' ? `'${argument.name}'` : '{}';
}
