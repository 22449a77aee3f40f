using System; using A = B.C;
namespace N.M { public abstract class A<T> : B { private int x = 1, y; public int P { get; set; } public A(int a) : base(a) {} internal void M(this string s, int b = 1, params int[] c) { this.x.y(1, name: 2, out var z); new Foo(1) { Q = 2 }; N<T>(1); a?.b(c); } } enum E { P } record R(int A, string B = ""); }
