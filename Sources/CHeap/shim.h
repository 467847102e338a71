#include <malloc.h>

/// Lets at most `count` heaps be made, which threads share. glibc makes eight for each core otherwise, and each keeps what
/// it gave back; other C libraries have one heap, and nothing is to be done.
static inline void gem_limit_heaps(int count) {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, count);
#else
    (void)count;
#endif
}
