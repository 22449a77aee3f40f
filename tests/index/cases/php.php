<?php namespace A\B; use C\D as E; use F\{G, H as I}; use function J\k;
class A extends B { const X = 1; private ?int $p = 1; public function __construct(private string $a, int $b = 1, string ...$c) {} public static function s(&$r) { self::q(1); $this->x->y($a, ...$b); new Foo(n: 1); \strlen("a $b {$c->d}"); Foo::class; $x = $a.$b; } }
function f($a) {} enum E: string { case P = 'p'; }
