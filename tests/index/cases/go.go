package main
import ( "fmt"; a "x/y"; . "z"; _ "w" )
import "single"
const ( A, B = 1, 2; C = iota )
var x, Y int = 1, 2
var (
  z = func(a int) {}
)
type S[T any] struct { A, b int; *Embedded; pkg.Other `json:"x"` }
type I interface { M(a int, b ...string) error; Other }
type F func(int) string
type Al = S
func (s *S[T]) Foo(a, b int, c ...string) (r error) { x := 1; for i, v := range y { f(i, v...) }; return s.bar(1, func(q int) {}) }
func Bar[T any](int, string) { S{A: 1}; make([]int, 3); switch t := x.(type) { case int: }; Foo[int](3); a.B(c)(d); pkg.Q{}.Z(); x.y[0].w() ; s.
  r.
  // comment.
  t() }
