#ifndef CJPEG_H
#define CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// How many smaller pictures are made of every photograph, and their longest sides, largest first.
enum { CJPEG_DERIVATIVES = 3, CJPEG_LARGE = 1200, CJPEG_MEDIUM = 480, CJPEG_SMALL = 160 };

/// A side of the grey miniature by which photographs are compared, whatever their shape.
enum { CJPEG_MINIATURE = 32 };

typedef enum {
    CJPEG_OK = 0,
    CJPEG_NOT_JPEG,
    CJPEG_TOO_MANY_BYTES,
    CJPEG_TOO_MANY_PIXELS,
    CJPEG_SIDE_TOO_LONG,
    CJPEG_TOO_MANY_SCANS,
    CJPEG_TRUNCATED,
    CJPEG_BROKEN,
    CJPEG_OUT_OF_MEMORY,
    CJPEG_UNREADABLE,
} cjpeg_code;

/// What a photograph may cost. All but scan_pixels are checked before a pixel is decoded.
typedef struct {
    uint64_t bytes;
    uint64_t pixels;
    /// For files whose coefficients must all be kept at once: progressive, or one colour after the other.
    uint64_t buffered_pixels;
    /// Pixels times scans of such a file. A picture below 1 Mpixel counts as one, so the scans are bounded too.
    uint64_t scan_pixels;
    uint32_t side;
    /// Bytes libjpeg may take for such a file's coefficients.
    uint64_t coefficient_bytes;
} cjpeg_limits;

typedef struct {
    uint32_t edge, width, height;
    uint8_t *_Nullable bytes;
    size_t count;
} cjpeg_derivative;

typedef struct {
    uint32_t width, height;
    /// The decoder had to guess somewhere between the first byte and the end-of-image marker.
    bool suspect;
    cjpeg_derivative derivatives[CJPEG_DERIVATIVES];
    /// Upright, row by row: the mean light of each part of the smallest derivative.
    uint8_t miniature[CJPEG_MINIATURE * CJPEG_MINIATURE];
} cjpeg_photograph;

typedef struct {
    cjpeg_code code;
    int system_error;
    char message[200];
    /// The first bytes of the file, to tell what it is when it is no JPEG.
    uint8_t head[32];
    size_t head_count;
} cjpeg_error;

/// Decodes once, makes all derivatives. On success the caller owns *photograph and gives it to cjpeg_free;
/// otherwise *photograph holds nothing and *error says why. A regular file is read from its start whatever
/// its offset, which stays; a pipe is read from where it is. Blocks; any thread may call it.
cjpeg_code cjpeg_read(
    int descriptor, const cjpeg_limits *limits, cjpeg_photograph *photograph, cjpeg_error *error);

void cjpeg_free(cjpeg_photograph *photograph);

#pragma clang assume_nonnull end
#endif
