#ifndef LANCZOS_H
#define LANCZOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Lanczos-3 in exact integers, row by row.
//
// Weights are whole 2048ths that add up to 2048, and nothing is rounded between the pass across and the pass down, so
// a sum does not depend on the order of its terms: rows first or columns first, left to right or right to left give
// the same byte. With weights that mirror each other this makes resampling commute with the eight Exif orientations,
// which lets the decoder stream rows as they are stored, and only the small result is turned.

/// One direction of the picture. The `count` samples cover `eighths`/8 of their own width: a photograph decoded at
/// m/8 of its size ends with a sample that is only partly picture.
typedef struct {
    uint32_t count, eighths, out;
} lanczos_axis;

typedef struct {
    uint32_t start, count;
    /// Followed by a zero where the count is odd.
    const int16_t *weights;
} lanczos_taps;

typedef struct {
    uint32_t channels;
    lanczos_axis across, down;
    lanczos_taps *columns, *rows;
    /// The row being fed: every pixel beside its right neighbour, channel by channel.
    int16_t *pairs;
    /// The last `depth` rows after the pass across, four sums a pixel.
    int32_t *ring;
    uint32_t depth, fed, made;
} lanczos;

/// Bytes from one row to the next, for rows in and out: whole vectors are loaded and stored at the last pixel.
static inline size_t lanczos_stride(uint32_t width, uint32_t channels) {
    return ((size_t)width * channels + 31) & ~(size_t)15;
}

/// False when memory is short; lanczos_close either way.
bool lanczos_open(lanczos *l, uint32_t channels, lanczos_axis across, lanczos_axis down);
void lanczos_close(lanczos *l);

/// Takes the next of down.count rows.
void lanczos_feed(lanczos *l, const uint8_t *row);

/// Writes the next of down.out rows when enough rows were fed for it.
bool lanczos_next(lanczos *l, uint8_t *row);

#endif
