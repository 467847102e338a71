#include "lanczos.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { BITS = 11, ONE = 1 << BITS };
// Samples count from the middle, -128…127, so that the sums of both passes stay within 128 · (Σ|w|)² < 2³¹ for any
// picture: Σ|w| of Lanczos-3 is at most 1.56 · 2048.
static const int32_t MIDDLE = 128;

static double kernel(double x) {
    if (x == 0) return 1;
    if (fabs(x) >= 3) return 0;
    double p = M_PI * x;
    return 3 * sin(p) * sin(p / 3) / (p * p);
}

static lanczos_taps *taps_new(lanczos_axis a) {
    // Distances are fractions over one denominator, so they are exact and mirror exactly.
    double unit = 16.0 * a.out;
    double scale = (double)a.eighths / (8.0 * a.out);
    double stretch = scale < 1 ? 1 : scale;
    double reach = 3 * stretch;
    size_t most = (size_t)(2 * reach) + 4;
    lanczos_taps *taps = calloc(a.out, sizeof *taps + most * sizeof(int16_t));
    double *exact = malloc(most * sizeof *exact);
    if (!taps || !exact) {
        free(taps);
        free(exact);
        return NULL;
    }
    int16_t *w = (int16_t *)(taps + a.out);
    bool mirrors = (uint64_t)a.count * 8 == a.eighths;
    for (uint32_t o = 0; o < a.out; o++, w += most) {
        const lanczos_taps *twin = &taps[a.out - 1 - o];
        if (mirrors && o > a.out - 1 - o) {
            for (uint32_t i = 0; i < twin->count; i++) w[i] = twin->weights[twin->count - 1 - i];
            taps[o] = (lanczos_taps){a.count - twin->start - twin->count, twin->count, w};
            continue;
        }
        double centre = (o + 0.5) * scale - 0.5;
        int64_t low = (int64_t)ceil(centre - reach), high = (int64_t)floor(centre + reach);
        if (low < 0) low = 0;
        if (high > (int64_t)a.count - 1) high = (int64_t)a.count - 1;
        double sum = 0;
        for (int64_t i = low; i <= high; i++) {
            int64_t distance = (2 * i + 1) * 8 * a.out - (2 * (int64_t)o + 1) * a.eighths;
            sum += exact[i - low] = kernel((double)distance / unit / stretch);
        }
        int32_t rest = ONE;
        for (int64_t i = low; i <= high; i++) rest -= w[i - low] = (int16_t)lround(exact[i - low] / sum * ONE);
        int64_t n = high - low + 1, first = 0, last = 0;
        for (int64_t i = 1; i < n; i++) {
            if (w[i] > w[first]) first = i;
            if (w[i] >= w[last]) last = i;
        }
        w[first] += (int16_t)(rest - rest / 2);
        w[last] += (int16_t)(rest / 2);
        int64_t from = 0;
        while (n > 1 && w[n - 1] == 0) n--;
        while (n > 1 && w[from] == 0) from++, n--;
        taps[o] = (lanczos_taps){(uint32_t)(low + from), (uint32_t)n, w + from};
    }
    free(exact);
    return taps;
}

bool lanczos_open(lanczos *l, uint32_t channels, lanczos_axis across, lanczos_axis down) {
    *l = (lanczos){.channels = channels, .across = across, .down = down};
    l->columns = taps_new(across);
    l->rows = taps_new(down);
    if (!l->columns || !l->rows) return false;
    for (uint32_t y = 0; y < down.out; y++)
        if (l->rows[y].count > l->depth) l->depth = l->rows[y].count;
    l->pairs = calloc((size_t)across.count + 2, 8 * sizeof *l->pairs);
    l->ring = calloc(l->depth * ((size_t)across.out + 3), 4 * sizeof *l->ring);
    return l->pairs && l->ring;
}

void lanczos_close(lanczos *l) {
    free(l->columns);
    free(l->rows);
    free(l->pairs);
    free(l->ring);
    *l = (lanczos){0};
}

typedef uint8_t bytes8 __attribute__((vector_size(8)));
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));
typedef int32_t ints4 __attribute__((vector_size(16)));
typedef int32_t ints16 __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

/// {a0·b0 + a1·b1, a2·b2 + a3·b3, …}
INLINE ints4 sums_of_two(shorts8 a, shorts8 b) {
#if defined(__SSE2__)
    return (ints4)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
    return __builtin_convertvector(__builtin_shufflevector(a, a, 0, 2, 4, 6), ints4)
        * __builtin_convertvector(__builtin_shufflevector(b, b, 0, 2, 4, 6), ints4)
        + __builtin_convertvector(__builtin_shufflevector(a, a, 1, 3, 5, 7), ints4)
        * __builtin_convertvector(__builtin_shufflevector(b, b, 1, 3, 5, 7), ints4);
#endif
}

