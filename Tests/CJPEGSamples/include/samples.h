#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// How a test wants its JPEG written.
typedef struct {
    uint32_t width, height;
    /// 1 grey, 3 RGB, 4 CMYK as Adobe writes it: 255 is no ink.
    int channels;
    int quality;
    /// Chroma of 4:2:0 rather than 4:4:4.
    bool subsampled;
    bool progressive;
    /// One colour after the other, each in its own scan.
    bool separate;
    /// CMYK stored as YCCK.
    bool ycck;
    int restart_interval;
    const uint8_t *_Nullable profile;
    size_t profile_bytes;
} sample_style;

/// *jpeg is the caller's, to free(). Pixels are rows of width * channels bytes.
bool sample_encode(const uint8_t *pixels, sample_style style, uint8_t *_Nullable *_Nonnull jpeg, size_t *count);

/// *pixels is the caller's, to free(): RGB, or grey when the file is.
bool sample_decode(
    const uint8_t *jpeg, size_t count, uint8_t *_Nullable *_Nonnull pixels, uint32_t *width, uint32_t *height,
    int *channels);

/// An ICC profile of RGB with the Adobe RGB (1998) primaries and gamma; a grey one of gamma 1 when `grey`.
bool sample_profile(bool grey, uint8_t *_Nullable *_Nonnull bytes, size_t *count);

/// What lcms2 makes of `pixels` RGB triples in that profile, in place.
bool sample_to_srgb(const uint8_t *profile, size_t profile_bytes, uint8_t *rgb, size_t pixels);

/// Bytes of memory beyond what there was before: at the most, and after the photograph was freed.
typedef struct {
    size_t peak, kept;
} sample_cost;

/// Reads the photograph so many times with the standard limits, in a process of its own; the last time is measured.
bool sample_read(int descriptor, int times, sample_cost *cost);

#pragma clang assume_nonnull end
#endif
