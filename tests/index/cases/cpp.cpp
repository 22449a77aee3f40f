namespace n::m { template <class T> class A : public B { public: A(int a = 1); virtual void m(const T& x, T... z) const = 0; static int s; private: enum class E { P }; void inl() { a.b->c(1); n::q<T>(2); new Foo(1); } }; }
int n::A<T>::m(int a) { return ns::f(1); }
Foo& bar(int x) { return *this; }
