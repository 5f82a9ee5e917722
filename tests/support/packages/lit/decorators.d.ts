export function customElement(name: string): ClassDecorator;
export function property(options?: object): PropertyDecorator;
export function state(): PropertyDecorator;
