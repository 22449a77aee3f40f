use a::{b as c, d::*, self}; pub(crate) use x::y; mod z; use p::{q::{r, s}, t};
pub struct S<T> { pub a: u32, b: T } enum E { A, B(u32) }
pub trait Tr { const K: u32; fn m(&self, a: u32); }
impl<T> Tr for S<T> { fn m(&self, mut a: u32) { self.b.c(1, x?); S::<u8>::new(2); println!("{}", y); f::<T>(z); let q = 1; } pub fn n() {} }
macro_rules! mm { () => {} } pub fn g((a, b): (u8, u8), _: u8) {}
