class A extends B { #p = 1; static s = (a) => 1; constructor(a, b = 2, {c}, ...d) {} static async *gen() {} get x() { return this.#p } 'quoted'() {} }
var x = function foo(a) {}, {y, z: w = 3, ...rest} = q, [m] = n;
const J = <Foo.Bar a={b} {...c}><div onClick={d}>t</div></Foo.Bar>
try {} catch (e) {}
for (const k of l) {}
a?.b?.(c); a.b[c](d); new Foo; new a.B(1)
exports.foo = module.exports = function (a) {}
exports.bar = bar; function bar() {}
module.exports = { J, qq: x }
app.use = function use(fn) { var self = this }
Foo.prototype.baz = function (z) {}
export default foo
const express = require('express'), { Router } = require('./router'); require('side')
