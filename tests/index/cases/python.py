from __future__ import annotations
from . import a
from ..b.c import (d as e, f)
import g.h as i, j.k
from m import *
__all__ = ["foo", "_bar"]
@dec(1)
@x.y
async def foo(a, /, b: int, c=1, d: str = "x", *args: int, e, f=2, **kw) -> X: 
    global r
    for i, (j, *k) in z: pass
    with a as b, c as (d, e): pass
    try: pass
    except E as ee: pass
    if (n := 10): pass
    [u for u in v if w]
    lambda p, *q, s=1: f"{p!r:>{width}} a.b"
    print(*a, **b, sep='')
    sum(x for x in y)
    local = 1
    match z:
        case Foo(a=1, b=c): pass
        case {"k": vv, **rest}: pass
        case A.B: pass
class C(B, metaclass=M): 
    y, z = 1, 2
    def __init__(self, a, *, b=1):
        self.a = self.q = a
        def inner(self, x): self.zz = 1
        foo().bar.baz(1)(2)
    @staticmethod
    def s(a): pass
    @classmethod
    def c(cls, a): pass
    @property
    def p(self): pass
    class In:
        def m(*args): x = 1
type T[X: int] = list[X]
def _bar(*, a): pass
def _g((a,b), *args: int): pass
a.b = c = d[0] = 1
try:
    X = 1
except (A, B.C):
    X = 2
