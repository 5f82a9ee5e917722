import { memberNamed, memberValue, typeOfField } from '../../syntax/members.js';
import type { Value } from '../../syntax/value.js';
import { bare, calleeName, type Class, decoratorsOf, isClass, type Node } from '../../syntax/walk.js';

const SERVICE = /(?:Service|Store|Facade)$/;

/**
 * `this.prices.unit$`, of a `PricesService` that Angular gave to a component: it made that for more than this one,
 * unless the component says that it wants one of its own.
 */
export function isOfService({ root, path: [name, ...rest] }: Value): boolean {
  const body = root.kind === 'this' ? root.of : null;
  if (!body || !isClass(body) || name === undefined || rest.length !== 1 || !rest[0]!.endsWith('$')) return false;
  const service = serviceIn(body, name);
  const [component] = decoratorsOf(body).flatMap(({ expression }) =>
    expression.type === 'CallExpression' && /^(?:Component|Directive|Pipe)$/.test(calleeName(expression))
      ? [expression]
      : [],
  );
  return (
    service !== null && SERVICE.test(service) && component !== undefined && !isRoot(body) && !names(component, service)
  );
}

/** The class of what a component is given: `constructor(private prices: PricesService)`, `prices = inject(PricesService)`. */
export function serviceIn(body: Class, name: string): string | null {
  const member = memberNamed(body, name);
  const value = member && memberValue(member);
  const [given] = value?.type === 'CallExpression' && calleeName(value) === 'inject' ? value.arguments : [];
  if (given) return given.type === 'Identifier' ? given.name : null;
  const type = member ? null : typeOfField(body, name);
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : null;
}

/** Is it the component that Angular starts with, which lives as long as the page? */
function isRoot({ id }: Class): boolean {
  return /^App(?:Root)?(?:Component)?$/.test(id?.name ?? '');
}

/** `@Component({ providers: [PricesService] })` */
function names(decorator: Node, service: string): boolean {
  const node = bare(decorator);
  switch (node.type) {
    case 'CallExpression':
      return node.arguments.some((one) => names(one, service));
    case 'ObjectExpression':
      return node.properties.some((one) => names(one.type === 'Property' ? one.value : one.argument, service));
    case 'ArrayExpression':
      return node.elements.some((one) => one !== null && names(one, service));
    default:
      return node.type === 'Identifier' && node.name === service;
  }
}