INLINE int32_t *ring_row(const lanczos *l, uint32_t y) {
    return l->ring + (size_t)(y % l->depth) * (l->across.out + 3) * 4;
}

INLINE void feed(lanczos *l, const uint8_t *row, uint32_t channels) {
    int16_t *pair = l->pairs;
    for (uint32_t x = l->across.count; x > 0; x--, row += channels, pair += 8) {
        bytes8 b;
        memcpy(&b, row, sizeof b);
        bytes8 beside = channels == 1 ? __builtin_shufflevector(b, b, 0, 1, 0, 1, 0, 1, 0, 1)
            : channels == 3 ? __builtin_shufflevector(b, b, 0, 3, 1, 4, 2, 5, 2, 5)
                            : __builtin_shufflevector(b, b, 0, 4, 1, 5, 2, 6, 3, 7);
        shorts8 s = __builtin_convertvector(beside, shorts8);
        memcpy(pair, &s, sizeof s);
    }
    int32_t *to = ring_row(l, l->fed++);
    for (const lanczos_taps *c = l->columns, *end = c + l->across.out; c < end; c++, to += 4) {
        const int16_t *at = l->pairs + (size_t)c->start * 8;
        ints4 sum = (ints4){0} - MIDDLE * ONE;
        for (const int16_t *w = c->weights, *last = w + c->count; w < last; w += 2, at += 16) {
            shorts8 s;
            memcpy(&s, at, sizeof s);
            int32_t two;
            memcpy(&two, w, sizeof two);
            sum += sums_of_two(s, (shorts8)((ints4){0} + two));
        }
        memcpy(to, &sum, sizeof sum);
    }
}

INLINE void make(lanczos *l, uint8_t *row, uint32_t channels) {
    lanczos_taps t = l->rows[l->made++];
    const int32_t *lines[t.count];
    for (uint32_t k = 0; k < t.count; k++) lines[k] = ring_row(l, t.start + k);
    for (size_t x = 0, end = (size_t)l->across.out * 4; x < end; x += 16, row += 4 * channels) {
        ints16 sum = (ints16){0} + (MIDDLE << 2 * BITS) + (1 << (2 * BITS - 1));
        for (uint32_t k = 0; k < t.count; k++) {
            ints16 s;
            memcpy(&s, lines[k] + x, sizeof s);
            sum += s * t.weights[k];
        }
        sum >>= 2 * BITS;
        sum = __builtin_elementwise_min(__builtin_elementwise_max(sum, (ints16){0}), (ints16){0} + 255);
        bytes16 b = __builtin_convertvector(sum, bytes16);
        if (channels == 1) b = __builtin_shufflevector(b, b, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
        if (channels == 3) b = __builtin_shufflevector(b, b, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0);
        memcpy(row, &b, sizeof b);
    }
}

INLINE void feed_any(lanczos *l, const uint8_t *row) {
    switch (l->channels) {
    case 1: feed(l, row, 1); break;
    case 3: feed(l, row, 3); break;
    default: feed(l, row, 4); break;
    }
}

INLINE void make_any(lanczos *l, uint8_t *row) {
    switch (l->channels) {
    case 1: make(l, row, 1); break;
    case 3: make(l, row, 3); break;
    default: make(l, row, 4); break;
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void feed_avx2(lanczos *l, const uint8_t *row) { feed_any(l, row); }
__attribute__((target("avx2"))) static void make_avx2(lanczos *l, uint8_t *row) { make_any(l, row); }
static bool wide(void) { return __builtin_cpu_supports("avx2"); }
#else
static void feed_avx2(lanczos *l, const uint8_t *row) { feed_any(l, row); }
static void make_avx2(lanczos *l, uint8_t *row) { make_any(l, row); }
static bool wide(void) { return true; }
#endif

void lanczos_feed(lanczos *l, const uint8_t *row) {
    if (wide()) {
        feed_avx2(l, row);
    } else {
        feed_any(l, row);
    }
}

bool lanczos_next(lanczos *l, uint8_t *row) {
    if (l->made == l->down.out || l->rows[l->made].start + l->rows[l->made].count > l->fed) return false;
    if (wide()) {
        make_avx2(l, row);
    } else {
        make_any(l, row);
    }
    return true;
}
