export abstract class A<T> extends B implements C { private x?: number = 1; static y = (a, b?: number) => 1; #z; constructor(private readonly a: string, ...rest: number[]) { super(a) } get q(): number { return 1 } abstract m(a?: string): void; }
export interface I { a: string; m?(x: number): void; new (a): I }
export enum E { A, B = 2 }
namespace N.M { export const q = 1 }
declare module "foo" { export function f(a: number, b = 2): void; }
declare function g(this: Foo, a: number): string
export { a as b, c } from './x'
export * from './y'; export * as ns from './z'
import type { T as U } from "t"; import d, * as all from 'q'; import fs = require("fs");
export const f = async <T,>({a, b: {c}}: P, [d] = []) => 1, h = function() {}
const {p, q: r, ...s} = require('x')
new Foo<T>(a, ...b)?.bar!.baz(1)
x = { a, b: 1, m() {}, [k]: 2 }
foo`x${y}`
await import('./lazy')
@Dec({a: 1}) class D { @Input() v: string; @Out m(@P() a) {} }
export = foo
type O = {a: string; b(): void}
function over(a: string): void;
function over(a: string, b: number): void;
function over(a: any, b?: any) { const local = 1; const fn = z => 1; function inner() {} }
export default class extends Q {}
const api = { get(a) {}, put: (b, c) => 1, n: 1, short }
export { api, over as renamed }
export default over
this.a.b(c).d
