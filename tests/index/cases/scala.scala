package a.b
import c.d.{E => F, G}, h._
import q.*
case class A[T](x: Int = 1, y: String*)(implicit z: Z) extends B(x) { val p, r = 1; private def m(a: Int, b: => String = "x")(c: Int): Int = { foo(1, name = 2); x.y.z(1); new Foo(1); bar { a => a }; s"$a ${b.c}"; foo(xs: _*) } }
object O { def apply() = 1 }
