#include "x.h"
#define F(a, b) a
static int x = 1, *y; extern int z[3]; typedef struct s { int a, *b; int (*fp)(int); } S;
static inline char *f(int a, const char *b, int (*cb)(int), ...) { s->b.c(1); f(M); int i = 0; }
int g(void); int k(int, char *);
