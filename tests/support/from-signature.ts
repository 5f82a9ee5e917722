import { listed, type Resource } from '../../src/catalog/index.js';
import { type Argument, parse, type Signature } from '../../src/catalog/signature.js';

/** What follows the start in a generated function. */
interface Parts {
  readonly resource: Resource;
  readonly start: string;
  /** The end in a `finally`; without one the code leaks. */
  readonly end?: string;
}

/**
 * A module whose class starts a resource, and ends it in a `finally` if an end is given. The class has an end that
 * forgets it.
 */
export function moduleOf({ resource, start, end }: Parts): string {
  const signature = parse(start);
  const heading = new Set<string>();
  const call = callOf(signature, resource, signature, heading);
  const handle = firstName(signature);
  const statement = signature.binding === null ? `${call};` : `const ${bindingOf(signature)} = ${call};`;
  const [activation] = listed(resource.activatedBy ?? []);
  const use = [
    ...(activation === undefined ? [] : [`${handle}.${activation}(activated);`]),
    ...(resource.kind === 'controller' ? [`requests.push(fetch(url, { signal: ${handle}.signal }));`] : []),
    'work();',
  ];
  // What only a callback is given ends inside of it.
  const isGiven = signature.binding === null && signature.arguments.some(({ kind }) => kind === 'callback');
  const lines = isGiven
    ? [
        statement.replace(
          '=> {}',
          `=> { ${end === undefined ? 'work();' : endOf(parse(end), resource, signature, heading)} }`,
        ),
      ]
    : end === undefined
      ? [statement, ...use]
      : [
          statement,
          'try {',
          ...use.map((line) => `  ${line}`),
          '} finally {',
          `  ${endOf(parse(end), resource, signature, heading)}`,
          '}',
        ];
  const values = Object.entries(resource.where ?? {}).map(([name, type]) => declared(name, listed(type)[0]!, heading));
  return `${[...heading, ...values].join('\n')}
export class Owner {
  async begin() {
    ${lines.join('\n    ')}
  }
  stop() {}
}
`;
}

/** The form that ends the resource by itself. */
export function scopedOf(resource: Resource): string {
  const signature = parse(resource.scoped!);
  const heading = new Set<string>();
  const types = Object.entries(resource.where ?? {}).map(([name, type]) => declared(name, listed(type)[0]!, heading));
  return `${[...heading, ...types].join('\n')}\nexport const scoped = () => ${signature.callee.join('.')}(${signature.arguments.map((argument) => (argument.kind === 'name' && argument.name === 'callback' ? 'async () => {}' : textOf(argument))).join(', ')});\n`;
}

function bindingOf({ binding, isList }: Signature): string {
  if (typeof binding === 'string') return binding;
  const names = (binding ?? []).map((name) => name ?? '').join(', ');
  return isList ? `[${names}]` : `{ ${names} }`;
}

function firstName(signature: Signature): string {
  return [...signature.bound].at(-1) ?? signature.callee[0]!;
}

function callOf(signature: Signature, resource: Resource, start: Signature, heading: Set<string>): string {
  const { awaited, isNew, arguments: args } = signature;
  // The argument that ends it is left out, and so are those after it.
  const at = args.findIndex((argument) => argument.kind === 'name' && argument.name === resource.endedBy);
  const given = at < 0 ? args : args.slice(0, at);
  return `${awaited ? 'await ' : ''}${isNew ? 'new ' : ''}${calleeOf(signature, resource, start, heading)}(${given.map(textOf).join(', ')})`;
}

function endOf(signature: Signature, resource: Resource, start: Signature, heading: Set<string>): string {
  const callee = calleeOf(signature, resource, start, heading);
  return signature.isCall ? `${callee}(${signature.arguments.map(textOf).join(', ')});` : `use(${callee});`;
}

/** The callee, with an import of what a module exports. */
function calleeOf(signature: Signature, resource: Resource, start: Signature, heading: Set<string>): string {
  const [root, ...path] = signature.callee as [string, ...string[]];
  const isValue = start.bound.has(root) || resource.where?.[root] !== undefined;
  const module = signature.module ?? (isValue ? undefined : listed(resource.from ?? [])[0]);
  const name = module === undefined ? root : imported(module, root, heading);
  return [name, ...path].join('.').replaceAll('.[', '[');
}

function imported(module: string, name: string, heading: Set<string>): string {
  const [file, ...inner] = /^node:[^.]+/.test(module) ? module.split('.') : [module];
  const [outer = name] = inner;
  const local = `${outer === 'default' ? 'made' : outer}From${[...heading].length}`;
  const before = [...heading].find((line) => line.endsWith(`from '${file}';`) && line.includes(`{ ${outer} as `));
  const known = before && /as (\w+) }/.exec(before)?.[1];
  if (!known)
    heading.add(
      outer === 'default' ? `import ${local} from '${file}';` : `import { ${outer} as ${local} } from '${file}';`,
    );
  return [known ?? local, ...(inner.length > 0 ? [name] : [])].join('.');
}

/** A value of a type of the platform or of a package. */
function declared(name: string, type: string, heading: Set<string>): string {
  const exported = /^(?!chrome\.)((?:node:|@)?[a-z].*?)\.((?:[A-Z]\w*|default|i18n)(?:\.\w+)*)$/.exec(type);
  if (!exported) return `declare const ${name}: ${type};`;
  const [, module, path] = exported as unknown as [string, string, string];
  const [outer, ...inner] = path.split('.') as [string, ...string[]];
  heading.add(
    outer === 'default' ? `import type Type from '${module}';` : `import type { ${outer} as Type } from '${module}';`,
  );
  return `declare const ${name}: ${['Type', ...inner].join('.')};`;
}

function textOf(argument: Argument): string {
  if (argument.kind === 'literal') return `'${argument.value}'`;
  if (argument.kind === 'callback') return `(${argument.names.join(', ')}) => {}`;
  return argument.kind === 'name' ? argument.name : '{}';
}
