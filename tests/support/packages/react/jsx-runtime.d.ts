interface Attributes {
  readonly [attribute: string]: unknown;
  readonly onClick?: (event: MouseEvent) => void;
  readonly onInput?: (event: InputEvent) => void;
  readonly onSubmit?: (event: SubmitEvent) => void;
}

export namespace JSX {
  type Element = object;
  type ElementType = string | ((props: never) => unknown) | (abstract new (props: never) => unknown);
  interface IntrinsicElements { [element: string]: Attributes }
  interface IntrinsicAttributes { readonly key?: unknown }
  interface ElementChildrenAttribute { children: unknown }
}
export function jsx(type: unknown, props: object): JSX.Element;
export { jsx as jsxs };
export const Fragment: unique symbol;
