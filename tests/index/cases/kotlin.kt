import c.d.E as F
import g.*
class A<T>(private val x: Int = 1, y: String, vararg z: Int) : B(x), I {
  val p = 1
  private fun m(a: Int, b: String = "x", vararg q: Int): Int {
    foo(1, name = 2) { it }
    x.y?.z(1)
    bar { a -> a }
    return "$a ${b.c}"
  }
  companion object { const val K = 1 }
  constructor(a: Int) : this(a, 1)
}
enum class E(val v: Int) { P(1), Q(2) }
fun String.ext(a: Int) = 1
