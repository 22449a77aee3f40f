import static a.B.c; import java.util.*; import x.Y;
@Foo(a = 1) public class A<T> extends B { private static final int X = 1, Y = 2; A(int a) { super(a); }
 public <U> void m(final String s, int... r) { this.x.y(1, z -> z); new Foo<T>(1); } enum E { P, Q(1); } record R(int a, String... b) {} }
