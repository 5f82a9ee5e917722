import { isFunction, type Fn, type Node, type SourceCode, walk } from '../syntax/walk.js';
import type { Annotations } from './annotations.js';
import { type Answer, PROMISES, type Wanted } from './answer.js';
import { FUNCTION, type Inferred, PROMISE } from './inferred.js';
import type { JsDoc } from './jsdoc.js';

/** Statements at the end of a function after which nothing may follow. */
const LEAVES = new Set<string>([
  'BlockStatement',
  'DoWhileStatement',
  'ForStatement',
  'IfStatement',
  'ReturnStatement',
  'SwitchStatement',
  'ThrowStatement',
  'TryStatement',
  'WhileStatement',
]);

/** What is asked about the values that functions return. */
export interface Types {
  isPromise(expression: Node): Answer;
  isWanted(known: Inferred, wanted: Wanted): Answer;
}

/** Infers what the functions of the file give, from their annotations, JSDoc and what they return. */
export class Results {
  readonly #types: Types;
  readonly #annotations: Annotations;
  readonly #jsdoc: JsDoc;
  readonly #sourceCode: SourceCode;
  readonly #results = new Map<Fn, Inferred>();
  readonly #returnedBy = new Map<Fn, readonly Node[]>();

  constructor(types: Types, annotations: Annotations, jsdoc: JsDoc, sourceCode: SourceCode) {
    this.#types = types;
    this.#annotations = annotations;
    this.#jsdoc = jsdoc;
    this.#sourceCode = sourceCode;
  }

  /** A function as a value. */
  function(fn: Fn): Inferred {
    return { ...FUNCTION, returns: () => this.of(fn) };
  }

  /** What calling a function gives. */
  of(fn: Fn): Inferred {
    let result = this.#results.get(fn);
    if (result === undefined) {
      // A function that returns what it returns itself says nothing.
      this.#results.set(fn, null);
      this.#results.set(fn, (result = this.#findResult(fn)));
    }
    return result;
  }

  #findResult(fn: Fn): Inferred {
    if (fn.returnType) return this.#annotations.of(fn.returnType.typeAnnotation);
    if (this.promises(fn) === 'yes') return PROMISE;
    return fn.async || fn.generator || this.#returnsSomething(fn) ? null : { name: 'nothing' };
  }

  /** Does calling the function give a promise? */
  promises(fn: Fn): Answer {
    if (fn.async) return fn.generator ? 'no' : 'yes';
    if (fn.returnType) return this.#types.isWanted(this.#annotations.of(fn.returnType.typeAnnotation), PROMISES);
    if (fn.body?.type !== 'BlockStatement') return fn.body ? this.#types.isPromise(fn.body) : 'maybe';
    if (this.#jsdoc.returnsPromise(fn)) return 'yes';
    const returned = this.#returned(fn);
    if (returned.length === 0) return 'no';
    // What takes a callback instead returns nothing on some ways.
    if (!LEAVES.has(fn.body.body.at(-1)!.type)) return 'maybe';
    return returned.some((value) => this.#types.isPromise(value) === 'yes') &&
      returned.every((value) => this.#types.isPromise(value) !== 'no')
      ? 'yes'
      : 'maybe';
  }

  #returned(fn: Fn): readonly Node[] {
    const known = this.#returnedBy.get(fn);
    if (known) return known;
    const values: Node[] = [];
    this.#returnedBy.set(fn, values);
    walk(this.#sourceCode, fn.body, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ReturnStatement' && node.argument) values.push(node.argument);
      return undefined;
    });
    return values;
  }

  #returnsSomething(fn: Fn): boolean {
    return fn.body.type !== 'BlockStatement' || this.#returned(fn).length > 0;
  }
}
